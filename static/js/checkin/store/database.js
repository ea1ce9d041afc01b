/** The phone's one database: its stores, and how older versions of them grow into newer ones. */

import { openDB } from 'idb';

export const DATABASE_NAME = 'labtracker-checkin';
export const DATABASE_VERSION = 1;

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
  return openDB(name, DATABASE_VERSION, {
    upgrade(database, before) {
      if (before < 1) createStores(/** @type {Database} */ (database));
    },
    blocking(_current, _blocked, event) {
      /** @type {IDBDatabase} */ (event.target).close();
    },
  });
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
