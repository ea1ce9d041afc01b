/** Initials that somebody types at the door, beside the name that the badge gives. */

const FEWEST = 2;
const MOST = 4;
const BY_BADGE = new Set(['scan', 'code', 'reader']);

/**
 * Two to four letters in upper case, accents, dots and spaces aside; null where it is anything else.
 * @param {string} typed
 * @returns {string|null}
 */
export function tidied(typed) {
  const letters = [...typed.normalize('NFD').toUpperCase()].filter((one) => /\p{L}/u.test(one));
  return letters.length >= FEWEST && letters.length <= MOST ? letters.join('') : null;
}

/**
 * Whether whoever comes in so is asked for initials: by badge, as somebody of a cohort that wants it.
 * @param {readonly import('./types.js').Cohort[]} cohorts
 * @param {import('./types.js').Enrollment|null} enrollment
 * @param {import('./types.js').Body} body
 * @returns {boolean}
 */
export function isAsked(cohorts, enrollment, body) {
  if (body.type !== 'check_in' || !BY_BADGE.has(body.method)) return false;
  return cohorts.some((one) => one.id === enrollment?.cohort && one.asksInitials === true);
}
