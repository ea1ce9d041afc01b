/** How a recorded fact is worded. */

import { uuid7 } from './ids.js';

/**
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').EventType} EventType
 * @typedef {import('./types.js').Method} Method
 * @typedef {import('./types.js').Who} Who
 */

/**
 * @typedef {object} Telling
 * @property {EventType} type
 * @property {Session|null} session where it belongs
 * @property {Session|null} chosen the card that was open
 * @property {Method} method
 * @property {string|null} by the trainer
 * @property {Who} [who]
 * @property {Partial<Body>} [more] what this type of event needs beyond
 */

/**
 * @param {Telling} telling
 * @param {import('./corrected_time.js').TimeReading} reading
 * @returns {Body}
 */
export function bodyOf({ type, session, chosen, method, by, who = {}, more = {} }, reading) {
  const adHoc = session?.adHoc ? { ad_hoc: describedBy(session) } : {};
  return {
    v: 1,
    id: uuid7(reading.wall_ms),
    type,
    session: session && !session.adHoc ? session.id : null,
    chosen_session: chosen && !chosen.adHoc ? chosen.id : null,
    method,
    wall_ms: reading.wall_ms,
    mono_ms: reading.mono_ms,
    boot: reading.boot,
    sync: reading.sync,
    by,
    ...who,
    ...adHoc,
    ...more,
  };
}

/**
 * What a session made on the phone tells the office: its words, and the place's id where that was chosen from the pack.
 * @param {Session} session
 */
function describedBy({ id, course, place, placeId }) {
  return { id, course, place, ...(placeId === id ? {} : { place_id: placeId }) };
}

/**
 * The session that a fact is shown under: the server's id, or the ad-hoc session's own.
 * @param {Body} body
 * @returns {string|null}
 */
export function sessionOf(body) {
  return body.session ?? body.ad_hoc?.id ?? null;
}

/**
 * One word for the person a fact is about, whatever names them; null when it is about nobody.
 * @param {Who} who
 * @param {import('./crew.js').EnrollmentFinder} enrollmentOf
 * @returns {string|null}
 */
export function personKey(who, enrollmentOf) {
  if (who.enrollment) return `enrollment:${enrollmentOf({ enrollment: who.enrollment }) ?? who.enrollment}`;
  if (who.walk_in) {
    const enrollment = enrollmentOf({ walkIn: who.walk_in.id });
    return enrollment ? `enrollment:${enrollment}` : `walk_in:${who.walk_in.id}`;
  }
  if (who.badge_hash) {
    const enrollment = enrollmentOf({ hash: who.badge_hash });
    return enrollment ? `enrollment:${enrollment}` : `badge:${who.badge_hash}`;
  }
  if (who.badge_code) {
    const enrollment = enrollmentOf({ code: who.badge_code });
    return enrollment ? `enrollment:${enrollment}` : `code:${who.badge_code}`;
  }
  return null;
}
