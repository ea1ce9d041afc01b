import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shortCode } from '../../static/js/checkin/domain/badge.js';
import { counts, crewOf, memberIn } from '../../static/js/checkin/domain/crew.js';
import { openDatabase } from '../../static/js/checkin/store/database.js';
import { createStore } from '../../static/js/checkin/store/index.js';
import { ANA, BO, HOSTS, hashOf, STRANGER } from './badges.js';
import { Office } from './office.js';
import { pairedPhone, TRAINER } from './phone.js';

const HOUR = 60 * 60 * 1000;

/**
 * A phone with two cohorts of one course: Ana is in the one that meets now, Bo in the one that meets tomorrow.
 */
async function morning() {
  const phone = await pairedPhone(new Office());
  const now = Date.now();
  const where = { courseId: 'w', course: 'Welding', placeId: 'mill', place: 'Mill', zone: 'America/Denver' };
  const plain = { breaks: [], cancelled: false, adHoc: false };
  const today = { id: 'today', cohort: 'c1', ...where, startsAt: now - HOUR, endsAt: now + 7 * HOUR, ...plain };
  const later = { id: 'later', cohort: 'c2', ...where, startsAt: now + 23 * HOUR, endsAt: now + 31 * HOUR, ...plain };
  const policy = { graceMinutes: 7, assessmentRequired: true, passMark: 70 };
  const person = { employer: 'Mill', status: 'enrolled' };
  await phone.store.applyPack({
    reset: true,
    changes: {
      sessions: [today, later],
      cohorts: ['c1', 'c2'].map((id) => ({ id, name: id, courseId: 'w', policy, skills: [] })),
      enrollments: [
        { id: 'e-ana', cohort: 'c1', name: 'Ana', badgeHash: await hashOf(ANA), ...person },
        { id: 'e-bo', cohort: 'c2', name: 'Bo', badgeHash: await hashOf(BO), ...person },
        { id: 'e-cy', cohort: 'c1', name: 'Cy', badgeHash: null, ...person },
      ],
      revoked: [],
      gone: [],
    },
    state: { epoch: 'e', cursor: '1', fetchedAt: now },
  });
  const moment = { card: today, by: TRAINER };
  const scan = (/** @type {string} */ text, /** @type {'in'|'out'} */ direction = 'in') =>
    phone.actions.scanned({ text, hosts: HOSTS, direction, method: 'scan', ...moment });
  const crew = async () => crewOf(await phone.store.pack(), today, await factsHere(phone));
  return { phone, today, moment, scan, crew };
}

/** @param {import('./phone.js').Phone} phone */
const factsHere = async (phone) => (await phone.store.journal()).filter((fact) => fact.session === 'today');

test('a known badge comes in, and the record says who and where', async () => {
  const { scan, phone } = await morning();
  const shown = await scan(ANA);
  assert.equal(shown.verdict.kind, 'in');
  assert.equal(shown.name, 'Ana');
  const [fact] = await phone.store.journal();
  assert.equal(fact.body.type, 'check_in');
  assert.equal(fact.body.enrollment, 'e-ana');
  assert.equal(fact.body.badge_hash, await hashOf(ANA));
  assert.equal(fact.body.session, 'today');
  assert.equal(fact.body.by, TRAINER);
  const [row] = await phone.store.rows();
  assert.ok(new TextDecoder().decode(row.bytes).endsWith(JSON.stringify(fact.body)));
});

test('the same badge again within two minutes records nothing', async () => {
  const { scan, phone } = await morning();
  const first = await scan(ANA);
  const second = await scan(ANA);
  assert.equal(second.verdict.kind, 'already');
  assert.equal(second.verdict.since, first.at);
  assert.equal((await phone.store.rows()).length, 1);
});

test('after an undo the badge comes in again', async () => {
  const { scan, phone, today, moment, crew } = await morning();
  const { fact } = await scan(ANA);
  await phone.actions.undone({ fact: /** @type {any} */ (fact), session: today, reason: 'slip', ...moment });
  assert.equal((await crew()).find((one) => one.name === 'Ana')?.state, 'away');
  assert.equal((await scan(ANA)).verdict.kind, 'in');
  assert.equal((await phone.store.rows()).length, 3);
});

