import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAsking } from '../../static/js/checkin/asking.js';
import { shortCode } from '../../static/js/checkin/domain/badge.js';
import { readPackPage } from '../../static/js/checkin/sync/answers.js';
import { ANA, BO, HOSTS, hashOf, STRANGER } from './badges.js';
import { Office } from './office.js';
import { pairedPhone, TRAINER } from './phone.js';

const HOUR = 60 * 60 * 1000;

/** A door at which Ana's cohort is asked for initials and Bo's is not; what was recorded is told in few words. */
async function door() {
  const phone = await pairedPhone(new Office());
  const now = Date.now();
  const session = {
    id: 'today', cohort: 'c1', courseId: 'w', course: 'Welding', placeId: 'mill', place: 'Mill', zone: 'America/Denver',
    startsAt: now - HOUR, endsAt: now + 7 * HOUR, breaks: [], cancelled: false, adHoc: false,
  };
  const cohort = { courseId: 'w', policy: { graceMinutes: 7, assessmentRequired: true, passMark: 70 }, skills: [] };
  const person = { employer: 'Mill', status: 'enrolled' };
  await phone.store.applyPack({
    reset: true,
    changes: {
      sessions: [session],
      cohorts: [{ id: 'c1', name: 'c1', ...cohort, asksInitials: true }, { id: 'c2', name: 'c2', ...cohort, asksInitials: false }],
      enrollments: [
        { id: 'e-ana', cohort: 'c1', name: 'Ana Ruiz', badgeHash: await hashOf(ANA), ...person },
        { id: 'e-bo', cohort: 'c2', name: 'Bo Larsen', badgeHash: await hashOf(BO), ...person },
      ],
      revoked: [],
      gone: [],
    },
    state: { epoch: 'e', cursor: '1', fetchedAt: now },
  });
  const moment = { card: session, by: TRAINER };
  /** @type {any} */
  let state = { scan: { shown: null, asking: null }, settings: { kiosk: false }, lock: null, locked: false };
  /** @type {string[]} */
  const warned = [];
  const desk = /** @type {any} */ ({
    state: () => state,
    show: (/** @type {any} */ changes) => (state = { ...state, ...changes }),
    showScan: (/** @type {any} */ changes) => (state = { ...state, scan: { ...state.scan, ...changes } }),
    warn: (/** @type {string} */ text) => warned.push(text),
  });
  /** @type {(() => void)[]} */
  const waiting = [];
  const asking = createAsking(phone, desk, { moment: () => moment, recorded: async () => waiting.shift()?.() });
  /** Until the answer is on the disk. @param {() => void} answer */
  const answered = async (answer) => {
    const kept = new Promise((resolve) => waiting.push(() => resolve(null)));
    answer();
    await kept;
  };
  const scan = (/** @type {string} */ text, /** @type {any} */ more = {}) =>
    phone.actions.scanned({ text, hosts: HOSTS, direction: 'in', method: 'scan', ...moment, ...more });
  const facts = async () => (await phone.store.journal()).sort((one, other) => one.seq - other.seq);
  const told = async () => (await facts()).map(({ body }) => [body.type, body.enrollment, body.text]);
  return { phone, session, moment, desk, asking, answered, scan, facts, told, warned, question: () => state.scan.asking };
}

test('who comes in by a badge of a cohort that asks is asked, and nobody else', async () => {
  const { scan, phone, session, moment } = await door();
  assert.equal((await scan(ANA)).asks, true);
  assert.equal((await scan(ANA)).asks, undefined);
  assert.equal((await scan(ANA, { direction: 'out' })).asks, false);
  assert.equal((await scan(BO)).asks, false);
  assert.equal((await scan(STRANGER)).asks, false);
  const paper = { direction: 'in', method: 'paper', written: Date.now() - HOUR };
  assert.equal((await scan(ANA, paper)).asks, false);
  const another = await door();
  const typed = shortCode(await hashOf(ANA));
  assert.equal((await another.phone.actions.typed({ typed, direction: 'in', written: null, ...another.moment })).asks, true);
  assert.equal((await phone.actions.walkedIn({ name: 'Cy', employer: '', session, ...moment })).asks, undefined);
});

