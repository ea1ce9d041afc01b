import assert from 'node:assert/strict';
import { test } from 'node:test';

import { timeNote } from '../../static/js/checkin/domain/corrected_time.js';
import { uuid7 } from '../../static/js/checkin/domain/ids.js';
import { createRepeats } from '../../static/js/checkin/scanner/repeats.js';
import { listenToReader } from '../../static/js/checkin/scanner/wedge.js';
import { backoff } from '../../static/js/checkin/sync/backoff.js';
import { createClock } from '../../static/js/checkin/sync/clock.js';
import { firstBatch } from '../../static/js/checkin/sync/batches.js';
import { shortName } from '../../static/js/checkin/ui/recent.js';
import { matches } from '../../static/js/checkin/ui/state.js';
import { dayKey, timeOfDay } from '../../static/js/lib/dates.js';
import { _, ngettext, speak } from '../../static/js/lib/gettext.js';

test('ids are of version 7 and sort by time', () => {
  const early = uuid7(1_776_000_000_000);
  const late = uuid7(1_776_000_000_001);
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(early < late);
  assert.equal(new Set(Array.from({ length: 500 }, () => uuid7(1))).size, 500);
});

test('waiting grows, stays under five minutes, and differs between phones', () => {
  const longest = [1, 2, 3, 4, 20].map((failures) => backoff(failures, () => 1));
  assert.deepEqual(longest, [...longest].sort((one, other) => one - other));
  assert.ok(longest.at(-1) === 5 * 60 * 1000);
  assert.ok(backoff(3, () => 0) < backoff(3, () => 1));
});

test('a badge held before the camera is meant once', () => {
  let now = 0;
  const repeats = createRepeats(() => now);
  assert.equal(repeats.isNew('a'), true);
  for (now = 100; now < 10_000; now += 100) assert.equal(repeats.isNew('a'), false);
  assert.equal(repeats.isNew('b'), true);
  now += 5_000;
  assert.equal(repeats.isNew('b'), true);
  repeats.forget();
  assert.equal(repeats.isNew('b'), true);
});

test('two badges that are held up side by side are meant once each', () => {
  let now = 0;
  const repeats = createRepeats(() => now);
  const fresh = [];
  for (now = 0; now < 10_000; now += 200) {
    const text = now % 400 ? 'b' : 'a';
    if (repeats.isNew(text)) fresh.push(text);
  }
  assert.deepEqual(fresh, ['a', 'b']);
});

test('a name for little room is whole, or a first name with initials, never a piece of a word', () => {
  const cases = [
    ['Ana Lucía Gómez', 'Ana Lucía Gómez'],
    ['Bartholomew Featherstonehaugh-Wolfe', 'Bartholomew F.'],
    ['María Guadalupe de los Ángeles Hernández Villaseñor', 'María H. V.'],
    ['Cher', 'Cher'],
  ];
  for (const [name, short] of cases) assert.equal(shortName({ name }), short);
  assert.equal(shortName({ name: '', code: 'F2T9NB83*' }), 'F2T9-NB83-*');
});

/**
 * @param {EventTarget} target
 * @param {string} text
 * @param {number} pause
 */
function type(target, text, pause) {
  let at = 1000;
  for (const key of [...text, 'Enter']) {
    const event = new Event('keydown');
    Object.defineProperties(event, { key: { value: key }, timeStamp: { value: at } });
    target.dispatchEvent(event);
    at += pause;
  }
}

test('a reader is heard, a slow hand and short words are not', () => {
  const target = new EventTarget();
  /** @type {string[]} */
  const heard = [];
  const stop = listenToReader((text) => heard.push(text), target);
  type(target, 'HTTPS://X/B/123', 20);
  type(target, 'HTTPS://X/B/456', 900);
  type(target, 'short', 20);
  stop();
  type(target, 'HTTPS://X/B/789', 20);
  assert.deepEqual(heard, ['HTTPS://X/B/123']);
});

test('a reader is heard while initials are typed, and in no other field', () => {
  /** @type {string[]} */
  const heard = [];
  for (const dataset of [{}, { badgesToo: '' }]) {
    const field = Object.assign(new EventTarget(), { tagName: 'INPUT', dataset });
    const stop = listenToReader((text) => heard.push(text), field);
    type(field, 'AR', 200);
    type(field, `HTTPS://X/B/${Object.keys(dataset).length}`, 20);
    stop();
  }
  assert.deepEqual(heard, ['HTTPS://X/B/1']);
});

test("the server's time lies halfway between asking and hearing", () => {
  let at = 1000;
  const clock = createClock('b', { wall: () => at, mono: () => at - 900 });
  const asked = clock.reading();
  at = 1200;
  assert.deepEqual(clock.syncedAt(asked, 5000), { server_ms: 5000, wall_ms: 1100, mono_ms: 200, boot: 'b' });
});

test('batches hold at most 500 rows and about 700 kB, and at least one row', () => {
  const row = (/** @type {number} */ size) =>
    /** @type {any} */ ({ seq: 1, hash: '', bytes: new Uint8Array(size), damagedReplies: 0 });
  assert.equal(firstBatch(Array.from({ length: 900 }, () => row(10)), 500).length, 500);
  assert.equal(firstBatch([row(5_000_000), row(1)], 500).length, 1);
  assert.ok(firstBatch(Array.from({ length: 500 }, () => row(5000)), 500).length < 120);
});

test('people are found by any part of a name, accents aside', () => {
  const person = { name: 'José María Trujillo-Ñúñez', employer: 'Plains Dairy' };
  for (const search of ['jose', 'TRUJ', 'nunez', 'maria dairy', '']) assert.ok(matches(person, search), search);
  assert.ok(!matches(person, 'josé steel'));
});

test('words come from the catalog, with their numbers', () => {
  speak('es', { 'Hello {name}': 'Hola {name}', '{n} left': ['{n} salió', '{n} salieron'], Empty: '' });
  assert.equal(_('Hello {name}', { name: 'Ana' }), 'Hola Ana');
  assert.equal(ngettext('{n} left', '{n} left', 1), '1 salió');
  assert.equal(ngettext('{n} left', '{n} left', 2), '2 salieron');
  assert.equal(_('Empty'), 'Empty');
  assert.equal(_('Not translated {x}'), 'Not translated {x}');
  speak('en', {});
  assert.equal(ngettext('{n} day', '{n} days', 0), '0 days');
});

test('times are told in the zone of the place', () => {
  const at = Date.UTC(2026, 3, 13, 5, 30);
  assert.match(timeOfDay(at, 'en', 'America/Denver'), /^11:30\sPM$/);
  assert.equal(dayKey(at, 'America/Denver'), '2026-04-12');
  assert.equal(dayKey(at, 'UTC'), '2026-04-13');
});

test('a time is called corrected when it differs by a minute, unsure when nothing vouches for it', () => {
  const reading = { wall_ms: 1_000_000, mono_ms: 500, boot: 'a' };
  const sync = { server_ms: 1_000_000, wall_ms: 1_000_000, mono_ms: 500, boot: 'a' };
  assert.equal(timeNote({ ...reading, sync }), null);
  assert.equal(timeNote({ ...reading, sync: { ...sync, server_ms: 1_200_000 } }), 'corrected');
  assert.equal(timeNote({ ...reading, sync: null }), 'unsure');
});