test('a worker of another cohort makes up a session, under their own enrollment', async () => {
  const { scan, crew } = await morning();
  const shown = await scan(BO);
  assert.deepEqual([shown.verdict.kind, shown.verdict.code], ['in', 'make_up']);
  assert.equal(shown.fact?.body.session, 'today');
  assert.equal(shown.fact?.body.enrollment, 'e-bo');
  assert.equal(shown.fact?.body.make_up, true);
  assert.equal((await crew()).find((one) => one.name === 'Bo')?.standing, 'make_up');
});

test('whoever is enrolled elsewhere goes there, and the record keeps the open card too', async () => {
  const { phone, today } = await morning();
  const next = { ...today, id: 'next', cohort: 'c2', startsAt: today.startsAt, endsAt: today.endsAt };
  await phone.store.applyPack({
    reset: false,
    changes: { sessions: [next], cohorts: [], enrollments: [], revoked: [], gone: ['later'] },
    state: { epoch: 'e', cursor: '2', fetchedAt: 0 },
  });
  await phone.actions.scanned({ text: BO, hosts: HOSTS, direction: 'in', method: 'scan', card: today, by: TRAINER });
  const [fact] = await phone.store.journal();
  assert.deepEqual([fact.body.session, fact.body.chosen_session], ['next', 'today']);
});

test('an unknown badge is recorded, and looked at', async () => {
  const { scan } = await morning();
  const shown = await scan(STRANGER);
  assert.deepEqual([shown.verdict.kind, shown.verdict.code], ['look', 'unknown_badge']);
  assert.equal(shown.fact?.body.not_enrolled, true);
  assert.equal(shown.code, shortCode(await hashOf(STRANGER)));
});

test('what is no badge leaves no trace', async () => {
  const { scan, phone } = await morning();
  for (const text of ['', 'https://example.org', 'x'.repeat(5000), '\u0000']) {
    const shown = await scan(text);
    assert.deepEqual([shown.verdict.kind, shown.verdict.records], ['refused', false]);
  }
  assert.deepEqual(await phone.store.rows(), []);
});

test('a typed code of a badge that was revoked says so, as the badge itself does', async () => {
  const { phone, scan, moment } = await morning();
  const old = await hashOf(STRANGER);
  const state = { epoch: 'e', cursor: '2', fetchedAt: Date.now() };
  await phone.store.applyPack({ reset: false, changes: { sessions: [], cohorts: [], enrollments: [], revoked: [old], gone: [] }, state });
  const shown = await phone.actions.typed({ typed: shortCode(old), direction: 'in', ...moment });
  assert.deepEqual([shown.verdict.kind, shown.verdict.code], ['look', 'revoked']);
  assert.equal(shown.fact?.body.badge_hash, old);
  assert.deepEqual((await scan(STRANGER)).verdict.kind, 'already');
});

test('a typed code finds its person, an unknown one is kept as typed', async () => {
  const { phone, moment } = await morning();
  const known = await phone.actions.typed({ typed: shortCode(await hashOf(ANA)).toLowerCase(), direction: 'in', ...moment });
  assert.equal(known.name, 'Ana');
  assert.equal(known.fact?.body.method, 'code');
  const code = shortCode(await hashOf(STRANGER));
  const unknown = await phone.actions.typed({ typed: code, direction: 'in', ...moment });
  assert.equal(unknown.fact?.body.badge_code, code);
  assert.equal(unknown.fact?.body.badge_hash, undefined);
});

