/** The phone's memory, as the rest of the client asks it. */

import * as identity from './identity.js';
import * as lock from './lock.js';
import * as outbox from './outbox.js';
import * as pack from './pack.js';

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {import('./database.js').PackState} PackState
 * @typedef {import('./database.js').ServerState} ServerState
 * @typedef {import('./database.js').SyncReading} SyncReading
 * @typedef {import('../domain/types.js').Body} Body
 * @typedef {ReturnType<typeof createStore>} Store
 */

/** @param {Database} database */
export function createStore(database) {
  const roster = pack.rememberPack(database);
  return {
    device: () => identity.readDevice(database),
    /** @param {Partial<import('./database.js').Device>} changes */
    changeDevice: (changes) => identity.changeDevice(database, changes),
    trainers: () => identity.readTrainers(database),
    keys: () => identity.ownKeys(database),
    /** @param {Uint8Array} bytes */
    sign: (bytes) => identity.signed(database, bytes),
    /** @returns {Promise<{[hash: string]: string}>} the seals of what was last handed over, by its last records */
    seals: async () => (await database.get('meta', 'seals')) ?? {},
    /** @param {{[hash: string]: string}} seals */
    keepSeals: (seals) => database.put('meta', seals, 'seals'),
    /** @param {Parameters<typeof identity.keepPairing>[1]} paired */
    keepPairing: (paired) => identity.keepPairing(database, paired),
    /** @param {string} id */
    removeTrainer: (id) => identity.removeTrainer(database, id),
    /** @param {readonly string[]} ids */
    dropTrainers: (ids) => identity.dropTrainers(database, ids),
    settings: () => identity.readSettings(database),
    /** @param {Partial<identity.Settings>} changes */
    changeSettings: (changes) => identity.changeSettings(database, changes),
    lock: () => lock.readLock(database),
    /** @param {import('../domain/pin.js').Lock|null} kept */
    keepLock: (kept) => lock.keepLock(database, kept),
    /** @param {string} pin */
    tryPin: (pin) => lock.tryPin(database, pin),
    forgetTries: () => lock.forgetTries(database),

    /** @param {readonly Body[]} bodies @param {number} atMs */
    record: (bodies, atMs) => outbox.record(database, bodies, atMs),
    rows: () => outbox.allRows(database),
    chainEnd: () => outbox.chainEnd(database),
    counts: () => outbox.outboxCounts(database),
    /** @param {outbox.Applied} answer */
    applyAnswer: (answer) => outbox.applyAnswer(database, answer),
    startNewIncarnation: () => outbox.startNewIncarnation(database),
    everythingWaits: () => outbox.everythingWaits(database),
    /** @returns {Promise<import('../domain/types.js').Fact[]>} */
    journal: () => database.getAll('journal'),
    /** @param {string|null} session */
    journalOf: (session) => outbox.factsOf(database, session),

    pack: roster.read,
    /** @param {Parameters<typeof pack.applyPack>[1]} page */
    applyPack: (page) => pack.applyPack(database, page).finally(roster.forget),
    wipePack: () => pack.wipePack(database).finally(roster.forget),
    /** @param {number} nowMs */
    tidy: (nowMs) => pack.tidyPack(database, nowMs).finally(roster.forget),
    /** @param {import('../domain/types.js').Session} session */
    addAdHocSession: (session) => pack.addAdHocSession(database, session).finally(roster.forget),

    /** @returns {Promise<PackState|null>} */
    packState: () => pack.readPackState(database),
    /** @returns {Promise<SyncReading|null>} */
    syncReading: async () => (await database.get('meta', 'sync')) ?? null,
    /** @param {SyncReading} reading */
    keepSyncReading: (reading) => database.put('meta', reading, 'sync'),
    /** @returns {Promise<ServerState|null>} */
    serverState: async () => (await database.get('meta', 'server')) ?? null,
    /** @param {ServerState} state */
    keepServerState: (state) => database.put('meta', state, 'server'),
    close: () => database.close(),
  };
}
