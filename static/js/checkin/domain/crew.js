/** Who belongs to a session, who came unasked, and where each of them is now. */

import { personKey } from './events.js';
import { presence } from './presence.js';
import { shortCode } from './badge.js';
import { standing } from './voids.js';

/**
 * @typedef {import('./types.js').Pack} Pack
 * @typedef {import('./types.js').Session} Session
 * @typedef {import('./types.js').Fact} Fact
 * @typedef {import('./types.js').Enrollment} Enrollment
 * @typedef {import('./types.js').Who} Who
 *
 * @typedef {object} Member a person as a session's crew list shows them
 * @property {string} key
 * @property {Who} who
 * @property {Enrollment|null} enrollment
 * @property {string} name empty when the phone does not know it
 * @property {string} code of the badge, where that is all that is known
 * @property {string} employer
 * @property {'enrolled'|'make_up'|'not_enrolled'|'walk_in'|'unknown'} standing
 * @property {'in'|'out'|'away'|'excused'} state
 * @property {number|null} since
 * @property {number} minutes
 * @property {string[]} flags
 * @property {Fact[]} facts everything recorded about them here, undone things included
 */

const LEFT = new Set(['withdrawn', 'gone']);

/**
 * @typedef {(named: {hash?: string, code?: string, walkIn?: string, enrollment?: string}) => string|null} EnrollmentFinder
 */

/** Every scan and every list asks; a pack is never changed, only replaced. @type {WeakMap<Pack, EnrollmentFinder>} */
const finders = new WeakMap();

/**
 * Hashes of all badges that count for somebody, the one that they carry now first.
 * @param {Enrollment} enrollment
 * @returns {string[]}
 */
export function badgesOf({ badgeHash, otherBadges = [] }) {
  return badgeHash ? [badgeHash, ...otherBadges] : otherBadges;
}

/**
 * Finds the enrollment behind a badge, a typed code, a walk-in whom the office has enrolled since, or an enrollment
 * that another holds the place of since two records turned out to be one person's.
 * @param {Pack} pack
 * @returns {EnrollmentFinder}
 */
export function enrollmentFinder(pack) {
  const finder = finders.get(pack) ?? newFinder(pack);
  finders.set(pack, finder);
  return finder;
}

/**
 * @param {Pack} pack
 * @returns {EnrollmentFinder}
 */
function newFinder(pack) {
  /** @type {Map<string, string>} */
  const byHash = new Map();
  /** @type {Map<string, string>} */
  const byCode = new Map();
  /** @type {Map<string, string>} */
  const byWalkIn = new Map();
  /** @type {Map<string, string>} */
  const byOther = new Map();
  for (const enrollment of pack.enrollments) {
    for (const id of enrollment.walkIns ?? []) byWalkIn.set(id, enrollment.id);
    for (const id of enrollment.otherEnrollments ?? []) byOther.set(id, enrollment.id);
    if (LEFT.has(enrollment.status)) continue;
    for (const hash of badgesOf(enrollment)) {
      if (!byHash.has(hash)) byHash.set(hash, enrollment.id);
      byCode.set(shortCode(hash), enrollment.id);
    }
  }
  return ({ hash, code, walkIn, enrollment }) =>
    (enrollment && byOther.get(enrollment)) ||
    (hash && byHash.get(hash)) ||
    (code && byCode.get(code)) ||
    (walkIn && byWalkIn.get(walkIn)) ||
    null;
}

/**
 * @param {Fact} fact
 * @returns {import('./presence.js').Told & {body: import('./types.js').Body}}
 */
export function told(fact) {
  const { type, target, ended_ms: endedAt } = fact.body;
  return { id: fact.id, hash: fact.hash, type, at: fact.at, target, endedAt, body: fact.body };
}

/**
 * Everybody of a session: those enrolled, and those who came without being.
 * @param {Pack} pack
 * @param {Session} session
 * @param {readonly Fact[]} facts of this session
 * @returns {Member[]}
 */
export function crewOf(pack, session, facts) {
  const byPerson = grouped(facts, enrollmentFinder(pack));
  const common = commonOf(facts);
  const hours = hoursOf(pack, session);

  /** @type {Member[]} */
  const members = [];
  for (const enrollment of pack.enrollments) {
    if (enrollment.cohort !== session.cohort || LEFT.has(enrollment.status)) continue;
    const key = `enrollment:${enrollment.id}`;
    const own = byPerson.get(key) ?? [];
    byPerson.delete(key);
    members.push(memberOf({ key, enrollment, own, common, hours, session }));
  }
  for (const [key, own] of byPerson) {
    const enrollment = pack.enrollments.find((one) => `enrollment:${one.id}` === key) ?? null;
    const member = memberOf({ key, enrollment, own, common, hours, session });
    if (member.state !== 'away') members.push(member);
  }
  return members.sort((one, other) => one.name.localeCompare(other.name) || (one.key < other.key ? -1 : 1));
}

