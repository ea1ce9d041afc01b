import assert from 'node:assert/strict';
import { test } from 'node:test';

import 'fake-indexeddb/auto';

import { readLists } from '../../static/js/checkin/site_checks/answers.js';
import { answeredIn, changed, draftFor, faultsOf, newDraft, readNumber, waits } from '../../static/js/checkin/site_checks/drafts.js';
import { createSiteChecks } from '../../static/js/checkin/site_checks/index.js';
import { createChecks, openChecks } from '../../static/js/checkin/site_checks/store.js';
import { fetchLists, sendDrafts } from '../../static/js/checkin/site_checks/sync.js';
import { createTyping } from '../../static/js/checkin/site_checks/typing.js';
import { pause } from '../../static/js/lib/timing.js';

/** @typedef {import('../../static/js/checkin/site_checks/store.js').Draft} Draft */

const TOM = '01900000-0000-7000-8000-00000000aaaa';
const NOW = 1_776_000_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const WORDS = { group: 'The pad', label: 'Length', ask: 'How long?', needs: '', unit: 'ft', choices: {} };

/** @param {string} key @param {string} kind */
const question = (key, kind) => ({ key, kind, highest: 1000, choices: [], words: { en: WORDS, es: WORDS } });

/** What the office tells of the checklists. */
const told = () => ({
  now: NOW,
  labs: [{ id: 'lab', name: 'Welding lab', questions: [question('pad_length_ft', 'number'), question('restrooms', 'yes'), question('gate', 'yes')] }],
  visits: [
    {
      lab: 'lab', site: { id: 'site', name: 'Mill gate 3', zone: 'America/Denver' }, arrives_on: '2026-04-13', trainers: [TOM],
      known: { pad_length_ft: 60, moon: 1 }, verdict: null, holds_until: null,
    },
  ],
});

/** The office's end: keeps drafts by id and revision, and can be told to misbehave. */
class Office {
  /** @type {Map<string, any>} */
  kept = new Map();
  /** @type {any[]} */
  asked = [];
  /** @type {((draft: any, honest: any) => any)|null} */
  twist = null;

  siteChecks = async () => ({ ok: /** @type {const} */ (true), data: told() });

  /** @param {any} draft */
  keepSiteCheck = async (draft) => {
    this.asked.push(structuredClone(draft));
    const answer = { ok: true, data: { id: draft.id, revision: draft.revision, final: false } };
    if (!this.twist) this.kept.set(draft.id, structuredClone(draft));
    return this.twist ? this.twist(draft, answer) : answer;
  };
}

let phones = 0;

/** A phone with the checklists on it, and one draft begun. */
async function begun() {
  phones += 1;
  const name = `checks-${process.pid}-${phones}`;
  const checks = createChecks(await openChecks(name));
  const office = new Office();
  const parts = { checks, api: /** @type {any} */ (office), now: async () => NOW };
  await fetchLists(parts);
  const lists = /** @type {any} */ (await checks.lists());
  const draft = newDraft({ visit: lists.visits[0], lab: lists.labs[0], trainer: TOM, now: NOW });
  await checks.begin(draft);
  const here = async () => /** @type {Draft} */ ((await checks.drafts())[0]);
  return { name, checks, office, parts, id: draft.id, here };
}

test('a draft begins with what is known, on the day it is there, and waits for nothing', async () => {
  const { here, office, parts } = await begun();
  const draft = await here();
  assert.deepEqual([draft.answers, draft.known, draft.checkedOn], [{ pad_length_ft: 60 }, ['pad_length_ft'], '2026-04-12']);
  assert.deepEqual([answeredIn(draft), waits(draft)], [1, false]);
  await sendDrafts(parts);
  assert.deepEqual(office.asked, []);
});

