import assert from 'node:assert/strict';
import { test } from 'node:test';

import { turnDialog } from '../../static/js/checkin/ui/turn.js';

const HOUR = 3_600_000;
const SKILL = { id: 'loto', name: 'Lock-out', neededLevel: 3, levels: ['shown', 'with help', 'alone'].map((name) => ({ name })) };
const COHORT = { id: 'a', name: 'A', courseId: 'c', policy: { graceMinutes: 7, assessmentRequired: true, passMark: 70 }, skills: [SKILL] };

/** @param {string} id @param {number} startsAt */
function session(id, startsAt) {
  const course = { cohort: 'a', courseId: 'c', course: 'Welding', placeId: 'p', place: 'Mill', zone: 'America/Denver' };
  return { ...course, id, startsAt, endsAt: startsAt + 4 * HOUR, breaks: [], cancelled: false, adHoc: false };
}

/** @param {string} id @param {object} body */
function fact(id, body) {
  return { hash: id, id, incarnation: '1', seq: 1, session: 'now', at: HOUR, timeNote: null, verdict: null, code: null, body };
}

/** @param {any} node @returns {string} */
function textOf(node) {
  return typeof node === 'string' ? node : node.children.map(textOf).join(' ');
}

/** @param {object[]} sessions */
function closing(sessions) {
  const enrollments = ['Ana', 'Bo', 'Cy'].map((name) => ({ id: name, cohort: 'a', name, employer: 'Mill', badgeHash: null, status: 'enrolled' }));
  const facts = [
    ...['Ana', 'Bo'].map((enrollment) => fact(`in ${enrollment}`, { type: 'check_in', enrollment })),
    fact('1', { type: 'assessment', enrollment: 'Ana', score: 60 }),
    fact('2', { type: 'sign_off', enrollment: 'Ana', skill: 'loto', level: 2 }),
    fact('3', { type: 'assessment', enrollment: 'Bo', score: 80 }),
    fact('4', { type: 'sign_off', enrollment: 'Bo', skill: 'loto', level: 3 }),
  ];
  const state = { pack: { sessions, cohorts: [COHORT], enrollments, revoked: [] }, settings: { card: 'now', cardChosenAt: HOUR }, now: HOUR, facts };
  return textOf(turnDialog(/** @type {any} */ (state), /** @type {any} */ ({}), { kind: 'close', session: 'now' }));
}

test('before the last session is closed, whoever came and lacks something is listed with what it is', () => {
  const words = closing([session('now', 0)]);
  assert.match(words, /This is the last session, and 1 person lacks something/);
  assert.match(words, /Ana Assessment: 60, needs 70; Lock-out \(level 2, needs 3\)/);
  assert.doesNotMatch(words, /Bo A|Cy/);
});

test('while another session is to come, nobody is listed', () => {
  assert.doesNotMatch(closing([session('now', 0), session('later', 24 * HOUR)]), /last session/);
});
