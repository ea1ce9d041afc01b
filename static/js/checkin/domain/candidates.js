/** Which session a person's coming or going belongs to. */

import { isNear } from './card.js';

/**
 * @typedef {Pick<import('./types.js').Session, 'id'|'cohort'|'courseId'|'placeId'|'startsAt'|'endsAt'|'cancelled'>} Candidate
 */

/**
 * @template {Candidate} T
 * @typedef {{session: T|null, cohort: string|null, standing: 'enrolled'|'make_up'|'not_enrolled'}} Choice `cohort` is
 *   the person's own, for which it counts
 */

/**
 * Own cohort first, whichever card is open; then another cohort of the same course; then the open card.
 * @template {Candidate} T
 * @param {object} question
 * @param {readonly T[]} question.sessions
 * @param {T|null} question.card the card that is open
 * @param {ReadonlyMap<string, string>} question.cohorts those in which the person is enrolled, with their courses
 * @param {number} question.at
 * @returns {Choice<T>}
 */
export function placeFor({ sessions, card, cohorts, at }) {
  const near = sessions.filter(
    (session) => isNear(session, at) && (!card || session.placeId === card.placeId),
  );
  const own = near.filter((session) => cohorts.has(session.cohort));
  if (own.length) {
    const session = nearest(own, at);
    return { session, cohort: session.cohort, standing: 'enrolled' };
  }
  const courses = new Set(cohorts.values());
  const related = near.filter((session) => courses.has(session.courseId));
  if (related.length) {
    const session = related.find((one) => one.id === card?.id) ?? nearest(related, at);
    return { session, cohort: ownCohortOf(session.courseId, cohorts), standing: 'make_up' };
  }
  if (card && cohorts.has(card.cohort)) return { session: card, cohort: card.cohort, standing: 'enrolled' };
  return { session: card, cohort: null, standing: 'not_enrolled' };
}

/**
 * The session whose start is nearest; of two equally near the earlier, then the one with the smaller id.
 * @template {Candidate} T
 * @param {readonly T[]} sessions
 * @param {number} at
 * @returns {T}
 */
function nearest(sessions, at) {
  return [...sessions].sort(
    (one, other) =>
      Math.abs(one.startsAt - at) - Math.abs(other.startsAt - at) ||
      one.startsAt - other.startsAt ||
      (one.id < other.id ? -1 : 1),
  )[0];
}

/**
 * The person's own cohort of a course: the newest, since ids grow with time.
 * @param {string} course
 * @param {ReadonlyMap<string, string>} cohorts
 * @returns {string|null}
 */
function ownCohortOf(course, cohorts) {
  const own = [...cohorts].filter(([, taught]) => taught === course).map(([cohort]) => cohort);
  return own.sort().at(-1) ?? null;
}
