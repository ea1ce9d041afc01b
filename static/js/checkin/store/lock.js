/** The screen's lock on this phone, and how many wrong PINs in a row it has seen. */

import { MOST_WRONG, opens } from '../domain/pin.js';

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {import('../domain/pin.js').Lock} Lock
 */

const STRICT = /** @type {const} */ ({ durability: 'strict' });

/**
 * @param {Database} database
 * @returns {Promise<Lock|null>}
 */
export async function readLock(database) {
  return (await database.get('meta', 'lock')) ?? null;
}

/**
 * @param {Database} database
 * @param {Lock|null} lock null: the screen is locked no more
 * @returns {Promise<void>}
 */
export async function keepLock(database, lock) {
  const transaction = database.transaction('meta', 'readwrite', STRICT);
  if (lock) await transaction.store.put(lock, 'lock');
  else await transaction.store.delete('lock');
  await transaction.done;
}

/**
 * Tries a PIN. It counts as wrong on the disk before it is looked at, so that starting anew wins no further try.
 * @param {Database} database
 * @param {string} pin
 * @returns {Promise<boolean>} whether it opens the screen
 */
export async function tryPin(database, pin) {
  const lock = await counted(database);
  if (!lock) return true;
  if (lock.wrong > MOST_WRONG || !(await opens(lock, pin))) return false;
  await keepLock(database, { ...lock, wrong: 0 });
  return true;
}

/**
 * @param {Database} database
 * @returns {Promise<Lock|null>}
 */
async function counted(database) {
  const transaction = database.transaction('meta', 'readwrite', STRICT);
  const before = /** @type {Lock|undefined} */ (await transaction.store.get('lock'));
  const lock = before ? { ...before, wrong: Math.min(before.wrong, MOST_WRONG) + 1 } : null;
  if (lock) await transaction.store.put(lock, 'lock');
  await transaction.done;
  return lock;
}

/**
 * A trainer signed in: wrong tries are forgotten, the PIN stays.
 * @param {Database} database
 * @returns {Promise<void>}
 */
export async function forgetTries(database) {
  const lock = await readLock(database);
  if (lock) await keepLock(database, { ...lock, wrong: 0 });
}
