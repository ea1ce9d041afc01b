import assert from 'node:assert/strict';
import { test } from 'node:test';

import { speak } from '../../static/js/lib/gettext.js';
import { courseName, skillName } from '../../static/js/checkin/ui/parts.js';
import { pull } from '../../static/js/checkin/sync/pull.js';
import { push } from '../../static/js/checkin/sync/push.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

const EPOCH = '01900000-0000-7000-8000-000000000001';
const LATER = '01900000-0000-7000-8000-000000000002';

/**
 * @param {string} id
 * @param {object} [more]
 */
const enrollment = (id, more = {}) => ({
  id, cohort: 'c1', name: `Worker ${id}`, employer: 'Mill', badge_hash: null, status: 'enrolled', ...more,
});

/** @param {object} [more] */
const page = (more = {}) => ({
  epoch: EPOCH, reset: false, cursor: 1, more: false, now: 1_776_000_000_000,
  sessions: [], cohorts: [], enrollments: [], revoked: [], gone: [], ...more,
});

/** @param {any[]} pages */
async function phoneWith(...pages) {
  const office = new Office();
  const phone = await pairedPhone(office);
  /** @type {any[]} */
  const asked = [];
  phone.api = /** @type {any} */ ({
    pack: async (/** @type {any} */ place) => {
      asked.push(place);
      const next = pages.length > 1 ? pages.shift() : pages[0];
      return next.ok === false ? next : { ok: true, data: next };
    },
  });
  const names = async () => (await phone.store.pack()).enrollments.map((one) => one.id);
  return { phone, asked, pages, names };
}

test('pages are read to the end and kept at once, with the cursor', async () => {
  const { phone, asked, names } = await phoneWith(
    page({ reset: true, cursor: 5, more: true, enrollments: [enrollment('a'), enrollment('b')] }),
    page({ cursor: 9, enrollments: [enrollment('c')], gone: ['a'] }),
  );
  assert.deepEqual(await pull(phone), { ok: true });
  assert.deepEqual(asked, [{ epoch: '', cursor: '' }, { epoch: EPOCH, cursor: '5' }]);
  assert.deepEqual(await names(), ['b', 'c']);
  assert.deepEqual([(await phone.store.packState())?.epoch, (await phone.store.packState())?.cursor], [EPOCH, '9']);
});