test('what is typed is there when the phone starts anew, and is sent once', async () => {
  const { name, checks, office, parts, id, here } = await begun();
  await checks.change(id, { answers: { restrooms: true } }, NOW);
  await checks.change(id, { answers: { pad_length_ft: 48 }, notes: 'Second gate.' }, NOW);
  checks.close();
  const again = { ...parts, checks: createChecks(await openChecks(name)) };
  await sendDrafts(again);
  await sendDrafts(again);
  assert.equal(office.asked.length, 1);
  const { answers, notes, revision, site, lab, by } = office.asked[0];
  assert.deepEqual([answers, notes, revision], [{ pad_length_ft: 48, restrooms: true }, 'Second gate.', 2]);
  assert.deepEqual([site, lab, by], ['site', 'lab', TOM]);
  const [draft] = await again.checks.drafts();
  assert.deepEqual([draft.sent, draft.sentAt, draft.known], [2, NOW, []]);
  await assert.rejects(here, 'the first window let go of the database');
});

test('a lost answer is followed by the same draft, under the same id', async () => {
  const { checks, office, parts, id, here } = await begun();
  await checks.change(id, { answers: { gate: false } }, NOW);
  office.twist = (draft) => {
    office.kept.set(draft.id, draft);
    return { ok: false, network: true };
  };
  await sendDrafts(parts);
  assert.ok(waits(await here()));
  office.twist = null;
  await sendDrafts(parts);
  assert.ok(!waits(await here()));
  assert.deepEqual([office.kept.size, office.asked[0]], [1, office.asked[1]]);
});

test('what is typed while a draft is on its way waits on', async () => {
  const { checks, office, parts, id, here } = await begun();
  await checks.change(id, { notes: 'One' }, NOW);
  office.twist = async (_draft, honest) => {
    await checks.change(id, { notes: 'One, two' }, NOW);
    return honest;
  };
  await sendDrafts(parts);
  const draft = await here();
  assert.deepEqual([draft.notes, draft.sent, waits(draft)], ['One, two', 1, true]);
});

for (const [name, answer] of /** @type {[string, any][]} */ ([
  ['a sign-in page', { ok: true, data: { ok: true } }],
  ['the answer to another draft', { ok: true, data: { id: 'other', revision: 1, final: false } }],
  ['an office that is away', { ok: false, status: 503, errors: [{ code: 'unavailable', message: 'Away.', field: null }] }],
  ['an office that knows no such address', { ok: false, status: 404, errors: [{ code: 'not_found', message: 'No.', field: null }] }],
  ['a phone that is not recognized', { ok: false, status: 401, errors: [{ code: 'unknown_token', message: 'No.', field: null }] }],
])) {
  test(`${name} teaches nothing`, async () => {
    const { checks, office, parts, id, here } = await begun();
    await checks.change(id, { notes: 'One' }, NOW);
    const before = await here();
    office.twist = () => answer;
    await sendDrafts(parts);
    assert.deepEqual(await here(), before);
  });
}

test('a refused draft stays with its reasons, is not sent again as it stands, and goes when it was put right', async () => {
  const { checks, office, parts, id, here } = await begun();
  await checks.change(id, { answers: { restrooms: true } }, NOW);
  const errors = [{ code: 'bad_answer', message: 'Choose one of the answers.', field: 'answers.restrooms' }];
  office.twist = () => ({ ok: false, status: 422, errors });
  await sendDrafts(parts);
  await sendDrafts(parts);
  assert.equal(office.asked.length, 1);
  const refused = await here();
  assert.deepEqual([faultsOf(refused), refused.answers.restrooms, waits(refused)], [errors, true, true]);
  await sendDrafts(parts, { again: true });
  assert.equal(office.asked.length, 2);
  office.twist = null;
  await checks.change(id, { answers: { restrooms: null } }, NOW);
  assert.deepEqual(faultsOf(await here()), []);
  await sendDrafts(parts);
  const draft = await here();
  assert.deepEqual([draft.sent, draft.refusal, 'restrooms' in draft.answers], [2, null, false]);
});

