/**
 * What this phone carries to the office for other phones. It lies in a database of its own, so that nothing here can
 * touch what this phone recorded itself, and it outlives pairings.
 *
 * A parcel is what another phone sealed: it is kept whole, byte for byte, and goes whole, once the office's backups
 * hold every record in it.
 */

import { HELD } from '../domain/frame.js';
import { openLasting } from './database.js';

export const CARRIED_NAME = 'labtracker-carried';
const CARRIED_VERSION = 1;
const STRICT = /** @type {const} */ ({ durability: 'strict' });

/**
 * @typedef {{seq: number, hash: string, frame: string, damaged?: true}} Item
 *
 * @typedef {object} Parcel
 * @property {string} id content, and seal where there is one: reading the same in twice changes nothing, and what came
 *   with another seal or with none never takes the place of what a good seal proves (which one is good, the office knows)
 * @property {string} from whose phone it came from; may be empty
 * @property {string} device
 * @property {string} incarnation
 * @property {Item[]} items
 * @property {string} [seal] the other phone's signature over the last item
 *
 * @typedef {object} Word what the office last said of a parcel
 * @property {{[hash: string]: {verdict: string, code?: string}}} told
 * @property {{[hash: string]: number}} damagedReplies how often an item was found damaged on the way
 *
 * @typedef {Parcel & Word & {waits: boolean}} Carried
 *
 * @typedef {import('idb').DBSchema & {
 *   parcels: {key: string, value: Parcel},
 *   words: {key: string, value: Word},
 * }} Schema
 *
 * @typedef {ReturnType<typeof createCarried>} CarriedStore
 */

/**
 * @param {string} [name]
 * @returns {Promise<import('idb').IDBPDatabase<Schema>>}
 */
export function openCarried(name = CARRIED_NAME) {
  return openLasting(name, CARRIED_VERSION, (database) => {
    database.createObjectStore('parcels', { keyPath: 'id' });
    database.createObjectStore('words');
  });
}

/** @param {import('idb').IDBPDatabase<Schema>} database */
export function createCarried(database) {
  return {
    /**
     * Takes parcels over. Once this resolves they are on the disk. Nothing that is here is ever written over, and what
     * is here already, byte for byte and under the same seal, adds nothing; nor does what comes without a seal.
     * @param {readonly Parcel[]} parcels
     */
    async take(parcels) {
      const transaction = database.transaction('parcels', 'readwrite', STRICT);
      for (const parcel of parcels) {
        const alike = await transaction.store.getAll(withLast(parcel));
        if (alike.some((one) => covers(one, parcel))) continue;
        let { id } = parcel;
        // Other records in the same place, before the same last one: somebody made one of the two up.
        while (alike.some((one) => one.id === id)) id += ' again';
        await transaction.store.add({ ...parcel, id });
      }
      await transaction.done;
    },

    /** @returns {Promise<Carried[]>} */
    async all() {
      const transaction = database.transaction(['parcels', 'words']);
      const [parcels, ids, words] = await Promise.all([
        transaction.objectStore('parcels').getAll(),
        transaction.objectStore('words').getAllKeys(),
        transaction.objectStore('words').getAll(),
      ]);
      await transaction.done;
      const wordOf = new Map(ids.map((id, place) => [id, words[place]]));
      return parcels.map((parcel) => carried(parcel, wordOf.get(parcel.id)));
    },

    /**
     * Takes in what the office said of a parcel: it is let go only where each of its records is called durable.
     * @param {string} id
     * @param {readonly import('../sync/answers.js').Result[]} results
     */
    async applyAnswer(id, results) {
      const transaction = database.transaction(['parcels', 'words'], 'readwrite', STRICT);
      const parcel = await transaction.objectStore('parcels').get(id);
      const before = (await transaction.objectStore('words').get(id)) ?? { told: {}, damagedReplies: {} };
      if (parcel && allDurable(parcel, results)) {
        await transaction.objectStore('parcels').delete(id);
        await transaction.objectStore('words').delete(id);
      } else if (parcel) {
        await transaction.objectStore('words').put(wordAfter(before, results), id);
      }
      await transaction.done;
    },

    close: () => database.close(),
  };
}

/**
 * The keys of all parcels with the same last record, whatever goes before it and whatever their seal.
 * @param {Parcel} parcel
 */
function withLast({ id, seal }) {
  const words = id.split(' ');
  const last = words.slice(0, words.length - (seal ? 2 : 1)).join(' ');
  return IDBKeyRange.bound(`${last} `, `${last} \uffff`);
}

/**
 * Whether what is here proves and holds all that a parcel would: its seal, and its very records up to the last one.
 * @param {Parcel} here
 * @param {Parcel} parcel
 * @returns {boolean}
 */
function covers(here, { seal, items }) {
  const before = here.items.length - items.length;
  if (before < 0 || (seal && here.seal !== seal)) return false;
  return items.every((item, place) => {
    const same = here.items[before + place];
    return same.seq === item.seq && same.hash === item.hash && (!item.damaged || same.frame === item.frame);
  });
}

/**
 * @param {Parcel} parcel
 * @param {Word} [word]
 * @returns {Carried}
 */
function carried(parcel, word = { told: {}, damagedReplies: {} }) {
  return { ...parcel, ...word, waits: parcel.items.some((item) => !HELD.has(word.told[item.hash]?.verdict)) };
}

/**
 * @param {Parcel} parcel
 * @param {readonly import('../sync/answers.js').Result[]} results
 * @returns {boolean}
 */
function allDurable({ items }, results) {
  const durable = new Set(
    results.filter((one) => one.durable && HELD.has(one.verdict)).map((one) => `${one.seq} ${one.hash}`),
  );
  return items.every((item) => durable.has(`${item.seq} ${item.hash}`));
}

/**
 * @param {Word} before
 * @param {readonly import('../sync/answers.js').Result[]} results
 * @returns {Word}
 */
function wordAfter(before, results) {
  const told = { ...before.told };
  const damagedReplies = { ...before.damagedReplies };
  for (const { hash, verdict, code } of results) {
    if (verdict === 'retry') damagedReplies[hash] = (damagedReplies[hash] ?? 0) + 1;
    told[hash] = code ? { verdict, code } : { verdict };
  }
  return { told, damagedReplies };
}
