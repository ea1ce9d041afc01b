/** Reads the server's answers strictly. What is not exactly an answer of this program reads as null. */

import { HELD } from '../domain/frame.js';

/**
 * @typedef {{seq: number, hash: string}} Mark
 * @typedef {{seq: number, hash: string, verdict: string, code?: string, durable: boolean}} Result
 *
 * @typedef {object} EventsAnswer
 * @property {string} epoch
 * @property {number} now
 * @property {Result[]} results
 * @property {Mark} have
 * @property {Mark} durable
 * @property {[number, number][]} missing
 * @property {boolean} durableIsDemo
 *
 * @typedef {{deviceRevoked: true}} Revoked
 *
 * @typedef {object} PackPage
 * @property {false} deviceRevoked
 * @property {string} epoch
 * @property {boolean} reset
 * @property {string} cursor
 * @property {boolean} more
 * @property {number} now
 * @property {string[]|null} badgeHosts
 * @property {string[]} trainersGone who is no trainer any more
 * @property {import('../store/pack.js').Changes} changes
 */

const HASH = /^[0-9a-f]{64}$/;
const VERDICTS = new Set([...HELD, 'retry']);

/** Thrown and caught in this file only. */
class NotOurs extends Error {}

/**
 * @template T
 * @param {() => T} read
 * @returns {T|null}
 */
function orNull(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotOurs) return null;
    throw error;
  }
}

/**
 * @param {any} data
 * @returns {EventsAnswer|null}
 */
export function readEventsAnswer(data) {
  return orNull(() => {
    const answer = {
      epoch: text(data?.epoch),
      now: instant(data.now),
      results: list(data.results).map(result),
      have: mark(data.have),
      durable: mark(data.durable),
      missing: list(data.missing ?? []).map(range),
      durableIsDemo: data.durable_is_demo === true,
    };
    if (answer.durable.seq > answer.have.seq) throw new NotOurs();
    return answer;
  });
}

/**
 * @param {any} data
 * @returns {PackPage|Revoked|null}
 */
export function readPackPage(data) {
  if (data?.device_revoked === true) return { deviceRevoked: true };
  return orNull(() => ({
    deviceRevoked: /** @type {const} */ (false),
    epoch: text(data?.epoch),
    reset: truth(data.reset),
    cursor: String(data.cursor ?? ''),
    more: truth(data.more),
    now: instant(data.now),
    badgeHosts: Array.isArray(data.badge_hosts) ? data.badge_hosts.map(text) : null,
    trainersGone: list(data.trainers_gone ?? []).map(text),
    changes: {
      sessions: list(data.sessions).map(session),
      cohorts: list(data.cohorts).map(cohort),
      enrollments: list(data.enrollments).map(enrollment),
      revoked: list(data.revoked).map(text),
      gone: list(data.gone).map((entry) => text(entry?.id ?? entry)),
    },
  }));
}

/** @param {any} row @returns {import('../domain/types.js').Session} */
function session(row) {
  const course = named(row.course);
  const place = named(row.place);
  return {
    id: text(row.id),
    cohort: text(row.cohort),
    courseId: course.id,
    course: course.name,
    ...(course.nameEs ? { courseEs: course.nameEs } : {}),
    placeId: place.id,
    place: place.name,
    zone: text(row.zone),
    startsAt: instant(row.starts_at),
    endsAt: instant(row.ends_at),
    breaks: list(row.breaks ?? []).map(span),
    cancelled: row.cancelled === true,
    adHoc: false,
  };
}

