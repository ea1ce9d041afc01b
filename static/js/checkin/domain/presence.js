/** How long somebody was there: worked out from the set of facts, never from their order of arrival. */

import { standing } from './voids.js';

/**
 * @typedef {import('./types.js').Span} Span
 * @typedef {{startsAt: number, endsAt: number, breaks: readonly Span[], graceMinutes: number, cancelled: boolean}} Hours
 * @typedef {import('./voids.js').Told & {endedAt?: number}} Told
 *
 * @typedef {object} Presence
 * @property {'present'|'absent'|'excused'} status
 * @property {boolean} open came, did not leave, and nobody closed the session yet
 * @property {number} minutes credited
 * @property {number} scheduled minutes
 * @property {string[]} flags sorted
 * @property {number|null} firstIn
 * @property {number|null} lastOut
 * @property {'in'|'out'|null} state where the person is now, as the last word says
 * @property {number|null} since
 */

const MINUTE_MS = 60_000;
const ARRIVALS = new Set(['check_in', 'walk_in']);

/**
 * One person's events, together with the session's own, resolved.
 * @param {Hours} hours
 * @param {readonly Told[]} events
 * @param {{makeUp?: boolean}} [how] makeUp: of another cohort; minutes count, but nothing was scheduled
 * @returns {Presence}
 */
export function presence(hours, events, { makeUp = false } = {}) {
  const told = standing(events);
  const turn = sessionTurn(told);
  const window = effectiveWindow(hours, turn.endedAt);
  const { stays, openSince, flags } = comingsAndGoings(told);
  const closes = openSince !== null && turn.closedAt !== null;
  if (openSince !== null && closes) {
    stays.push({ startsAt: openSince, endsAt: Math.max(window.endsAt, openSince) });
    flags.add('assumed_out');
  }
  const credited = credit(stays, closes ? null : openSince, window, hours.graceMinutes * MINUTE_MS, flags);
  const pauses = merged(hours.breaks, window);
  const arrivals = told.filter((event) => ARRIVALS.has(event.type)).map((event) => event.at);
  const leaves = told.filter((event) => event.type === 'check_out').map((event) => event.at);
  const excused = told.some((event) => event.type === 'excuse');
  if (makeUp) flags.add('make_up');
  if (arrivals.length && excused) flags.add('excused_but_present');
  return {
    status: arrivals.length ? 'present' : excused ? 'excused' : 'absent',
    open: openSince !== null && !closes,
    minutes: wholeMinutes(credited, pauses),
    scheduled: makeUp ? 0 : wholeMinutes([window], pauses),
    flags: [...flags].sort(),
    firstIn: arrivals.length ? Math.min(...arrivals) : null,
    lastOut: openSince === null && leaves.length ? Math.max(...leaves) : null,
    ...whereNow(told, openSince),
  };
}

/**
 * @param {readonly Told[]} told
 * @param {number|null} openSince
 * @returns {Pick<Presence, 'state'|'since'>}
 */
function whereNow(told, openSince) {
  if (openSince !== null) return { state: 'in', since: openSince };
  const last = told.findLast((event) => event.type === 'check_out');
  return last ? { state: 'out', since: last.at } : { state: null, since: null };
}

/**
 * Closed or not, and whether it ended early: the last word counts.
 * @param {readonly Told[]} told
 * @returns {{closedAt: number|null, endedAt: number|null}}
 */
function sessionTurn(told) {
  /** @type {{closedAt: number|null, endedAt: number|null}} */
  let turn = { closedAt: null, endedAt: null };
  for (const event of told) {
    if (event.type === 'session_close') turn = { ...turn, closedAt: event.at };
    else if (event.type === 'session_reopen') turn = { closedAt: null, endedAt: null };
    else if (event.type === 'session_cancel') turn = { closedAt: event.at, endedAt: event.endedAt ?? event.at };
  }
  return turn;
}

/**
 * The window after an early end; empty when the session was called off.
 * @param {Hours} hours
 * @param {number|null} endedAt
 * @returns {Span}
 */
