/** Which session's card is open: a choice holds while its session does, and yesterday's never stands in today's way. */

/** @typedef {Pick<import('./types.js').Session, 'id'|'startsAt'|'endsAt'|'cancelled'>} Carded */

const AROUND_MS = 60 * 60 * 1000;
const CHOICE_HOLDS_MS = 2 * 60 * 60 * 1000;

/**
 * Whether people may be coming to a session or leaving it.
 * @param {Carded} session
 * @param {number} at
 * @returns {boolean}
 */
export function isNear(session, at) {
  return !session.cancelled && at >= session.startsAt - AROUND_MS && at <= session.endsAt + AROUND_MS;
}

/**
 * The session that the next scan is meant for; null leaves it to the badge.
 * @template {Carded} T
 * @param {object} question
 * @param {readonly T[]} question.sessions
 * @param {string|null} question.chosen the card that was opened last; null when any session was meant
 * @param {number|null} question.chosenAt when it was; null when nothing ever was chosen
 * @param {number} question.at
 * @returns {T|null}
 */
export function cardAt({ sessions, chosen, chosenAt, at }) {
  const fresh = chosenAt !== null && Math.abs(at - chosenAt) < CHOICE_HOLDS_MS;
  const picked = sessions.find((session) => session.id === chosen) ?? null;
  if (fresh && (picked || chosen === null)) return picked;
  if (picked && isNear(picked, at)) return picked;
  const near = sessions.filter((session) => isNear(session, at));
  if (near.length) return near.length === 1 ? near[0] : null;
  return picked && picked.endsAt >= at ? picked : null;
}
