import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromBase64url } from '../../static/js/checkin/domain/bytes.js';
import { sealText } from '../../static/js/checkin/domain/frame.js';
import { push } from '../../static/js/checkin/sync/push.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

/** @param {import('./phone.js').Phone} phone */
const states = async (phone) => (await phone.store.rows()).map((row) => row.state);

test('what was recorded is sent once, and stays until it is backed up', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 3);
  assert.deepEqual(await push(phone), { ok: true });
  assert.equal(office.held, 3);
  assert.deepEqual(await states(phone), ['taken', 'taken', 'taken']);
  await push(phone);
  assert.equal(office.uploads.at(-1).items.length, 0, 'nothing is sent twice');
  office.backUp();
  await push(phone);
  assert.deepEqual(await states(phone), []);
});

test('the office hears which version runs here, and whether the browser keeps the storage', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await push({ ...phone, appVersion: 'abc123' });
  const { app_version: version, persisted } = office.uploads[0];
  assert.deepEqual([version, persisted], ['abc123', true]);
});

test('frames form a chain, and the seal over its end verifies', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  await push(phone);
  const { device, incarnation, items, seal } = office.uploads[0];
  assert.equal(office.have(incarnation).seq, 2);
  const text = sealText({ device, incarnation, seq: 2, hash: items[1].hash });
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signed = Uint8Array.from(text);
  assert.ok(await crypto.subtle.verify(algorithm, phone.keys.publicKey, fromBase64url(seal), signed));
  assert.equal(phone.keys.privateKey.extractable, false);
});

test('nothing but an answer of the office changes anything', async (t) => {
  const nonsense = {
    'a hotel page with status 200': () => ({ ok: true, data: { welcome: true } }),
    'a 404 in HTML': () => ({ ok: false, status: 404 }),
    'a 401': () => ({ ok: false, status: 401, errors: [{ code: 'unauthorized', message: '' }] }),
    'a 400 with errors': () => ({ ok: false, status: 400, errors: [{ code: 'bad', message: '' }] }),
    'a 500': () => ({ ok: false, status: 500 }),
    'no network': () => ({ ok: false, network: true }),
    'results of other frames': (/** @type {any} */ _upload, /** @type {any} */ answer) => ({
      ok: true,
      data: { ...answer, results: answer.results.map((/** @type {any} */ one) => ({ ...one, hash: 'f'.repeat(64) })) },
    }),
    'no results': (/** @type {any} */ _upload, /** @type {any} */ answer) => ({ ok: true, data: { ...answer, results: [] } }),
    'an unknown verdict': (/** @type {any} */ _upload, /** @type {any} */ answer) => ({
      ok: true,
      data: { ...answer, results: answer.results.map((/** @type {any} */ one) => ({ ...one, verdict: 'fine' })) },
    }),
    'more durable than held': (/** @type {any} */ _upload, /** @type {any} */ answer) => ({
      ok: true,
      data: { ...answer, have: { seq: 0, hash: '0'.repeat(64) }, durable: answer.have },
    }),
  };
  for (const [name, twist] of Object.entries(nonsense)) {
    await t.test(name, async () => {
      const office = new Office();
      const phone = await pairedPhone(office);
      await walkIns(phone, 2);
      office.twist = twist;
      assert.equal((await push(phone)).ok, false);
      assert.deepEqual(await states(phone), ['waiting', 'waiting']);
      assert.equal(await phone.store.serverState(), null);
      office.twist = null;
      assert.deepEqual(await push(phone), { ok: true });
      assert.deepEqual(await states(phone), ['taken', 'taken']);
    });
  }
});

test('a lost reply: sent again, held once', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  office.twist = () => ({ ok: false, network: true });
  await push(phone);
  office.twist = null;
  await push(phone);
  assert.equal(office.held, 2);
  assert.deepEqual(await states(phone), ['taken', 'taken']);
});

test('an office restored from a backup gets again what it lost', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 4);
  await push(phone);
  const [chain] = office.chains.values();
  chain.delete(3);
  chain.delete(4);
  office.epoch = '01900000-0000-7000-8000-000000000002';
  await push(phone);
  assert.equal(office.held, 4);
  assert.deepEqual(await states(phone), ['taken', 'taken', 'taken', 'taken']);
});

test('an office of an older epoch is a ghost and is not believed', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  office.epoch = '01900000-0000-7000-8000-000000000005';
  await walkIns(phone, 1);
  await push(phone);
  office.epoch = '01900000-0000-7000-8000-000000000003';
  office.backUp();
  assert.deepEqual(await push(phone), { ok: false, why: 'old' });
  assert.deepEqual(await states(phone), ['taken']);
});

