import assert from 'node:assert/strict';
import { test } from 'node:test';

import { listScreen } from '../../static/js/checkin/site_checks/list.js';
import { openDatabase } from '../../static/js/checkin/store/database.js';
import { statusLine } from '../../static/js/checkin/ui/parts.js';
import { todayScreen } from '../../static/js/checkin/ui/today.js';
import { unsentScreen } from '../../static/js/checkin/ui/unsent.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });

const WARNING = 'That is a lot: ask the coordinator about the backups.';
const intents = /** @type {any} */ ({});

/** All words of a screen. @param {any} node @returns {string} */
const wordsOf = (node) => (node?.children ?? (Array.isArray(node) ? node : [])).map((/** @type {any} */ one) => (typeof one === 'string' ? one : wordsOf(one))).join(' ');

/** @param {{waiting: number, kept: number}} counts @param {object} [more] */
const stateWith = (counts, more = {}) =>
  /** @type {any} */ ({
    counts: { ...counts, carried: 0 }, pack: { sessions: [], cohorts: [], enrollments: [], revoked: [] }, facts: [], unsent: new Set(),
    parcels: [], checks: { waiting: 0, refused: 0, any: false }, sync: { running: false, problem: null, lastOkAt: null }, settings: {}, now: 0, freeBytes: null, server: null, ...more,
  });

test('past 5,000 records that wait for a backup the phone warns, and goes on recording', async () => {
  const phone = await pairedPhone(new Office());
  const database = await openDatabase(phone.name);
  const { store, done } = database.transaction('outbox', 'readwrite');
  const row = { incarnation: 'aa', hash: '', bytes: new Uint8Array(1), state: /** @type {const} */ ('taken'), damagedReplies: 0, savedAt: 0 };
  for (let seq = 1; seq <= 5001; seq += 1) void store.put({ ...row, seq });
  await done;
  await walkIns(phone, 1);
  const counts = await phone.store.counts();
  assert.deepEqual(counts, { waiting: 1, kept: 5001 });
  for (const screen of [todayScreen, unsentScreen]) {
    assert.ok(wordsOf(screen(stateWith(counts), intents)).includes(WARNING), screen.name);
    assert.ok(!wordsOf(screen(stateWith({ waiting: 1, kept: 5000 }), intents)).includes(WARNING), screen.name);
    assert.ok(!wordsOf(screen(stateWith(counts, { server: { durableIsDemo: true } }), intents)).includes(WARNING), screen.name);
  }
});

test('a phone that is nearly full says so before the day', () => {
  const words = (/** @type {number|null} */ freeBytes) => wordsOf(todayScreen(stateWith({ waiting: 0, kept: 0 }, { freeBytes }), intents));
  assert.match(words(19_900_000), /This phone is nearly full: 19 MB are left/);
  assert.doesNotMatch(words(20_000_000), /nearly full/);
  assert.doesNotMatch(words(null), /nearly full/);
});

test('a revoked phone promises no roster and no checklists', () => {
  const state = (/** @type {boolean} */ revoked) => stateWith({ waiting: 0, kept: 0 }, { device: { revoked }, packState: null });
  const shown = () => ({ lists: null, drafts: [], keeping: false, unkept: false });
  const list = listScreen(/** @type {any} */ ({ shown, lookedAt: () => undefined }));
  const words = (/** @type {boolean} */ revoked) => wordsOf([todayScreen(state(revoked), intents), list(state(revoked), intents), statusLine(state(revoked))]);
  assert.match(words(false), /It comes by itself as soon as there is signal.*They come by themselves.*no roster on this phone yet/s);
  assert.match(words(true), /It holds no roster any more and gets none.*It gets no checklists any more.*no roster/s);
  assert.doesNotMatch(words(true), /as soon as there is signal|yet/);
});