test('a refused draft keeps no other from going', async () => {
  const { checks, office, parts, id, here } = await begun();
  await checks.change(id, { notes: 'One' }, NOW);
  await checks.begin({ ...(await here()), id: 'zz', revision: 1, notes: 'Two' });
  office.twist = (draft, honest) => (draft.id === id ? { ok: false, status: 409, errors: [{ code: 'check_final', message: 'Final.', field: null }] } : honest);
  await sendDrafts(parts);
  const [first, second] = await checks.drafts();
  assert.deepEqual([waits(first), waits(second)], [true, false]);
  office.twist = null;
  await checks.renew(id, 'aa');
  await sendDrafts(parts);
  assert.deepEqual([...office.kept.keys()], ['aa']);
  assert.equal(office.kept.get('aa').notes, 'One');
});

test('what a coordinator decided on is no draft to go on with', async () => {
  const { checks, office, parts, id, here } = await begun();
  const { visits: [visit] } = /** @type {any} */ (await checks.lists());
  await checks.done(id);
  assert.equal(draftFor(await checks.drafts(), visit, TOM)?.id, id);
  office.twist = (_draft, { data }) => ({ ok: true, data: { ...data, final: true } });
  await sendDrafts(parts);
  assert.equal((await here()).final, true);
  assert.equal(draftFor(await checks.drafts(), visit, TOM), undefined);
});

test('what was sent is let go after two weeks, what waits never is', async () => {
  const { checks, parts, id } = await begun();
  await checks.change(id, { notes: 'One' }, NOW);
  await checks.tidy(NOW + 400 * DAY_MS);
  assert.equal((await checks.drafts()).length, 1);
  await sendDrafts(parts);
  await checks.change(id, { notes: 'One, two' }, NOW);
  await checks.tidy(NOW + 400 * DAY_MS);
  assert.equal((await checks.drafts()).length, 1);
  await sendDrafts(parts);
  await checks.tidy(NOW + 13 * DAY_MS);
  assert.equal((await checks.drafts()).length, 1);
  await checks.tidy(NOW + 15 * DAY_MS);
  assert.equal((await checks.drafts()).length, 0);
});

test('only a whole answer of the office brings checklists, and a revoked phone forgets them', async () => {
  const { checks, office, parts } = await begun();
  const before = await checks.lists();
  for (const data of [{}, { ...told(), labs: [{ id: 'lab' }] }, { ...told(), visits: [null] }, { ...told(), now: 'today' }]) {
    assert.equal(readLists(data), null);
    office.siteChecks = async () => ({ ok: true, data: /** @type {any} */ (data) });
    assert.equal(await fetchLists(parts), false);
  }
  assert.deepEqual(await checks.lists(), before);
  office.siteChecks = async () => ({ ok: true, data: /** @type {any} */ ({ device_revoked: true }) });
  assert.equal(await fetchLists(parts), true);
  assert.equal(await checks.lists(), null);
});

test('a number that is none stays as it was typed, and is not sent', async () => {
  const length = /** @type {any} */ (question('pad_length_ft', 'number'));
  assert.deepEqual(readNumber(' 48 ', length), { answer: 48, unclear: null });
  assert.deepEqual(readNumber('', length), { answer: null, unclear: null });
  for (const text of ['48.5', '-1', '1001', 'about 50', '1e3']) assert.deepEqual(readNumber(text, length), { answer: null, unclear: text });
  const { checks, office, parts, id, here } = await begun();
  await checks.change(id, { answers: { pad_length_ft: null }, unclear: { pad_length_ft: '48.5' } }, NOW);
  await sendDrafts(parts);
  assert.deepEqual(office.asked[0].answers, {});
  assert.deepEqual((await here()).unclear, { pad_length_ft: '48.5' });
});

/** The screen's side of typing, over a real store. @param {Awaited<ReturnType<typeof begun>>} phone */
async function typingOn({ checks }) {
  const screen = { drafts: await checks.drafts(), keeping: false, unkept: false, failures: 0 };
  const typing = createTyping(checks, async () => NOW, {
    shown: () => ({ lists: null, ...screen }),
    show: (changes) => void Object.assign(screen, changes),
    failed: () => void (screen.failures += 1),
  });
  return { screen, typing };
}

