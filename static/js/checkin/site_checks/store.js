/**
 * Checks of sites that are filled in on this phone, and what is asked there. They are forms, and no records: they lie
 * in a database of their own, so that nothing here can touch what was recorded.
 */

import { openLasting } from '../store/database.js';
import { changed, waits } from './drafts.js';

const CHECKS_NAME = 'labtracker-site-checks';
const CHECKS_VERSION = 1;
const STRICT = /** @type {const} */ ({ durability: 'strict' });
/** So long a draft that the office has can be looked at here. */
const KEPT_AFTER_SENT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * @typedef {{group: string, label: string, ask: string, needs: string, unit: string, choices: {[choice: string]: string}}} Words
 * @typedef {{key: string, kind: 'number'|'choice'|'yes', highest: number, choices: string[], words: {[language: string]: Words}}} Question
 * @typedef {{id: string, name: string, questions: Question[]}} Lab
 * @typedef {{id: string, name: string, zone: string}} Site
 * @typedef {string|number|boolean} Value
 * @typedef {{[key: string]: Value}} Values
 *
 * @typedef {object} Visit a lab that comes to a site
 * @property {string} lab
 * @property {Site} site
 * @property {string} arrivesOn
 * @property {string[]} trainers who may check it
 * @property {Values} known what the office knows of the site
 * @property {string|null} verdict of the check that is valid now
 * @property {string|null} holdsUntil
 *
 * @typedef {{labs: Lab[], visits: Visit[], fetchedAt: number}} Lists
 *
 * @typedef {{code: string, field: string|null, message: string}} Fault
 *
 * @typedef {object} Draft
 * @property {string} id
 * @property {string} by the trainer who began it
 * @property {{id: string, name: string}} lab
 * @property {Site} site
 * @property {Question[]} questions
 * @property {Values} answers
 * @property {{[key: string]: string}} unclear what was typed where a number is asked for, and is none
 * @property {string[]} known keys of answers that the office knew, and nobody looked at yet
 * @property {string} notes
 * @property {string} checkedOn
 * @property {number} revision counts what was typed; 0 while nothing was
 * @property {number} sent the revision that the office has
 * @property {number|null} sentAt
 * @property {boolean} final a coordinator decided on it
 * @property {{revision: number, faults: Fault[]}|null} refusal
 * @property {number} savedAt
 *
 * @typedef {object} Changes what was typed; a null takes an answer away
 * @property {{[key: string]: Value|null}} [answers]
 * @property {{[key: string]: string|null}} [unclear]
 * @property {string} [notes]
 * @property {string} [checkedOn]
 *
 * @typedef {{sent: true, final: boolean} | {sent: false, faults: Fault[]}} Word what the office said of a draft
 *
 * @typedef {import('idb').DBSchema & {
 *   lists: {key: string, value: Lists},
 *   drafts: {key: string, value: Draft},
 * }} Schema
 *
 * @typedef {ReturnType<typeof createChecks>} CheckStore
 */

/**
 * @param {string} [name]
 * @returns {Promise<import('idb').IDBPDatabase<Schema>>}
 */
export function openChecks(name = CHECKS_NAME) {
  return openLasting(name, CHECKS_VERSION, (database) => {
    database.createObjectStore('lists');
    database.createObjectStore('drafts', { keyPath: 'id' });
  });
}

/** @param {import('idb').IDBPDatabase<Schema>} database */
export function createChecks(database) {
  /** @param {string} id @param {(draft: Draft) => Draft|null} work @returns {Promise<Draft|null>} */
  const rewrite = async (id, work) => {
    const transaction = database.transaction('drafts', 'readwrite', STRICT);
    const before = await transaction.store.get(id);
    const after = before ? work(before) : null;
    if (after) void transaction.store.put(after);
    else if (before) void transaction.store.delete(id);
    await transaction.done;
    return after;
  };

  return {
    /** @returns {Promise<Lists|null>} */
    lists: async () => (await database.get('lists', 'now')) ?? null,
    /** @param {Lists|null} lists */
    keepLists: async (lists) => {
      if (lists) await database.put('lists', lists, 'now');
      else await database.clear('lists');
    },
    /** @returns {Promise<Draft[]>} */
    drafts: () => database.getAll('drafts'),
    /** Once this resolves it is on the disk. @param {Draft} draft */
    async begin(draft) {
      const transaction = database.transaction('drafts', 'readwrite', STRICT);
      await Promise.all([transaction.store.add(draft), transaction.done]);
    },
    /** Once this resolves it is on the disk. @param {string} id @param {Changes} changes @param {number} at */
    change: (id, changes, at) => rewrite(id, (draft) => changed(draft, changes, at)),
    /** @param {string} id @param {Question[]} questions what is asked there by now */
    ask: (id, questions) => rewrite(id, (draft) => ({ ...draft, questions })),
    /** It is to be sent as it is. @param {string} id */
    done: (id) => rewrite(id, (draft) => ({ ...draft, revision: Math.max(1, draft.revision) })),
    /**
     * Takes in what the office said of one revision; what was typed meanwhile waits on.
     * @param {string} id
     * @param {number} revision
     * @param {Word} word
     * @param {number} at
     */
    settle: (id, revision, word, at) =>
      rewrite(id, (draft) =>
        word.sent
          ? { ...draft, sent: Math.max(draft.sent, revision), sentAt: at, final: word.final, refusal: null }
          : { ...draft, refusal: { revision, faults: word.faults } },
      ),
    /**
     * Makes a new draft of one that the office does not take under its old name any more.
     * @param {string} id
     * @param {string} newId
     */
    async renew(id, newId) {
      const transaction = database.transaction('drafts', 'readwrite', STRICT);
      const draft = await transaction.store.get(id);
      if (draft) {
        void transaction.store.delete(id);
        void transaction.store.add({ ...draft, id: newId, revision: 1, sent: 0, sentAt: null, final: false, refusal: null });
      }
      await transaction.done;
    },
    /** @param {string} id */
    remove: (id) => rewrite(id, () => null),
    /** Lets go of what the office has had for long. @param {number} nowMs */
    async tidy(nowMs) {
      for (const draft of await database.getAll('drafts')) {
        const old = draft.sentAt !== null && draft.sentAt < nowMs - KEPT_AFTER_SENT_MS;
        if (old) await rewrite(draft.id, (now) => (waits(now) ? now : null));
      }
    },
    close: () => database.close(),
  };
}
