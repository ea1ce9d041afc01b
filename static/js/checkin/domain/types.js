/**
 * The shapes that the parts of the client hand to one another.
 *
 * @typedef {{startsAt: number, endsAt: number}} Span
 *
 * @typedef {object} Session one meeting of a cohort, as the pack tells it; instants in milliseconds
 * @property {string} id
 * @property {string} cohort
 * @property {string} courseId
 * @property {string} course
 * @property {string} [courseEs] its Spanish title, where it has one
 * @property {string} placeId
 * @property {string} place
 * @property {string} zone
 * @property {number} startsAt
 * @property {number} endsAt
 * @property {Span[]} breaks
 * @property {boolean} cancelled called off by the office
 * @property {boolean} adHoc made on this phone, unknown to the server
 *
 * @typedef {object} Policy
 * @property {number} graceMinutes
 * @property {boolean} assessmentRequired
 * @property {number|null} passMark
 * @property {string} [assessment] what it is called
 * @property {string} [assessmentEs]
 * @property {number} [maxAttempts] more do not count
 * @property {boolean} [lastCounts] of several attempts the last counts, not the best
 *
 * @typedef {object} Skill
 * @property {string} id
 * @property {string} name
 * @property {string} [nameEs]
 * @property {boolean} [required] false where completing does not ask for it
 * @property {number} [neededLevel] the place on its scale, from 1, at which it counts
 * @property {{name: string, nameEs?: string}[]} [levels] its scale, the lowest first
 *
 * @typedef {object} Cohort
 * @property {string} id
 * @property {string} name
 * @property {string} courseId
 * @property {Policy} policy
 * @property {Skill[]} skills
 * @property {boolean} [asksInitials] whoever comes in by badge is asked for initials
 *
 * @typedef {object} Enrollment
 * @property {string} id
 * @property {string} cohort
 * @property {string} name
 * @property {string} employer
 * @property {string|null} badgeHash
 * @property {string} status
 * @property {string[]} [otherBadges] hashes of badges printed before the office knew whose they are, which still count
 * @property {string[]} [walkIns] ids under which a phone let the person in before the office knew them
 * @property {string[]} [otherEnrollments] ids under which phones knew the person here before two records became one
 *
 * @typedef {object} Pack everything that the phone knows of the coming days
 * @property {Session[]} sessions
 * @property {Cohort[]} cohorts
 * @property {Enrollment[]} enrollments
 * @property {string[]} revoked
 *
 * @typedef {{id: string, name: string, employer: string}} WalkIn
 *
 * @typedef {object} Who exactly one of these names the person; a scanned badge that is known carries its enrollment too
 * @property {string} [badge_hash]
 * @property {string} [badge_code]
 * @property {string} [enrollment]
 * @property {WalkIn} [walk_in]
 *
 * @typedef {'check_in'|'check_out'|'void'|'walk_in'|'excuse'|'session_open'|'session_close'|'session_reopen'
 *   |'session_cancel'|'assessment'|'sign_off'|'consent'|'note'|'initials'} EventType
 *
 * @typedef {'scan'|'code'|'manual'|'reader'|'crew'|'paper'} Method
 *
 * @typedef {import('./corrected_time.js').TimeReading & Who & {
 *   v: 1, id: string, type: EventType, session: string|null, chosen_session: string|null, method: Method, by: string|null,
 *   reason?: string, target?: string, make_up?: boolean, not_enrolled?: boolean,
 *   ad_hoc?: {id: string, course: string, place: string, place_id?: string}, note?: string, ended_ms?: number, score?: number,
 *   recorded_ms?: number, skill?: string, level?: number, granted?: boolean, text?: string,
 * }} Body what a frame says
 *
 * @typedef {object} Fact a recorded event as the screens use it
 * @property {string} hash
 * @property {string} id
 * @property {string} incarnation
 * @property {number} seq
 * @property {Body} body
 * @property {string|null} session the session it belongs to here; an ad-hoc session's own id too
 * @property {number} at corrected time in milliseconds
 * @property {'corrected'|'unsure'|null} timeNote whether the time is another than the phone's clock showed, or unsure
 * @property {string|null} verdict the server's word, once it has spoken
 * @property {string|null} code why the server set it aside
 *
 * @typedef {'in'|'out'} Direction
 */

export {};
