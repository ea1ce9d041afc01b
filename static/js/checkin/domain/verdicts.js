/** What the phone says at once about a badge held before it. Advice for the eye: the server judges later. */

/**
 * @typedef {import('./types.js').Direction} Direction
 * @typedef {'enrolled'|'make_up'|'not_enrolled'} Standing
 *
 * @typedef {object} Verdict
 * @property {'in'|'out'|'look'|'already'|'refused'} kind
 * @property {string} code why, as a word for programs
 * @property {boolean} records whether it is to be written down
 * @property {number|null} since for `already`: when the person's coming or going was recorded
 *
 * @typedef {object} Situation
 * @property {Direction} direction
 * @property {boolean} known the badge is one of the pack's
 * @property {boolean} revoked
 * @property {Standing} standing
 * @property {'in'|'out'|'away'|'excused'} state where the person is, as far as this phone knows
 * @property {number|null} lastSame when the same badge last went the same way in the same session
 * @property {number} at
 */

const REPEAT_MS = 2 * 60 * 1000;

/** @type {Verdict} */
export const NOT_A_BADGE = { kind: 'refused', code: 'not_a_badge', records: false, since: null };

/** Somebody who is on no list was let in. @type {Verdict} */
export const CAME_IN = { kind: 'in', code: 'walk_in', records: true, since: null };

/**
 * @param {number|null} since
 * @returns {Verdict}
 */
export function alreadyIn(since) {
  return { kind: 'already', code: 'already_in', records: false, since };
}

/**
 * @param {Situation} situation
 * @returns {Verdict}
 */
export function verdictOn({ direction, known, revoked, standing, state, lastSame, at }) {
  if (lastSame !== null && Math.abs(at - lastSame) <= REPEAT_MS) {
    return { kind: 'already', code: `already_${direction}`, records: false, since: lastSame };
  }
  const reason = reasonToLook({ direction, known, revoked, standing, state });
  if (reason) return { kind: 'look', code: reason, records: true, since: null };
  return { kind: direction, code: standing === 'make_up' ? 'make_up' : direction, records: true, since: null };
}

/**
 * @param {Pick<Situation, 'direction'|'known'|'revoked'|'standing'|'state'>} situation
 * @returns {string|null}
 */
function reasonToLook({ direction, known, revoked, standing, state }) {
  if (revoked) return 'revoked';
  if (!known) return 'unknown_badge';
  if (standing === 'not_enrolled') return 'not_enrolled';
  if (direction === 'in' && state === 'in') return 'was_in';
  if (direction === 'out' && state === 'out') return 'was_out';
  if (direction === 'out' && state !== 'in') return 'never_came';
  return null;
}