/**
 * One of a session's people, as `crewOf` would have them; whoever has not come and is not enrolled is away.
 * @param {Pack} pack
 * @param {Session} session
 * @param {readonly Fact[]} facts of this session
 * @param {string|null} key
 * @returns {Member}
 */
export function memberIn(pack, session, facts, key) {
  const own = (key && grouped(facts, enrollmentFinder(pack)).get(key)) || [];
  const enrollment = pack.enrollments.find((one) => `enrollment:${one.id}` === key) ?? null;
  return memberOf({ key: key ?? '', enrollment, own, common: commonOf(facts), hours: hoursOf(pack, session), session });
}

/**
 * @param {Pack} pack
 * @param {Session} session
 * @returns {import('./presence.js').Hours}
 */
function hoursOf(pack, session) {
  const cohort = pack.cohorts.find((one) => one.id === session.cohort);
  return { ...session, graceMinutes: cohort?.policy.graceMinutes ?? 7 };
}

/** @param {readonly Fact[]} facts */
function commonOf(facts) {
  return facts.filter(({ body }) => body.type === 'void' || body.type.startsWith('session_'));
}

/**
 * @param {readonly Fact[]} facts
 * @param {EnrollmentFinder} enrollmentOf
 * @returns {Map<string, Fact[]>}
 */
function grouped(facts, enrollmentOf) {
  /** @type {Map<string, Fact[]>} */
  const byPerson = new Map();
  for (const fact of facts) {
    const key = personKey(fact.body, enrollmentOf);
    if (key) byPerson.set(key, [...(byPerson.get(key) ?? []), fact]);
  }
  return byPerson;
}

/**
 * @param {object} about
 * @param {string} about.key
 * @param {Enrollment|null} about.enrollment
 * @param {Fact[]} about.own what concerns the person
 * @param {Fact[]} about.common what concerns everybody: the session's turns, and undoings
 * @param {import('./presence.js').Hours} about.hours
 * @param {Session} about.session
 * @returns {Member}
 */
function memberOf({ key, enrollment, own, common, hours, session }) {
  const events = [...own, ...common].map(told);
  const answer = presence(hours, events);
  const walkIn = own.at(0)?.body.walk_in;
  const excuse = standing(events).findLast((event) => event.type === 'excuse');
  return {
    key,
    who: whoOf(enrollment, own.at(0)?.body),
    enrollment,
    name: enrollment?.name ?? walkIn?.name ?? '',
    code: codeOf(own.at(0)?.body),
    employer: enrollment?.employer ?? walkIn?.employer ?? '',
    standing: standingOf(enrollment, walkIn, session),
    state: answer.state ?? (excuse ? 'excused' : 'away'),
    since: answer.state ? answer.since : (excuse?.at ?? null),
    minutes: answer.minutes,
    flags: answer.flags,
    facts: own,
  };
}

/**
 * @param {import('./types.js').Body|undefined} body
 * @returns {string}
 */
function codeOf(body) {
  if (body?.badge_code) return body.badge_code;
  return body?.badge_hash ? shortCode(body.badge_hash) : '';
}

/**
 * @param {Enrollment|null} enrollment
 * @param {import('./types.js').Body|undefined} body
 * @returns {Who}
 */
function whoOf(enrollment, body) {
  if (enrollment) return { enrollment: enrollment.id };
  if (body?.walk_in) return { walk_in: body.walk_in };
  if (body?.badge_hash) return { badge_hash: body.badge_hash };
  return { badge_code: body?.badge_code };
}

/**
 * @param {Enrollment|null} enrollment
 * @param {import('./types.js').WalkIn|undefined} walkIn
 * @param {Session} session
 * @returns {Member['standing']}
 */
function standingOf(enrollment, walkIn, session) {
  if (!enrollment) return walkIn ? 'walk_in' : 'unknown';
  return enrollment.cohort === session.cohort ? 'enrolled' : 'make_up';
}

/**
 * Whether the last word on the session is that it closed.
 * @param {readonly Fact[]} facts
 * @returns {boolean}
 */
export function isClosed(facts) {
  return ['session_close', 'session_cancel'].includes(lastTurn(facts)?.type ?? '');
}

/**
 * The last opening, closing, reopening or cancelling that stands.
 * @param {readonly Fact[]} facts
 */
export function lastTurn(facts) {
  return standing(facts.map(told)).findLast((event) => event.type.startsWith('session_'));
}

/**
 * How many of how many are in; guests are in without being enrolled here.
 * @param {readonly Member[]} members
 * @returns {{expected: number, present: number, guests: number, came: number, left: number, excused: number}}
 */
export function counts(members) {
  const expected = members.filter((member) => member.standing === 'enrolled').length;
  return {
    expected,
    present: members.filter((member) => member.state === 'in' && member.standing === 'enrolled').length,
    guests: members.filter((member) => member.state === 'in' && member.standing !== 'enrolled').length,
    came: members.filter(({ state, standing }) => (state === 'in' || state === 'out') && standing === 'enrolled').length,
    left: members.filter((member) => member.state === 'out').length,
    excused: members.filter((member) => member.state === 'excused').length,
  };
}
