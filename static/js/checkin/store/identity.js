/** Which phone this is, who uses it, and what they like. */

import { freshChain } from './outbox.js';

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {import('./database.js').Device} Device
 * @typedef {import('./database.js').Trainer} Trainer
 *
 * @typedef {object} Settings
 * @property {string|null} language
 * @property {'system'|'light'|'dark'} theme
 * @property {boolean} sound
 * @property {string|null} trainer who is using the phone now
 * @property {string|null} card the session that was opened last; null for any
 * @property {number|null} cardChosenAt when it was opened
 * @property {string|null} camera the one to be used, where there are several; null for the usual one
 * @property {boolean} kiosk the phone is on its stand, kept to the scan screen
 */

const STRICT = /** @type {const} */ ({ durability: 'strict' });
/** @type {Settings} */
const USUAL = { language: null, theme: 'system', sound: true, trainer: null, card: null, cardChosenAt: null, camera: null, kiosk: false };

/**
 * @param {Database} database
 * @returns {Promise<Device|null>}
 */
export async function readDevice(database) {
  return (await database.get('meta', 'device')) ?? null;
}

/**
 * @param {Database} database
 * @param {Partial<Device>} changes
 * @returns {Promise<void>}
 */
export async function changeDevice(database, changes) {
  const transaction = database.transaction('meta', 'readwrite', STRICT);
  const device = await transaction.store.get('device');
  if (device) await transaction.store.put({ ...device, ...changes }, 'device');
  await transaction.done;
}

/**
 * @param {Database} database
 * @returns {Promise<Trainer[]>}
 */
export function readTrainers(database) {
  return database.getAll('trainers');
}

/**
 * The phone's own key, made once. Its private half cannot leave the browser, not even for this program.
 * @param {Database} database
 * @returns {Promise<CryptoKeyPair>}
 */
export async function ownKeys(database) {
  const before = await database.get('meta', 'keys');
  if (before) return before;
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  await database.put('meta', keys, 'keys');
  return keys;
}

/**
 * Signs with the phone's own key: 64 bytes.
 * @param {Database} database
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array>}
 */
export async function signed(database, bytes) {
  const { privateKey } = await ownKeys(database);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, Uint8Array.from(bytes)));
}

/**
 * Remembers what pairing brought: the phone itself, the first time, and its trainer.
 * @param {Database} database
 * @param {{device: Device|null, trainer: Trainer}} paired
 * @returns {Promise<void>}
 */
export async function keepPairing(database, { device, trainer }) {
  const transaction = database.transaction(['meta', 'trainers'], 'readwrite', STRICT);
  const meta = transaction.objectStore('meta');
  if (device) {
    await meta.put(device, 'device');
    await meta.put(freshChain(device.id), 'chain');
  }
  await transaction.objectStore('trainers').put(trainer);
  const settings = { ...USUAL, ...(await meta.get('settings')), trainer: trainer.id };
  await meta.put(settings, 'settings');
  await transaction.done;
}

/**
 * Takes a trainer off the phone; the last one takes the pairing along. Refused while any record is still on it.
 * @param {Database} database
 * @param {string} trainerId
 * @returns {Promise<boolean>} whether it was done
 */
export async function removeTrainer(database, trainerId) {
  const names = /** @type {const} */ ([
    'meta', 'trainers', 'sessions', 'cohorts', 'enrollments', 'revoked', 'outbox', 'journal',
  ]);
  const transaction = database.transaction(names, 'readwrite', STRICT);
  const rows = await transaction.objectStore('outbox').getAll();
  const others = (await transaction.objectStore('trainers').getAll()).filter((one) => one.id !== trainerId);
  const refused = others.length ? rows.some((row) => row.state === 'waiting') : rows.length > 0;
  if (!refused) {
    await transaction.objectStore('trainers').delete(trainerId);
    const meta = transaction.objectStore('meta');
    if (others.length) {
      const settings = { ...USUAL, ...(await meta.get('settings')), trainer: others[0].id };
      await meta.put(settings, 'settings');
    } else {
      for (const name of /** @type {const} */ (['sessions', 'cohorts', 'enrollments', 'revoked', 'journal'])) {
        await transaction.objectStore(name).clear();
      }
      for (const key of ['device', 'chain', 'pack', 'server', 'sync', 'keys', 'seals', 'lock']) await meta.delete(key);
    }
  }
  await transaction.done;
  return !refused;
}

/**
 * Takes trainers off the phone whom the office has no more. Records, pairing and roster stay, and nobody else takes
 * their place unasked: what the holder records next would be told in another's name.
 * @param {Database} database
 * @param {readonly string[]} ids
 * @returns {Promise<void>}
 */
export async function dropTrainers(database, ids) {
  if (!ids.length) return;
  const transaction = database.transaction(['meta', 'trainers'], 'readwrite', STRICT);
  const meta = transaction.objectStore('meta');
  const settings = { ...USUAL, ...(await meta.get('settings')) };
  for (const id of ids) await transaction.objectStore('trainers').delete(id);
  if (settings.trainer && ids.includes(settings.trainer)) await meta.put({ ...settings, trainer: null }, 'settings');
  await transaction.done;
}

/**
 * @param {Database} database
 * @returns {Promise<Settings>}
 */
export async function readSettings(database) {
  return { ...USUAL, ...(await database.get('meta', 'settings')) };
}

/**
 * @param {Database} database
 * @param {Partial<Settings>} changes
 * @returns {Promise<Settings>}
 */
export async function changeSettings(database, changes) {
  const transaction = database.transaction('meta', 'readwrite');
  const settings = { ...USUAL, ...(await transaction.store.get('settings')), ...changes };
  await transaction.store.put(settings, 'settings');
  await transaction.done;
  return settings;
}