test('a badge read before the roster came is its person afterwards', async () => {
  const { scan, phone, crew } = await morning();
  await scan(STRANGER);
  const badge = { badgeHash: await hashOf(STRANGER), employer: 'Mill', status: 'enrolled' };
  const changes = { sessions: [], cohorts: [], revoked: [], gone: [], enrollments: [{ id: 'e-new', cohort: 'c1', name: 'Dee', ...badge }] };
  await phone.store.applyPack({ reset: false, changes, state: { epoch: 'e', cursor: '2', fetchedAt: 1 } });
  const members = await crew();
  assert.equal(members.find((one) => one.name === 'Dee')?.state, 'in');
  assert.equal(members.length, 3);
});

test('the roster is kept in mind until it changes: by the office, on this phone, in another window', async () => {
  const { phone } = await morning();
  const first = await phone.store.pack();
  assert.equal(await phone.store.pack(), first);
  await phone.actions.adHocSession({ course: 'Welding', place: 'Gravel lot', zone: 'America/Denver' });
  assert.equal((await phone.store.pack()).sessions.length, 3);
  const window = createStore(await openDatabase(phone.name));
  const changes = { sessions: [], cohorts: [], revoked: [], gone: ['e-bo'], enrollments: [] };
  await window.applyPack({ reset: false, changes, state: { epoch: 'e', cursor: '2', fetchedAt: 1 } });
  assert.deepEqual((await phone.store.pack()).enrollments.map((one) => one.name), ['Ana', 'Cy']);
  await window.wipePack();
  assert.deepEqual((await phone.store.pack()).enrollments, []);
});

test('guests are counted apart, and leave as they came', async () => {
  const { phone, today, moment, scan, crew } = await morning();
  await scan(ANA);
  await phone.actions.walkedIn({ name: 'Zoë', employer: 'Dairy', session: today, ...moment });
  const before = await crew();
  assert.deepEqual([counts(before).present, counts(before).guests, counts(before).expected], [1, 1, 2]);
  const guest = /** @type {any} */ (before.find((one) => one.name === 'Zoë'));
  await phone.actions.moved({ who: guest.who, direction: 'out', session: today, reason: '', ...moment });
  const after = await crew();
  assert.equal(after.find((one) => one.name === 'Zoë')?.state, 'out');
  assert.equal(counts(after).guests, 0);
  const [pack, facts] = [await phone.store.pack(), await factsHere(phone)];
  for (const one of after) assert.deepEqual(memberIn(pack, today, facts, one.key), one);
  assert.equal(memberIn(pack, today, facts, 'code:NOBODY').state, 'away');
});

test('a whole crew is recorded in one transaction', async () => {
  const { phone, today, moment, crew } = await morning();
  const whos = (await crew()).map((member) => member.who);
  await phone.actions.crewMoved({ whos, direction: 'in', session: today, ...moment });
  assert.deepEqual((await crew()).map((member) => member.state), ['in', 'in']);
  assert.deepEqual((await phone.store.rows()).map((row) => row.seq), [1, 2]);
});

test('without a roster people are recorded under a session made on the phone', async () => {
  const phone = await pairedPhone(new Office());
  const session = await phone.actions.adHocSession({ course: 'Welding', place: 'Gravel lot', zone: 'America/Denver' });
  const coming = { hosts: HOSTS, direction: /** @type {const} */ ('in'), method: /** @type {const} */ ('scan') };
  const shown = await phone.actions.scanned({ text: ANA, ...coming, card: session, by: TRAINER });
  assert.equal(shown.verdict.records, true);
  assert.equal(shown.fact?.body.session, null);
  assert.deepEqual(shown.fact?.body.ad_hoc, { id: session.id, course: 'Welding', place: 'Gravel lot' });
  assert.equal(shown.fact?.session, session.id);
});

test('a session made on the phone at a place of the pack says which, and lists the sessions there', async () => {
  const { phone, today } = await morning();
  const elsewhere = await phone.actions.adHocSession({ course: 'Welding', place: ` ${today.place} `, zone: 'Asia/Tokyo' });
  assert.equal(elsewhere.placeId, today.placeId);
  assert.equal(elsewhere.zone, today.zone, 'the clocks of the place, not those of the phone');
  const coming = { hosts: HOSTS, direction: /** @type {const} */ ('in'), method: /** @type {const} */ ('scan') };
  const stranger = await phone.actions.scanned({ text: STRANGER, ...coming, card: elsewhere, by: TRAINER });
  assert.equal(stranger.fact?.body.ad_hoc?.place_id, today.placeId);
  const known = await phone.actions.scanned({ text: ANA, ...coming, card: elsewhere, by: TRAINER });
  assert.equal(known.fact?.session, today.id);
});

