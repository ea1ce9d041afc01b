/** When to talk to the server: at once after a record, when signal returns, and patiently otherwise. */

import { asTold, backoff } from './backoff.js';
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
  /** Until when the office asked to be left alone, by the monotonic clock. */
  let restsUntil = 0;
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
    const sent = pushed.ok ? await relay(parts, { thorough }) : pushed;
    if (thorough && sent.ok) lastThoroughAt = now;
    // Many phones send at once, yet the roster is to be had.
    const reachable = sent.ok || sent.retryAfterMs !== undefined;
    if (!reachable || (!roster && now - lastPullAt < PULL_EVERY_MS)) return sent;
    const pulled = await pull(parts);
    if (pulled.ok) lastPullAt = now;
    return sent.ok ? pulled : sent;
  };

  const resting = () => parts.clock.reading().mono_ms < restsUntil;

  /** @param {Outcome|null} outcome @returns {number} how long to wait before the next try */
  const pause = (outcome) => {
    const told = outcome && !outcome.ok ? outcome.retryAfterMs : undefined;
    failures = !outcome || outcome.ok || told !== undefined ? 0 : failures + 1;
    if (told === undefined) return failures ? backoff(failures, parts.random) : again ? 0 : CALM_MS;
    const wait = asTold(told, parts.random);
    restsUntil = parts.clock.reading().mono_ms + wait;
    return wait;
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
    const wait = pause(outcome);
    const lastOkAt = outcome?.ok ? parts.clock.reading().wall_ms : state.lastOkAt;
    become({ running: false, lastOkAt, problem: outcome && !outcome.ok ? (outcome.why ?? 'not_ours') : null });
    later(wait);
    again = false;
  };

  return {
    state: () => state,
    /** Signal may be back, or somebody looks: try now, unless the office named a later time. */
    now: async () => {
      if (!resting()) await run({ roster: true });
    },
    /** Somebody insists. */
    atOnce: () => run({ roster: true }),
    /** Something was recorded: send it, together with whatever else is recorded in the same breath. */
    soon: () => {
      if (state.running) again = true;
      else if (!failures && !resting()) later(400);
    },
    stop: () => clearTimeout(timer),
  };
}
