/**
 * A trainer's PIN: a lock on the screen, which keeps curious eyes off the names. What is kept is a slow hash with a
 * salt; what is recorded needs no PIN, and no wrong one destroys anything.
 */

import { hex, randomHex } from './bytes.js';

/**
 * @typedef {object} Lock
 * @property {string} salt hex
 * @property {string} hash hex
 * @property {number} rounds of the hash
 * @property {number} minutes away from the page after which the PIN is asked for
 * @property {number} wrong tries in a row
 */

/** From then on only a trainer's sign-in opens the phone. */
export const MOST_WRONG = 5;
const ROUNDS = 210_000;

/**
 * @param {string} text
 * @returns {boolean}
 */
export function isPin(text) {
  return /^\d{4,8}$/.test(text);
}

/**
 * @param {string} pin
 * @param {number} minutes
 * @returns {Promise<Lock>}
 */
export async function lockWith(pin, minutes) {
  const salt = randomHex(16);
  return { salt, rounds: ROUNDS, hash: await slowHash(pin, salt, ROUNDS), minutes, wrong: 0 };
}

/**
 * @param {Lock} lock
 * @param {string} pin
 * @returns {Promise<boolean>}
 */
export async function opens({ salt, rounds, hash }, pin) {
  return isPin(pin) && (await slowHash(pin, salt, rounds)) === hash;
}

/**
 * Whether the PIN is to be asked for after a time away. A clock that went back says nothing, so it is asked for.
 * @param {Lock} lock
 * @param {number} awayMs
 * @returns {boolean}
 */
export function locksAfter({ minutes }, awayMs) {
  return awayMs < 0 || awayMs >= minutes * 60_000;
}

/**
 * PBKDF2 with SHA-256: 32 bytes, in hex.
 * @param {string} pin
 * @param {string} salt
 * @param {number} iterations
 * @returns {Promise<string>}
 */
async function slowHash(pin, salt, iterations) {
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(pin), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes.encode(salt), iterations };
  return hex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}
