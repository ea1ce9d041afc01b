/** The phone's one database: its stores, and how older versions of them grow into newer ones. */

import { openDB } from 'idb';

export const DATABASE_NAME = 'labtracker-checkin';
const DATABASE_VERSION = 1;

/**
 * @typedef {import('../domain/types.js').Session} Session
 * @typedef {import('../domain/types.js').Cohort} Cohort
 * @typedef {import('../domain/types.js').Enrollment} Enrollment
 * @typedef {import('../domain/types.js').Fact} Fact
 *
 * @typedef {object} Row one frame that this phone must keep
 * @property {string} incarnation
 * @property {number} seq
 * @property {string} hash
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {'waiting'|'taken'} state whether the server has said that it holds these bytes
 * @property {number} damagedReplies how often the server found them damaged on the way
 * @property {number} savedAt
 *
 * @typedef {{device: string, incarnation: string, seq: number, hash: string}} ChainEnd
 * @typedef {{id: string, name: string}} Trainer
 *
 * @typedef {object} Device
 * @property {string} id
 * @property {string} token
 * @property {string} name
 * @property {string[]} badgeHosts
 * @property {boolean} persisted the browser promised not to clear this storage
 * @property {boolean} revoked
 *
 * @typedef {{epoch: string, cursor: string, fetchedAt: number}} PackState
 *
 * @typedef {object} ServerState what the server last said
 * @property {string} epoch
 * @property {boolean} durableIsDemo
 * @property {number} at
 *
 * @typedef {import('../domain/corrected_time.js').SyncReading} SyncReading
 *
 * @typedef {import('idb').DBSchema & {
 *   meta: {key: string, value: any},
 *   trainers: {key: string, value: Trainer},
 *   sessions: {key: string, value: Session},
 *   cohorts: {key: string, value: Cohort},
 *   enrollments: {key: string, value: Enrollment},
 *   revoked: {key: string, value: {hash: string}},
 *   outbox: {key: [string, number], value: Row},
 *   journal: {key: string, value: Fact, indexes: {session: string}},
 * }} Schema
 *
 * @typedef {import('idb').IDBPDatabase<Schema>} Database
 */

/**
 * @param {string} [name]
 * @returns {Promise<Database>}
 */
export function openDatabase(name = DATABASE_NAME) {
  return openLasting(name, DATABASE_VERSION, (/** @type {Database} */ database, before) => {
    if (before < 1) createStores(database);
  });
}

/**
 * Opens a database, also as a later version left it: a release may be taken back, and what was recorded under it must
 * still be sent. So versions only ever add stores and fields.
 * @template {import('idb').DBSchema} Schema
 * @param {string} name
 * @param {number} version
 * @param {(database: import('idb').IDBPDatabase<Schema>, before: number) => void} upgrade
 * @returns {Promise<import('idb').IDBPDatabase<Schema>>}
 */
export async function openLasting(name, version, upgrade) {
  /** @type {import('idb').OpenDBCallbacks<Schema>} */
  const giveWay = { blocking: (_current, _blocked, event) => /** @type {IDBDatabase} */ (event.target).close() };
  try {
    return await openDB(name, version, { ...giveWay, upgrade: (database, before) => upgrade(database, before) });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'VersionError')) throw error;
    return openDB(name, undefined, giveWay);
  }
}

/** @param {Database} database */
function createStores(database) {
  database.createObjectStore('meta');
  database.createObjectStore('trainers', { keyPath: 'id' });
  database.createObjectStore('sessions', { keyPath: 'id' });
  database.createObjectStore('cohorts', { keyPath: 'id' });
  database.createObjectStore('enrollments', { keyPath: 'id' });
  database.createObjectStore('revoked', { keyPath: 'hash' });
  database.createObjectStore('outbox', { keyPath: ['incarnation', 'seq'] });
  database.createObjectStore('journal', { keyPath: 'hash' }).createIndex('session', 'session');
}