test('a walk-in whom the office has enrolled since is one person, not two', async () => {
  const { phone, today, moment, crew } = await morning();
  const { fact } = await phone.actions.walkedIn({ name: 'Zoë', employer: 'Dairy', session: today, ...moment });
  const id = /** @type {any} */ (fact).body.walk_in.id;
  const zoe = { id: 'e-zoe', cohort: 'c1', name: 'Zoë', employer: 'Dairy', badgeHash: null, status: 'enrolled', walkIns: [id] };
  const changes = { sessions: [], cohorts: [], revoked: [], gone: [], enrollments: [zoe] };
  await phone.store.applyPack({ reset: false, changes, state: { epoch: 'e', cursor: '2', fetchedAt: 1 } });
  const found = (await crew()).filter((one) => one.name === 'Zoë');
  assert.deepEqual(found.map((one) => [one.state, one.standing, one.who]), [['in', 'enrolled', { enrollment: 'e-zoe' }]]);
  assert.deepEqual([counts(await crew()).expected, counts(await crew()).guests], [3, 0]);
});

test('two records that turned out to be one person are one on a phone that knew them as two for a week', async () => {
  const { phone, scan, crew } = await morning();
  await scan(ANA);
  const hash = await hashOf(ANA);
  const one = { id: 'e-one', cohort: 'c1', name: 'Ana Baca', employer: 'Mill', badgeHash: null, status: 'enrolled' };
  const merged = { ...one, otherBadges: [hash], otherEnrollments: ['e-ana'] };
  const changes = { sessions: [], cohorts: [], revoked: [], gone: ['e-ana'], enrollments: [merged] };
  await phone.store.applyPack({ reset: false, changes, state: { epoch: 'e', cursor: '2', fetchedAt: 1 } });
  const found = (await crew()).filter((member) => member.state === 'in');
  assert.deepEqual(found.map(({ name, standing, who }) => [name, standing, who]), [['Ana Baca', 'enrolled', { enrollment: 'e-one' }]]);
  const left = await scan(ANA, 'out');
  assert.deepEqual([left.verdict.kind, left.name], ['out', 'Ana Baca']);
});

test('the badge that was printed for a walk-in is green once the office knows who it is', async () => {
  const { phone, today, moment } = await morning();
  const text = 'HTTPS://127.0.0.1:8000/B/00000000000000000000000007';
  const scan = { text, hosts: ['127.0.0.1:8000'], direction: /** @type {const} */ ('in'), method: /** @type {const} */ ('scan'), ...moment };
  const unknown = await phone.actions.scanned(scan);
  assert.equal(unknown.verdict.code, 'unknown_badge');
  await phone.actions.undone({ fact: /** @type {any} */ (unknown.fact), session: today, reason: 'again', ...moment });
  const hash = /** @type {any} */ (unknown.fact).body.badge_hash;
  const zoe = { id: 'e-zoe', cohort: 'c1', name: 'Zoë', employer: 'Dairy', badgeHash: 'f'.repeat(64), otherBadges: [hash], status: 'enrolled' };
  const changes = { sessions: [], cohorts: [], revoked: [], gone: [], enrollments: [zoe] };
  await phone.store.applyPack({ reset: false, changes, state: { epoch: 'e', cursor: '3', fetchedAt: 1 } });
  const known = await phone.actions.scanned(scan);
  assert.deepEqual([known.verdict.kind, known.name], ['in', 'Zoë']);
  const typed = await phone.actions.typed({ typed: unknown.code, direction: 'out', ...moment });
  assert.deepEqual([typed.verdict.kind, typed.name], ['out', 'Zoë']);
});