test('letters that come faster than the disk are all kept, and none leaves the screen', async () => {
  const phone = await begun();
  const { screen, typing } = await typingOn(phone);
  const words = 'The gate on the left.';
  const typed = [];
  for (let end = 1; end <= words.length; end += 1) {
    typed.push(typing.type(phone.id, { notes: words.slice(0, end) }));
    assert.equal(screen.drafts[0].notes, words.slice(0, end));
    if (end % 5 === 0) await phone.here();
    assert.equal(screen.drafts[0].notes, words.slice(0, end));
  }
  await Promise.all(typed);
  assert.equal((await phone.here()).notes, words);
  assert.deepEqual(screen.drafts, await phone.checks.drafts());
});

test('nothing is called kept before it is on the disk', async () => {
  const phone = await begun();
  const { screen, typing } = await typingOn(phone);
  const typed = typing.type(phone.id, { notes: 'One' });
  assert.equal(screen.keeping, true);
  await typed;
  assert.equal((await phone.here()).notes, 'One');
  while (screen.keeping) await pause(20);
});

test('what the disk does not take stands on the screen, is said, and goes along with the next letter', async () => {
  const phone = await begun();
  const { screen, typing } = await typingOn(phone);
  const { change } = phone.checks;
  phone.checks.change = () => Promise.reject(new Error('full'));
  const told_ = console.error;
  console.error = () => {};
  await typing.type(phone.id, { notes: 'One' });
  console.error = told_;
  assert.deepEqual([screen.unkept, screen.failures, screen.drafts[0].notes], [true, 1, 'One']);
  phone.checks.change = change;
  await typing.type(phone.id, { answers: { gate: true } });
  const kept = await phone.here();
  assert.deepEqual([screen.unkept, kept.notes, kept.answers.gate], [false, 'One', true]);
});

test('typing takes the mark of an old answer away', () => {
  const draft = /** @type {any} */ ({ answers: { a: 1, b: 2 }, unclear: {}, known: ['a', 'b'], revision: 0 });
  assert.deepEqual(changed(draft, { answers: { a: null } }, NOW).known, ['b']);
  assert.deepEqual(changed(draft, { notes: 'x' }, NOW).known, ['a', 'b']);
});

test('a trainer does not leave the phone before the office has the drafts; then all of it goes along', async () => {
  const office = new Office();
  const state = { device: {}, settings: { trainer: TOM } };
  /** @type {any} */
  let told_ = null;
  const desk = /** @type {any} */ ({ state: () => state, show: (/** @type {any} */ { checks }) => void (told_ = checks ?? told_), warn: assert.fail });
  /** @type {Promise<any>} */
  let before = Promise.resolve();
  const locks = { request: (/** @type {any} */ _name, /** @type {any} */ work) => (before = before.then(work)) };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks } });
  Object.defineProperty(globalThis, 'location', { configurable: true, value: { hash: '' } });
  const own = await createSiteChecks(/** @type {any} */ ({ api: office, actions: { now: async () => NOW } }), desk);
  assert.deepEqual(told_, { waiting: 0, refused: 0, any: false });
  await own.synced();
  await own.open(/** @type {any} */ (own.shown().lists).visits[0]);
  const [{ id }] = own.shown().drafts;
  assert.equal(location.hash, `#/site-check/${id}`);
  office.twist = () => ({ ok: false, status: 403, errors: [{ code: 'device_revoked', message: 'No.', field: null }] });
  await own.done(id);
  await own.send();
  assert.deepEqual([told_, own.holds(TOM), own.holds('somebody else')], [{ waiting: 1, refused: 1, any: true }, true, false]);
  office.twist = null;
  // Who insists while a pass is under way is not sent away.
  void own.send();
  await own.send({ again: true });
  assert.deepEqual([told_, own.holds(TOM)], [{ waiting: 0, refused: 0, any: true }, false]);
  desk.state().device.revoked = true;
  await own.synced();
  assert.deepEqual([own.shown().drafts.length, own.shown().lists], [1, null], 'a revoked phone forgets where its trainers go');
  desk.state().device.revoked = false;
  await own.synced();
  assert.equal(own.shown().lists?.visits.length, 1);
  await own.forget(TOM, true);
  assert.deepEqual([own.shown().drafts, own.shown().lists, told_.any], [[], null, false]);
});