test('nothing is forgotten where the backed-up hash is not the own one', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  office.twist = (_upload, answer) => ({ ok: true, data: { ...answer, durable: { seq: 2, hash: 'e'.repeat(64) } } });
  await push(phone);
  assert.equal((await phone.store.rows()).length, 2);
});

test('too large a batch is halved until it passes', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 9);
  const { events } = office;
  let refusals = 0;
  phone.api = /** @type {any} */ ({
    events: async (/** @type {any} */ upload) => {
      if (upload.items.length <= 2) return events(upload);
      refusals += 1;
      return { ok: false, status: 413 };
    },
  });
  assert.deepEqual(await push(phone), { ok: true });
  assert.equal(office.held, 9);
  assert.ok(refusals >= 2);
});

test('bytes damaged on the way three times go as damaged', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 1);
  office.twist = (upload, answer) => {
    const [item] = upload.items;
    if (!item || item.damaged) return { ok: true, data: answer };
    office.chains.clear();
    const results = [{ seq: item.seq, hash: item.hash, verdict: 'retry', durable: false }];
    return { ok: true, data: { ...answer, results, have: { seq: 0, hash: '0'.repeat(64) } } };
  };
  await push(phone);
  const sent = office.uploads.map((upload) => upload.items[0]?.damaged === true);
  assert.deepEqual(sent.slice(0, 4), [false, false, false, true]);
  assert.deepEqual(await states(phone), ['taken']);
});

test('a phone whose storage went back begins a new chain and loses nothing', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  const before = await phone.store.chainEnd();
  office.twist = (_upload, answer) => ({ ok: true, data: { ...answer, have: { seq: 7, hash: 'a'.repeat(64) } } });
  await push(phone);
  office.twist = null;
  const after = await phone.store.chainEnd();
  assert.notEqual(after.incarnation, before.incarnation);
  assert.deepEqual([after.seq, after.hash], [0, '0'.repeat(64)]);
  await walkIns(phone, 1);
  await push(phone);
  assert.deepEqual((await states(phone)).sort(), ['taken', 'taken', 'taken']);
  office.backUp();
  await push(phone);
  const left = await phone.store.rows();
  assert.deepEqual(new Set(left.map((row) => row.incarnation)), new Set([before.incarnation]), 'old rows need their own word');
  office.twist = (_upload, answer) => ({
    ok: true,
    data: { ...answer, results: answer.results.map((/** @type {any} */ one) => ({ ...one, durable: true })) },
  });
  await push(phone, { thorough: true });
  assert.deepEqual(await states(phone), []);
});

test('rows that this phone no longer has are named as lost', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  office.backUp();
  await push(phone);
  office.backUp();
  await push(phone);
  assert.deepEqual(await states(phone), []);
  office.chains.clear();
  office.backedUp.clear();
  await walkIns(phone, 1);
  await push(phone);
  assert.deepEqual(office.uploads.at(-1).lost, [1, 2]);
});

test('a number that somebody made up in its name makes a phone neither call the rest lost nor send without end', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  office.twist = (_upload, answer) => ({ ok: true, data: { ...answer, missing: [[3, 2 ** 53 - 2]] } });
  assert.deepEqual(await push(phone), { ok: true });
  assert.deepEqual(office.uploads.map((upload) => upload.lost), [undefined]);
  assert.deepEqual(await states(phone), ['taken', 'taken']);
});

test('a record made during an upload is neither lost nor confirmed', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 1);
  let once = true;
  office.twist = (_upload, answer) =>
    once
      ? ((once = false), walkIns(phone, 1).then(() => ({ ok: true, data: answer })))
      : { ok: true, data: answer };
  await push(phone);
  assert.equal(office.held, 2);
  assert.deepEqual(await states(phone), ['taken', 'taken']);
});

test('two windows that record at once tie one chain', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await Promise.all(Array.from({ length: 8 }, () => walkIns(phone, 1)));
  const rows = await phone.store.rows();
  assert.deepEqual(rows.map((row) => row.seq), [1, 2, 3, 4, 5, 6, 7, 8]);
  await push(phone);
  assert.equal(office.have(rows[0].incarnation).seq, 8);
});

test('signing out is refused while records are here', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 1);
  const [trainer] = await phone.store.trainers();
  assert.equal(await phone.store.removeTrainer(trainer.id), false);
  await push(phone);
  assert.equal(await phone.store.removeTrainer(trainer.id), false, 'arrived, but not backed up');
  office.backUp();
  await push(phone);
  assert.equal(await phone.store.removeTrainer(trainer.id), true);
  assert.equal(await phone.store.device(), null);
});
