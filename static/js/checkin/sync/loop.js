/** When to talk to the server: at once after a record, when signal returns, and patiently otherwise. */

import { backoff } from './backoff.js';
import { pull } from './pull.js';
import { push } from './push.js';
import { relay } from './relay.js';

/**
 * @typedef {import('./push.js').Outcome} Outcome
 *
 * @typedef {object} SyncState
 * @property {boolean} running
 * @property {number|null} lastOkAt
 * @property {Outcome['why']|null} problem
 */

const CALM_MS = 5 * 60 * 1000;
const PULL_EVERY_MS = 10 * 60 * 1000;
const THOROUGH_EVERY_MS = 30 * 60 * 1000;

/**
 * @param {import('./push.js').Parts & {
 *   carried: import('../store/carried.js').CarriedStore,
 *   onChange: (state: SyncState) => void,
 *   alone: <T>(work: () => Promise<T>) => Promise<T|null>,
 *   random?: () => number,
 * }} parts `alone` lets one window of this phone at a time do it; a null says that another is at it
 */
export function createSync(parts) {
  /** @type {SyncState} */
  let state = { running: false, lastOkAt: null, problem: null };
  let failures = 0;
  let lastPullAt = 0;
  let lastThoroughAt = 0;
  let again = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  /** @param {Partial<SyncState>} changes */
  const become = (changes) => {
    state = { ...state, ...changes };
    parts.onChange(state);
  };

  /** @param {number} ms */
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => void run({}), ms);
  };

  /** @param {boolean} roster @returns {Promise<Outcome>} */
  const once = async (roster) => {
    const now = parts.clock.reading().wall_ms;
    const thorough = now - lastThoroughAt > THOROUGH_EVERY_MS;
    const pushed = await push(parts, { thorough });
    if (!pushed.ok) return pushed;
    const relayed = await relay(parts, { thorough });
    if (!relayed.ok) return relayed;
    if (thorough) lastThoroughAt = now;
    if (!roster && now - lastPullAt < PULL_EVERY_MS) return pushed;
    const pulled = await pull(parts);
    if (pulled.ok) lastPullAt = now;
    return pulled;
  };

  /**
   * @param {{roster?: boolean}} how `roster`: fetch the roster's changes too, however fresh it is
   * @returns {Promise<void>}
   */
  const run = async ({ roster = false }) => {
    if (state.running) {
      again = true;
      return;
    }
    become({ running: true });
    /** @type {Outcome|null} */
    let outcome = { ok: false, why: 'not_ours' };
    try {
      outcome = await parts.alone(() => once(roster));
    } catch (error) {
      console.error(error);
    }
    failures = !outcome || outcome.ok ? 0 : failures + 1;
    const lastOkAt = outcome?.ok ? parts.clock.reading().wall_ms : state.lastOkAt;
    become({ running: false, lastOkAt, problem: outcome && !outcome.ok ? (outcome.why ?? 'not_ours') : null });
    later(failures ? backoff(failures, parts.random) : again ? 0 : CALM_MS);
    again = false;
  };

  return {
    state: () => state,
    /** Signal may be back, or somebody looks: try now. */
    now: () => run({ roster: true }),
    /** Something was recorded: send it, together with whatever else is recorded in the same breath. */
    soon: () => {
      if (state.running) again = true;
      else if (!failures) later(400);
    },
    stop: () => clearTimeout(timer),
  };
}