test('a failure in the middle leaves the roster as it was', async () => {
  const { phone, pages, names } = await phoneWith(page({ reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  pages.splice(0, 1, page({ reset: true, more: true, cursor: 7, enrollments: [enrollment('z')] }), { ok: false, network: true });
  assert.deepEqual(await pull(phone), { ok: false, why: 'offline' });
  assert.deepEqual(await names(), ['a']);
  assert.equal((await phone.store.packState())?.cursor, '1');
});

test('a new epoch starts the roster anew and keeps every record', async () => {
  const { phone, pages, names } = await phoneWith(page({ reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  await walkIns(phone, 2);
  pages[0] = page({ epoch: LATER, reset: true, enrollments: [enrollment('b')] });
  await pull(phone);
  assert.deepEqual(await names(), ['b']);
  assert.equal((await phone.store.rows()).length, 2);
});

test('an answer of an older epoch is ignored', async () => {
  const { phone, pages, names } = await phoneWith(page({ epoch: LATER, reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  pages[0] = page({ epoch: EPOCH, reset: true, enrollments: [enrollment('old')] });
  assert.deepEqual(await pull(phone), { ok: false, why: 'old' });
  assert.deepEqual(await names(), ['a']);
});

test('what is no pack teaches nothing', async () => {
  const { phone, pages, names } = await phoneWith(page({ reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  const { sessions: _gone, ...withoutSessions } = page({ reset: true });
  const odd = [{}, { welcome: true }, withoutSessions, page({ reset: 'yes' }), page({ enrollments: [{ id: 'x' }] }), page({ sessions: 3 })];
  for (const data of odd) {
    pages[0] = data;
    assert.deepEqual(await pull(phone), { ok: false, why: 'not_ours' }, JSON.stringify(data));
    assert.deepEqual(await names(), ['a']);
  }
});

test('a badge that the office brought back is revoked no more', async () => {
  const badge = 'b'.repeat(64);
  const held = (/** @type {string|null} */ hash) => [enrollment('a', { badge_hash: hash })];
  const { phone, pages } = await phoneWith(page({ reset: true, enrollments: held(badge) }));
  await pull(phone);
  const revoked = async () => (await phone.store.pack()).revoked;
  pages[0] = page({ cursor: 2, enrollments: held(null), revoked: [badge] });
  await pull(phone);
  assert.deepEqual(await revoked(), [badge]);
  pages[0] = page({ cursor: 3, enrollments: held(badge) });
  await pull(phone);
  assert.deepEqual(await revoked(), []);
  // Both in one pull: revoked on its first page, brought back on the next.
  pages.splice(0, 1, page({ cursor: 4, more: true, enrollments: held(null), revoked: [badge] }), page({ cursor: 5, enrollments: held(badge) }));
  await pull(phone);
  assert.deepEqual(await revoked(), []);
});

test('a revoked phone forgets names and keeps records', async () => {
  const { phone, pages, names } = await phoneWith(page({ reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  await walkIns(phone, 1);
  pages[0] = { device_revoked: true };
  await pull(phone);
  assert.deepEqual(await names(), []);
  assert.equal((await phone.store.device())?.revoked, true);
  assert.equal((await phone.store.rows()).length, 1);
});

test('who is no trainer any more leaves the phone, and nothing else does', async () => {
  const { phone, pages, names } = await phoneWith(page({ reset: true, enrollments: [enrollment('a')] }));
  await pull(phone);
  await walkIns(phone, 1);
  const [first] = await phone.store.trainers();
  await phone.store.keepPairing({ device: null, trainer: { id: 'tess', name: 'Tess' } });
  pages[0] = page({ cursor: 2, trainers_gone: ['tess', 'nobody'] });
  assert.deepEqual(await pull(phone), { ok: true });
  assert.deepEqual(await phone.store.trainers(), [first]);
  // Nobody records in another's name unasked.
  assert.equal((await phone.store.settings()).trainer, null);
  await walkIns(phone, 1);
  await phone.store.changeSettings({ trainer: first.id });
  pages[0] = page({ cursor: 3, trainers_gone: ['tess'] });
  await pull(phone);
  assert.equal((await phone.store.settings()).trainer, first.id);
  pages[0] = page({ cursor: 4, trainers_gone: [first.id, 'tess'] });
  await pull(phone);
  assert.deepEqual(await phone.store.trainers(), []);
  assert.deepEqual(await names(), ['a'], 'what leaves the roster is told row by row');
  assert.equal((await phone.store.device())?.revoked, false);
  assert.deepEqual((await phone.store.rows()).map((row) => row.state), ['waiting', 'waiting']);
  assert.ok(await phone.store.keys());
});

test('sessions that the phone made up survive a new roster', async () => {
  const { phone } = await phoneWith(page({ reset: true }));
  const made = await phone.actions.adHocSession({ course: 'Welding', place: 'Lot', zone: 'America/Denver' });
  await pull(phone);
  assert.deepEqual((await phone.store.pack()).sessions.map((session) => session.id), [made.id]);
});

test('courses and skills are read in both languages where the office has both', async () => {
  const course = { id: 'w', code: 'W', title: 'Welding', title_es: 'Soldadura' };
  const { phone } = await phoneWith(page({
    reset: true,
    sessions: [{ ...ended('s1', 'c', 0), course }, ended('s2', 'c', 0)],
    cohorts: [{ ...cohort('c'), skills: [{ id: 'k', name: 'Lock-out', name_es: 'Bloqueo' }, { id: 'l', name: 'Fit-up' }] }],
  }));
  await pull(phone);
  const pack = await phone.store.pack();
  speak('es', {});
  assert.deepEqual(pack.sessions.map(courseName), ['Soldadura', 'Welding']);
  assert.deepEqual(pack.cohorts[0]?.skills.map(skillName), ['Bloqueo', 'Fit-up']);
  speak('en', {});
  assert.deepEqual(pack.sessions.map(courseName), ['Welding', 'Welding']);
  assert.deepEqual(pack.cohorts[0]?.skills.map(skillName), ['Lock-out', 'Fit-up']);
});

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = 1_776_000_000_000;

/**
 * A session that ended so many days before now.
 * @param {string} id
 * @param {string} cohort
 * @param {number} days
 */
const ended = (id, cohort, days) => ({
  id, cohort, course: { id: 'w', code: 'W', title: 'Welding' }, place: { id: 'p', name: 'Mill' }, zone: 'America/Denver',
  starts_at: NOW - days * DAY_MS - 4 * 60 * 60 * 1000, ends_at: NOW - days * DAY_MS, breaks: [],
});
const cohort = (/** @type {string} */ id) => ({ id, name: id, course: { id: 'w' }, policy: {}, skills: [] });

test('names and badges leave the phone two weeks after the last session of their cohort', async () => {
  const { phone, asked, names } = await phoneWith(page({
    reset: true,
    sessions: [ended('s1', 'old', 15), ended('s2', 'new', 15), ended('s3', 'new', 3)],
    cohorts: [cohort('old'), cohort('new')],
    enrollments: [enrollment('a', { cohort: 'old' }), enrollment('b', { cohort: 'new' })],
  }));
  await pull(phone);
  await walkIns(phone, 1);
  await phone.store.tidy(NOW);
  const kept = await phone.store.pack();
  assert.deepEqual([kept.sessions, kept.cohorts, kept.enrollments].map((rows) => rows.map((one) => one.id)), [['s3'], ['new'], ['b']]);
  assert.equal((await phone.store.rows()).length, 1);
  assert.equal((await phone.store.packState())?.fetchedAt, NOW);
  // Whoever was let go because a clock was wrong comes back with the next signal.
  await phone.store.tidy(NOW + 30 * DAY_MS);
  assert.deepEqual(await names(), []);
  await pull(phone);
  assert.deepEqual(asked.at(-1), { epoch: EPOCH, cursor: '' });
  assert.deepEqual(await names(), ['a', 'b']);
});

test('a clock that stands in another year takes no roster from a phone without signal', async () => {
  const { phone, names } = await phoneWith(page({
    reset: true, sessions: [ended('s', 'c1', 1)], cohorts: [cohort('c1')], enrollments: [enrollment('a')],
  }));
  await pull(phone);
  await phone.store.tidy(Date.UTC(2100, 0, 1));
  assert.deepEqual(await names(), ['a']);
  assert.equal((await phone.store.pack()).sessions.length, 1);
});

test('while nothing is over the roster is not asked for anew', async () => {
  const { phone, asked } = await phoneWith(page({
    reset: true, sessions: [ended('s', 'c1', 1)], cohorts: [cohort('c1')], enrollments: [enrollment('a')],
  }));
  await pull(phone);
  await phone.store.tidy(NOW);
  await pull(phone);
  assert.deepEqual(asked.at(-1), { epoch: EPOCH, cursor: '1' });
});

test('who is in a record that still waits stays to be seen, however long there is no signal', async () => {
  const office = new Office();
  const { phone } = await phoneWith(page({
    reset: true,
    sessions: [ended('s1', 'c1', 15), ended('s2', 'c2', 15)],
    cohorts: [cohort('c1'), cohort('c2'), cohort('c3')],
    enrollments: [enrollment('a'), enrollment('b', { cohort: 'c2' }), enrollment('c', { cohort: 'c3' })],
  }));
  await pull(phone);
  const { sessions } = await phone.store.pack();
  const tap = { direction: /** @type {const} */ ('in'), session: sessions[0], card: null, by: null, reason: '' };
  await phone.actions.moved({ ...tap, who: { enrollment: 'a' } });
  await phone.actions.moved({ ...tap, who: { enrollment: 'c' } });
  const left = async () => {
    await phone.store.tidy(NOW);
    const { sessions: days, enrollments } = await phone.store.pack();
    return [days.map((one) => one.id), enrollments.map((one) => one.id)];
  };
  assert.deepEqual(await left(), [['s1'], ['a', 'c']]);
  await push({ ...phone, api: office });
  assert.deepEqual(await left(), [[], []]);
  assert.equal((await phone.store.rows()).length, 2, 'what the office has not backed up stays');
});