function effectiveWindow({ startsAt, endsAt, cancelled }, endedAt) {
  if (cancelled) return { startsAt, endsAt: startsAt };
  return { startsAt, endsAt: endedAt === null ? endsAt : Math.max(startsAt, Math.min(endsAt, endedAt)) };
}

/**
 * @param {readonly Told[]} told
 * @returns {{stays: Span[], flags: Set<string>, openSince: number|null}}
 */
function comingsAndGoings(told) {
  /** @type {Span[]} */
  const stays = [];
  /** @type {Set<string>} */
  const flags = new Set();
  /** @type {number|null} */
  let openSince = null;
  let seen = false;
  for (const event of told) {
    const arrives = ARRIVALS.has(event.type);
    if (!arrives && event.type !== 'check_out') continue;
    if (arrives) {
      if (openSince === null) openSince = event.at;
      else flags.add('double_in');
    } else if (openSince === null) {
      flags.add(seen ? 'double_out' : 'missing_in');
    } else {
      stays.push({ startsAt: openSince, endsAt: event.at });
      openSince = null;
    }
    seen = true;
  }
  return { stays, flags, openSince };
}

/**
 * Stays clipped to the window, with grace for the first arrival and the last leave; adds `late` and `left_early`.
 * @param {readonly Span[]} stays
 * @param {number|null} stillIn since when somebody is in who has not left yet
 * @param {Span} window
 * @param {number} grace
 * @param {Set<string>} flags
 * @returns {Span[]}
 */
function credit(stays, stillIn, { startsAt, endsAt }, grace, flags) {
  const inside = stays.filter((stay) => stay.endsAt > startsAt && stay.startsAt < endsAt);
  const came = inside.map((stay) => stay.startsAt);
  const staysOn = stillIn !== null && stillIn < endsAt;
  if (staysOn) came.push(stillIn);
  if (came.length && Math.min(...came) > startsAt + grace) flags.add('late');
  const first = inside.at(0);
  const last = inside.at(-1);
  if (!first || !last) return [];
  if (!staysOn && last.endsAt < endsAt - grace) flags.add('left_early');
  const credited = inside.map((stay) => ({
    startsAt: Math.max(stay.startsAt, startsAt),
    endsAt: Math.min(stay.endsAt, endsAt),
  }));
  if (first.startsAt > startsAt && first.startsAt <= startsAt + grace) credited[0].startsAt = startsAt;
  const end = credited[credited.length - 1];
  if (!staysOn && last.endsAt >= endsAt - grace && last.endsAt < endsAt) end.endsAt = endsAt;
  return credited;
}

/**
 * Spans clipped to the window and joined where they touch, in order.
 * @param {readonly Span[]} spans
 * @param {Span} window
 * @returns {Span[]}
 */
function merged(spans, window) {
  /** @type {Span[]} */
  const joined = [];
  const clipped = spans.map((span) => ({
    startsAt: Math.max(span.startsAt, window.startsAt),
    endsAt: Math.min(span.endsAt, window.endsAt),
  }));
  for (const span of clipped.sort((one, other) => one.startsAt - other.startsAt || one.endsAt - other.endsAt)) {
    const last = joined.at(-1);
    if (span.endsAt <= span.startsAt) continue;
    if (last && span.startsAt <= last.endsAt) last.endsAt = Math.max(last.endsAt, span.endsAt);
    else joined.push(span);
  }
  return joined;
}

/**
 * Whole minutes of the spans less what falls into a pause.
 * @param {readonly Span[]} spans
 * @param {readonly Span[]} pauses
 * @returns {number}
 */
function wholeMinutes(spans, pauses) {
  let total = 0;
  for (const span of spans) {
    total += Math.max(0, span.endsAt - span.startsAt);
    for (const pause of pauses) {
      total -= Math.max(0, Math.min(span.endsAt, pause.endsAt) - Math.max(span.startsAt, pause.startsAt));
    }
  }
  return Math.floor(total / MINUTE_MS);
}
