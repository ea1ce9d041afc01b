import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bundleOf, parcelsIn } from '../../static/js/checkin/bundle.js';
import { bytesIn, writtenBytes } from '../../static/js/checkin/domain/base32.js';
import { packed, unpacked } from '../../static/js/checkin/hand_over/packing.js';
import { createCollector, seriesOf } from '../../static/js/checkin/hand_over/series.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

/** @param {number} length */
const noise = (length) => crypto.getRandomValues(new Uint8Array(length));

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string[]>} */
const codesOf = async (bytes) => (await seriesOf(bytes)) ?? [];

test('bytes of every length come back from their digits', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = noise(length);
    assert.deepEqual(bytesIn(writtenBytes(bytes)), bytes);
  }
  assert.equal(writtenBytes(Uint8Array.of(255, 0)), 'ZW00');
  assert.equal(bytesIn('0U'), null);
});

test('codes are read in any order, some twice, and the bytes come out whole', async () => {
  const bytes = noise(2000);
  const codes = await codesOf(bytes);
  assert.equal(codes.length, 11);
  assert.ok(codes.every((code) => /^[0-9A-Z:]+$/.test(code) && code.length < 330));
  const collector = createCollector();
  const order = [...codes].reverse().flatMap((code, place) => (place % 3 ? [code] : [code, code]));
  assert.deepEqual(collector.take(order[0]), { have: 1, count: 11 });
  assert.deepEqual(collector.take(order[1]), { have: 1, count: 11 });
  assert.equal(await collector.whole(), null);
  for (const code of order) collector.take(code);
  assert.deepEqual(await collector.whole(), bytes);
});

test('what is no code of a series is passed over', () => {
  const collector = createCollector();
  for (const text of ['', 'HTTPS://HOST/B/0', 'LT1:ABCDEFGH:0:3:AA', 'LT1:ABCDEFGH:4:3:AA', 'LT1:ABCDEFGH:1:9999:AA', 'LT1:ABC:1:1:AA', 'LT1:ABCDEFGH:1:1:<A>']) {
    assert.equal(collector.take(text), null, text);
  }
});

test('pieces of two series never mix: the newer one begins anew', async () => {
  const [old, fresh] = await Promise.all([codesOf(noise(800)), codesOf(noise(900))]);
  const collector = createCollector();
  for (const code of old.slice(0, -1)) collector.take(code);
  assert.deepEqual(collector.take(fresh[0]), { have: 1, count: fresh.length });
  collector.take(old.at(-1) ?? '');
  assert.equal(await collector.whole(), null);
});

test('pieces that do not make what their series is named after are thrown away', async () => {
  const bytes = noise(400);
  const codes = await codesOf(bytes);
  const collector = createCollector();
  const [first, ...rest] = codes;
  collector.take(first.slice(0, -1) + (first.endsWith('0') ? '1' : '0'));
  for (const code of rest) collector.take(code);
  assert.equal(await collector.whole(), null);
  for (const code of codes) collector.take(code);
  assert.deepEqual(await collector.whole(), bytes);
});

test('too much for codes is said, not shown', async () => {
  assert.equal(await seriesOf(new Uint8Array(400_000)), null);
});

test('packed records come out as the file would have been, several chains and all', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 12);
  await phone.store.startNewIncarnation();
  await walkIns(phone, 2);
  const bundle = await bundleOf(phone.store, phone.carried);
  const [upload] = bundle.uploads;
  const odd = [
    { ...upload, items: [{ ...upload.items[0], damaged: /** @type {const} */ (true) }, { ...upload.items[1], frame: 'AAAA' }] },
    { ...upload, seal: undefined, items: [upload.items[0]] },
  ];
  const all = { ...bundle, uploads: [...bundle.uploads, ...odd] };
  const text = await unpacked(await packed(all));
  assert.deepEqual(JSON.parse(text ?? ''), JSON.parse(JSON.stringify(all)));
  assert.equal(parcelsIn(text ?? '')?.length, 4);
});

test('packing says nothing twice: twelve records fit a dozen codes', async () => {
  const phone = await pairedPhone(new Office());
  await walkIns(phone, 12);
  const bundle = await bundleOf(phone.store, phone.carried);
  const codes = await codesOf(await packed(bundle));
  assert.ok(codes.length <= 12, `${codes.length} codes for ${JSON.stringify(bundle).length} bytes`);
});

test('bytes that are no packed records are nothing', async () => {
  assert.equal(await unpacked(noise(100)), null);
  const phone = await pairedPhone(new Office());
  await walkIns(phone, 3);
  const bytes = await packed(await bundleOf(phone.store, phone.carried));
  assert.equal(await unpacked(bytes.slice(0, -9)), null);
});
