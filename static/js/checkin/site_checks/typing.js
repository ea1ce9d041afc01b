/** What is typed into a draft, on its way to the disk. */

import { delayed } from '../../lib/timing.js';
import { changed } from './drafts.js';

/** Whoever still types is not told after each letter that it is kept. */
const AT_REST_MS = 300;

/**
 * @typedef {import('./index.js').Shown} Shown
 * @typedef {import('./store.js').CheckStore} CheckStore
 * @typedef {import('./store.js').Changes} Changes
 */

/**
 * Keeps what is typed: it stands on the screen at once, and on the disk as soon as the disk has taken what was before.
 * @param {CheckStore} checks
 * @param {() => Promise<number>} now
 * @param {{shown: () => Shown, show: (changes: Partial<Shown>) => void, failed: () => void}} screen
 */
export function createTyping(checks, now, { shown, show, failed }) {
  /** @type {Map<string, Changes>} */
  const unkept = new Map();
  /** @type {Promise<void>|null} */
  let keeping = null;

  const keepAll = async () => {
    for (const [id, changes] of unkept) {
      unkept.delete(id);
      try {
        await checks.change(id, changes, await now());
      } catch (error) {
        unkept.set(id, both(changes, unkept.get(id) ?? {}));
        throw error;
      }
    }
  };
  const kept = () => {
    keeping ??= keepAll().finally(() => {
      keeping = null;
    });
    return keeping;
  };
  const atRest = delayed(() => show({ keeping: false }));
  const isIdle = () => !keeping && !unkept.size;

  return {
    isIdle,
    /** Resolves once all that was typed is on the disk. */
    async kept() {
      while (!isIdle()) await kept();
    },
    /** @param {string} id @param {Changes} changes */
    async type(id, changes) {
      unkept.set(id, both(unkept.get(id) ?? {}, changes));
      const drafts = shown().drafts.map((draft) => (draft.id === id ? changed(draft, changes, draft.savedAt) : draft));
      atRest.cancel();
      show({ drafts, keeping: true });
      try {
        while (!isIdle()) await kept();
        const stored = await checks.drafts();
        if (!isIdle()) return;
        show({ drafts: stored, unkept: false });
        atRest.in(AT_REST_MS);
      } catch (error) {
        console.error(error);
        show({ unkept: true });
        failed();
      }
    },
  };
}

/**
 * @param {Changes} one
 * @param {Changes} other typed later
 * @returns {Changes}
 */
function both(one, other) {
  const answers = { ...one.answers, ...other.answers };
  return { ...one, ...other, answers, unclear: { ...one.unclear, ...other.unclear } };
}
