/** What is on a badge, and what is only something else with a square code on it. */

import { checkSymbol, numberOf, tidied, written } from './base32.js';
import { sha256 } from './bytes.js';

const ADDRESS = /^https:\/\/([a-z0-9.-]+(?::\d{1,5})?)\/b\/([0-9a-z]{26})$/i;
const ID_BITS = 128n;
const CODE_LENGTH = 8;
/** Longer than any badge's address: whatever exceeds it is not even looked at. */
const LONGEST_TEXT = 300;

/**
 * The sixteen bytes of the id in a scanned text, or null when it is not a badge of this program.
 * @param {string} text
 * @param {readonly string[]} hosts names, with port where there is one, that badges of this program carry or carried
 * @returns {Uint8Array<ArrayBuffer>|null}
 */
export function badgeIdIn(text, hosts) {
  if (text.length > LONGEST_TEXT) return null;
  const match = ADDRESS.exec(text);
  if (!match) return null;
  const [, host, digits] = match;
  if (!hosts.some((known) => known.toLowerCase() === host.toLowerCase())) return null;
  const number = numberOf(digits.toUpperCase());
  if (number === null || number >> ID_BITS) return null;
  return bytesOf(number);
}

/**
 * @param {bigint} number
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(number) {
  const bytes = new Uint8Array(16);
  let rest = number;
  for (let place = 15; place >= 0; place -= 1) {
    bytes[place] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/**
 * What a phone knows a badge by: the SHA-256 of its id.
 * @param {Uint8Array<ArrayBuffer>} id
 * @returns {Promise<string>}
 */
export function badgeHash(id) {
  return sha256(id);
}

/**
 * The code under the square, for typing: forty bits of the hash and a check symbol.
 * @param {string} hash
 * @returns {string}
 */
export function shortCode(hash) {
  const number = BigInt(`0x${hash.slice(0, 10)}`);
  return written(number, CODE_LENGTH) + checkSymbol(number);
}

/**
 * A typed code in its one written form, or null when it is incomplete or mistyped.
 * @param {string} typed
 * @returns {{code: string, hashStart: string}|null}
 */
export function typedCode(typed) {
  const text = tidied(typed);
  if (text.length !== CODE_LENGTH + 1) return null;
  const number = numberOf(text.slice(0, CODE_LENGTH));
  if (number === null || checkSymbol(number) !== text[CODE_LENGTH]) return null;
  return { code: text, hashStart: number.toString(16).padStart(10, '0') };
}
