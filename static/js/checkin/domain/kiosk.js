/** Which way a badge goes at the kiosk, where nobody stands by to say. */

/**
 * @typedef {import('./types.js').Direction} Direction
 */

/** Whoever has been in for longer means to leave. */
const STAYED_MS = 10 * 60 * 1000;

/**
 * Whoever is not in comes in; whoever has been in for over ten minutes leaves; anybody else is already in.
 * @param {{state: 'in'|'out'|'away'|'excused', since: number|null, at: number}} person
 * @returns {Direction|'already'}
 */
export function kioskDirection({ state, since, at }) {
  if (state !== 'in') return 'in';
  return since !== null && at - since > STAYED_MS ? 'out' : 'already';
}
