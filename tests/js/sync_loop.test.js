import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { createApi } from '../../static/js/checkin/api.js';
import { asTold } from '../../static/js/checkin/sync/backoff.js';
import { createSync } from '../../static/js/checkin/sync/loop.js';
import { push } from '../../static/js/checkin/sync/push.js';
import { relay } from '../../static/js/checkin/sync/relay.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

const BUSY = { ok: false, status: 429, errors: [{ code: 'busy', message: '' }], retryAfterMs: 20_000 };
const PACK = {
  epoch: '01900000-0000-7000-8000-000000000001', reset: true, cursor: 1, more: false, now: 1_776_000_000_000,
  sessions: [], cohorts: [], enrollments: [], revoked: [], gone: [],
};

/** What a proxy or the office answers, as it travels. @type {{status: number, headers: Record<string, string>, body: string}} */
let told;
const server = createServer((_request, response) => response.writeHead(told.status, told.headers).end(told.body));
before(() => new Promise((done) => void server.listen(0, '127.0.0.1', () => done(undefined))));
after(() => server.close());

/** A phone with its loop, whose clocks go on as they are told. */
async function loopOf() {
  const office = new Office();
  office.packAnswer = PACK;
  const phone = await pairedPhone(office);
  let mono = 1_000;
  const began = Date.now();
  const clock = { ...phone.clock, reading: () => ({ ...phone.clock.reading(), wall_ms: began + mono, mono_ms: mono }) };
  const sync = createSync({ ...phone, clock, alone: (work) => work(), onChange: () => undefined, random: () => 0.5 });
  return { office, phone, sync, passes: (/** @type {number} */ ms) => (mono += ms) };
}

test('whoever is told to come later comes no sooner, and not all at the same moment', () => {
  assert.equal(asTold(20_000, () => 0), 20_000);
  assert.equal(asTold(20_000, () => 1), 23_000);
  assert.ok(asTold(10 ** 9, () => 1) < 6 * 60 * 1000, 'nobody sends a phone away for long');
});

test('the wait that the office names is read from the answer, and only when too many send', async () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const api = createApi({ base: `http://127.0.0.1:${port}` });
  const body = JSON.stringify({ ok: false, errors: [{ code: 'busy', message: '' }] });
  const json = { 'Content-Type': 'application/json' };
  const heard = async (/** @type {number} */ status, /** @type {Record<string, string>} */ headers) => {
    told = { status, headers: { ...json, ...headers }, body };
    return /** @type {any} */ (await api.events({})).retryAfterMs;
  };
  assert.equal(await heard(429, { 'Retry-After': '7' }), 7_000);
  assert.equal(await heard(429, {}), undefined);
  assert.equal(await heard(429, { 'Retry-After': 'Fri, 31 Dec 1999 23:59:59 GMT' }), undefined);
  assert.equal(await heard(429, { 'Retry-After': '-5' }), undefined);
  assert.equal(await heard(503, { 'Retry-After': '7' }), undefined);
});

test('an office too busy for an upload teaches nothing: it is no damage, nothing is lost, and it goes later', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  const { chains } = office;
  office.twist = () => (chains.clear(), BUSY);
  const later = { ok: false, why: 'busy', retryAfterMs: 20_000 };
  for (let time = 0; time < 4; time += 1) assert.deepEqual(await push(phone), later);
  const rows = await phone.store.rows();
  assert.deepEqual(rows.map((row) => row.state), ['waiting', 'waiting']);
  assert.deepEqual(rows.map((row) => row.damagedReplies), [0, 0]);
  assert.equal(await phone.store.serverState(), null);
  office.twist = null;
  assert.deepEqual(await push(phone), { ok: true });
  assert.ok(office.uploads.at(-2).items.every((/** @type {any} */ item) => !item.damaged));
  assert.equal(office.held, 2);
});

test('what is carried for others waits as well', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  const parcel = { device: 'd', incarnation: 'a1', items: [{ seq: 1, hash: 'a'.repeat(64), frame: 'AA' }], damagedReplies: {}, waits: true };
  const carried = /** @type {any} */ ({ all: async () => [parcel] });
  office.twist = () => BUSY;
  assert.deepEqual(await relay({ ...phone, carried }), { ok: false, why: 'busy', retryAfterMs: 20_000 });
});

test('a phone rests as long as it was told, has its roster meanwhile, and then sends', async () => {
  const { office, phone, sync, passes } = await loopOf();
  await walkIns(phone, 1);
  office.twist = () => BUSY;
  await sync.now();
  assert.equal(sync.state().problem, 'busy');
  assert.equal((await phone.store.packState())?.epoch, PACK.epoch);
  const asked = office.uploads.length;
  office.twist = null;
  passes(19_000);
  await sync.now();
  assert.equal(office.uploads.length, asked, 'signal that comes and goes does not jump the line');
  passes(3_000);
  await sync.now();
  sync.stop();
  assert.equal(sync.state().problem, null);
  assert.deepEqual((await phone.store.rows()).map((row) => row.state), ['taken']);
});

test('whoever insists is not kept waiting', async () => {
  const { office, phone, sync } = await loopOf();
  await walkIns(phone, 1);
  office.twist = () => BUSY;
  await sync.now();
  office.twist = null;
  await sync.atOnce();
  sync.stop();
  assert.deepEqual((await phone.store.rows()).map((row) => row.state), ['taken']);
});

/** Lets the loop do what it is at. @param {() => boolean|Promise<boolean>} done */
async function until(done) {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (await done()) return;
    await new Promise((resolve) => void setImmediate(resolve));
  }
  assert.fail('the loop did not come to it');
}

test('without signal it is tried again by itself, and nobody touches the phone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { office, phone, sync, passes } = await loopOf();
  await walkIns(phone, 1);
  office.twist = () => ({ ok: false, network: true });
  await sync.now();
  assert.equal(sync.state().problem, 'offline');
  office.twist = null;
  passes(4_000);
  t.mock.timers.tick(4_000);
  await until(async () => (await phone.store.rows()).every((row) => row.state === 'taken'));
  await until(() => !sync.state().running);
  sync.stop();
});

test('what was just recorded is sent by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { office, phone, sync } = await loopOf();
  await sync.now();
  await walkIns(phone, 1);
  sync.soon();
  assert.equal(office.held, 0);
  t.mock.timers.tick(400);
  await until(() => office.held === 1 && !sync.state().running);
  sync.stop();
});

test('the next days’ roster comes by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { office, phone, sync, passes } = await loopOf();
  await sync.now();
  office.packAnswer = { ...PACK, reset: false, cursor: 2 };
  const cursor = async () => (await phone.store.packState())?.cursor;
  for (const expected of ['1', '2']) {
    const before = office.uploads.length;
    passes(5 * 60_000 + 1_000);
    t.mock.timers.tick(5 * 60_000);
    await until(() => office.uploads.length > before && !sync.state().running);
    assert.equal(await cursor(), expected);
  }
  sync.stop();
});