test('the check-in is on the disk before anything is asked, and the initials are a record that names it', async () => {
  const { asking, answered, scan, facts, phone, question } = await door();
  const shown = await scan(ANA, { method: 'reader' });
  assert.equal((await phone.store.rows()).length, 1);
  asking.next(shown);
  asking.intents.initialsTyped('a');
  asking.intents.initialsDone();
  assert.equal(question().wrong, true);
  asking.intents.initialsTyped('a. r.');
  assert.equal(question().wrong, false);
  await answered(() => asking.intents.initialsDone());
  assert.equal(question(), null);
  const [came, given] = (await facts()).map((fact) => fact.body);
  assert.deepEqual(
    [given.type, given.target, given.text, given.enrollment, given.badge_hash, given.session, given.method, given.by],
    ['initials', came.id, 'AR', 'e-ana', came.badge_hash, 'today', 'reader', TRAINER],
  );
});

test('one tap goes on without them, which is recorded too', async () => {
  const { asking, answered, scan, told, question } = await door();
  asking.next(await scan(ANA));
  asking.intents.initialsTyped('ar');
  await answered(() => asking.intents.initialsSkipped());
  assert.equal(question(), null);
  assert.deepEqual(await told(), [['check_in', 'e-ana', undefined], ['initials', 'e-ana', undefined]]);
});

test('the next badge waits for nobody: what was typed so far is kept, and what is no badge ends nothing', async () => {
  const { asking, answered, scan, told, question } = await door();
  asking.next(await scan(ANA));
  asking.intents.initialsTyped('ar');
  asking.next(await scan('not a badge'));
  assert.equal(question().typed, 'ar');
  const bo = await scan(BO);
  await answered(() => asking.next(bo));
  assert.equal(question(), null);
  assert.deepEqual(await told(), [['check_in', 'e-ana', undefined], ['check_in', 'e-bo', undefined], ['initials', 'e-ana', 'AR']]);
});

test('who is undone is asked no more, and a disk that is full says what is kept and what is not', async () => {
  const { asking, scan, told, question, phone, warned } = await door();
  const { fact } = /** @type {any} */ (asking.next(await scan(ANA)), { fact: question().shown.fact });
  asking.forget({ ...fact, id: 'another' });
  assert.ok(question());
  asking.forget(fact);
  assert.equal(question(), null);
  assert.equal((await told()).length, 1);
  asking.next({ ...(await scan(BO)), asks: true });
  phone.store.record = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const { error } = console;
  console.error = () => {};
  asking.intents.initialsSkipped();
  while (!warned.length) await new Promise((resolve) => setTimeout(resolve));
  console.error = error;
  assert.match(warned[0], /^The check-in is recorded\. The initials are not/);
});

test('a phone that hides names asks nobody', async () => {
  const { asking, desk, scan, question } = await door();
  desk.show({ lock: { wrong: 5 }, locked: true });
  asking.next(await scan(ANA));
  assert.equal(question(), null);
});

test('whoever walks on at the kiosk without a word has given none after half a minute', async (context) => {
  const { asking, answered, desk, scan, told, question } = await door();
  desk.show({ settings: { kiosk: true } });
  const shown = await scan(ANA);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  asking.next(shown);
  context.mock.timers.tick(20_000);
  asking.intents.initialsTyped('a');
  context.mock.timers.tick(29_000);
  assert.ok(question(), 'who types is waited for');
  await answered(() => context.mock.timers.tick(1_000));
  assert.equal(question(), null);
  assert.deepEqual((await told()).at(-1), ['initials', 'e-ana', undefined]);
});

test('the pack says which cohorts ask; one of an older office says none does', () => {
  const page = (/** @type {object} */ more) => readPackPage({
    epoch: 'e', reset: true, cursor: 1, more: false, now: 1, sessions: [], enrollments: [], revoked: [], gone: [],
    cohorts: [{ id: 'c', name: 'C', course: 'w', policy: {}, skills: [], ...more }],
  });
  const asks = (/** @type {object} */ more) => /** @type {any} */ (page(more)).changes.cohorts[0].asksInitials;
  assert.deepEqual([asks({ asks_initials: true }), asks({}), asks({ asks_initials: 'yes' })], [true, false, false]);
});