/** @param {any} row @returns {import('../domain/types.js').Cohort} */
function cohort(row) {
  const policy = row.policy ?? {};
  return {
    id: text(row.id),
    name: String(row.name ?? ''),
    courseId: named(row.course).id,
    policy: {
      graceMinutes: Number(policy.grace_minutes ?? 7),
      assessmentRequired: policy.assessment_required !== false,
      passMark: policy.pass_mark === undefined || policy.pass_mark === null ? null : Number(policy.pass_mark),
      ...(policy.assessment ? { assessment: String(policy.assessment) } : {}),
      ...(policy.assessment_es ? { assessmentEs: String(policy.assessment_es) } : {}),
      ...(policy.max_attempts ? { maxAttempts: Number(policy.max_attempts) } : {}),
      ...(policy.last_attempt_counts === true ? { lastCounts: true } : {}),
    },
    skills: list(row.skills ?? []).map(skill),
    asksInitials: row.asks_initials === true,
  };
}

/** @param {any} row @returns {import('../domain/types.js').Skill} */
function skill(row) {
  const optional = row.required === false ? { required: false } : {};
  if (!row.needed_level) return { ...named(row), ...optional };
  const levels = list(row.levels).map(({ name, name_es: nameEs }) => ({ name: text(name), ...(nameEs ? { nameEs: text(nameEs) } : {}) }));
  return { ...named(row), ...optional, neededLevel: Number(row.needed_level), levels };
}

/** @param {any} row @returns {import('../domain/types.js').Enrollment} */
function enrollment(row) {
  return {
    id: text(row.id),
    cohort: text(row.cohort),
    name: text(row.name),
    employer: String(row.employer?.name ?? row.employer ?? ''),
    badgeHash: row.badge_hash ? text(row.badge_hash) : null,
    status: String(row.status ?? 'enrolled'),
    walkIns: list(row.walk_ins ?? []).map(text),
    otherBadges: list(row.other_badges ?? []).map(text),
    otherEnrollments: list(row.other_enrollments ?? []).map(text),
  };
}

/**
 * A thing that has an id and a name, or is both at once; its Spanish name where it has one.
 * @param {any} value
 * @returns {{id: string, name: string, nameEs?: string}}
 */
function named(value) {
  if (typeof value === 'string') return { id: value, name: value };
  const id = text(value?.id ?? value?.code);
  const spanish = value.title_es ?? value.name_es;
  return { id, name: String(value.title ?? value.name ?? value.code ?? id), ...(spanish ? { nameEs: String(spanish) } : {}) };
}

/** @param {any} value @returns {import('../domain/types.js').Span} */
function span(value) {
  if (Array.isArray(value)) return { startsAt: instant(value[0]), endsAt: instant(value[1]) };
  return { startsAt: instant(value?.starts_at), endsAt: instant(value?.ends_at) };
}

/** @param {any} value @returns {Result} */
function result(value) {
  if (!VERDICTS.has(value?.verdict)) throw new NotOurs();
  const code = typeof value.code === 'string' ? { code: value.code } : {};
  return { ...mark(value), verdict: value.verdict, ...code, durable: value.durable === true };
}

/** @param {any} value @returns {Mark} */
function mark(value) {
  if (!Number.isSafeInteger(value?.seq) || value.seq < 0) throw new NotOurs();
  if (typeof value.hash !== 'string' || !HASH.test(value.hash)) throw new NotOurs();
  return { seq: value.seq, hash: value.hash };
}

/** @param {any} value @returns {[number, number]} */
function range(value) {
  const [first, last] = list(value);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw new NotOurs();
  return [first, last];
}

/** @param {any} value @returns {any[]} */
function list(value) {
  if (!Array.isArray(value)) throw new NotOurs();
  return value;
}

/** @param {any} value @returns {string} */
function text(value) {
  if (typeof value !== 'string' || !value) throw new NotOurs();
  return value;
}

/** @param {any} value @returns {boolean} */
function truth(value) {
  if (typeof value !== 'boolean') throw new NotOurs();
  return value;
}

/** Milliseconds, written as such or as a date. @param {any} value @returns {number} */
function instant(value) {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : NaN;
  if (!Number.isFinite(ms)) throw new NotOurs();
  return Math.round(ms);
}
