import assert from 'node:assert/strict';
import { test } from 'node:test';

import { areTrue, bundleOf, parcelsIn } from '../../static/js/checkin/bundle.js';
import { fromBase64url } from '../../static/js/checkin/domain/bytes.js';
import { sealText } from '../../static/js/checkin/domain/frame.js';
import { takeOver } from '../../static/js/checkin/keeping.js';
import { createCarried, openCarried } from '../../static/js/checkin/store/carried.js';
import { push } from '../../static/js/checkin/sync/push.js';
import { relay } from '../../static/js/checkin/sync/relay.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

const TOMS = '01900000-0000-7000-8000-0000000000a1';
const TESSES = '01900000-0000-7000-8000-0000000000a2';

/** @typedef {import('./phone.js').Phone} Phone */

/** Two phones: the first cannot reach the office, and gives a file to the second. @param {number} count */
async function handedOver(count) {
  const office = new Office();
  const toms = await pairedPhone(office, { id: TOMS, trainer: 'Tom Baca' });
  const tesses = await pairedPhone(office, { id: TESSES, trainer: 'Tess Nakai' });
  await walkIns(toms, count);
  const file = JSON.stringify(await bundleOf(toms.store, toms.carried));
  const parcels = parcelsIn(file) ?? [];
  await tesses.carried.take(parcels);
  return { office, toms, tesses, file, parcels };
}

/** @param {Phone} phone */
const waiting = async (phone) => (await phone.carried.all()).filter((parcel) => parcel.waits).length;

test('another phone carries the records, under the name and the seal of the phone that made them', async () => {
  const { office, toms, tesses } = await handedOver(3);
  assert.deepEqual(await relay(tesses), { ok: true });
  const [upload] = office.uploads;
  assert.deepEqual([upload.device, upload.carried], [TOMS, true]);
  assert.deepEqual(upload.items.map((/** @type {any} */ item) => item.seq), [1, 2, 3]);
  const { seq, hash } = upload.items.at(-1);
  const text = sealText({ device: TOMS, incarnation: upload.incarnation, seq, hash });
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  assert.ok(await crypto.subtle.verify(algorithm, toms.keys.publicKey, fromBase64url(upload.seal), Uint8Array.from(text)));
  assert.equal((await tesses.carried.all())[0].from, 'Tom Baca');
  assert.deepEqual(await tesses.store.rows(), []);
});

test('what is carried stays when the office has it, and goes when both backups do', async () => {
  const { office, tesses } = await handedOver(3);
  assert.equal(await waiting(tesses), 1);
  await relay(tesses);
  assert.equal(await waiting(tesses), 0);
  assert.equal((await tesses.carried.all()).length, 1);
  await relay(tesses);
  assert.equal(office.uploads.length, 1, 'what the office has is not sent again each time');
  await relay(tesses, { thorough: true });
  assert.equal((await tesses.carried.all()).length, 1);
  office.backUp();
  await relay(tesses, { thorough: true });
  assert.deepEqual(await tesses.carried.all(), []);
});

test('a parcel is let go as a whole: one record that is not in the backups keeps all', async () => {
  const { office, tesses } = await handedOver(3);
  await relay(tesses);
  office.backUp();
  office.safe.delete(office.uploads[0].items[0].hash);
  await relay(tesses, { thorough: true });
  assert.equal((await tesses.carried.all())[0].items.length, 3);
});

test('nothing but the answer of the office to this very parcel changes what is carried', async () => {
  const { office, tesses } = await handedOver(2);
  const answers = [
    () => ({ ok: true, data: { ok: true } }),
    () => ({ ok: false, status: 404 }),
    () => ({ ok: false, network: true }),
    (/** @type {any} */ _upload, /** @type {any} */ honest) => ({ ok: true, data: { ...honest, results: [] } }),
    (/** @type {any} */ _upload, /** @type {any} */ honest) => ({ ok: true, data: { ...honest, results: honest.results.map((/** @type {any} */ one) => ({ ...one, durable: true, verdict: 'retry' })) } }),
  ];
  for (const twist of answers) {
    office.twist = twist;
    await relay(tesses);
    assert.equal(await waiting(tesses), 1);
  }
  office.twist = null;
  assert.deepEqual(await relay(tesses), { ok: true });
  assert.equal(await waiting(tesses), 0);
});

test('one parcel that the office refuses keeps no other from going', async () => {
  const { office, tesses } = await handedOver(2);
  const third = await pairedPhone(office, { id: '01900000-0000-7000-8000-0000000000a3', trainer: 'Rosa Vigil' });
  await walkIns(third, 1);
  await tesses.carried.take(parcelsIn(JSON.stringify(await bundleOf(third.store, third.carried))) ?? []);
  office.twist = (upload, honest) =>
    upload.device === TOMS ? { ok: false, status: 400, errors: [{ code: 'bad_envelope', message: '' }] } : { ok: true, data: honest };
  await relay(tesses);
  assert.deepEqual((await tesses.carried.all()).map((parcel) => [parcel.from, parcel.waits]), [['Tom Baca', true], ['Rosa Vigil', false]]);
});

test('what arrives damaged three times goes as damaged, and is kept until it is safe', async () => {
  const { office, tesses } = await handedOver(1);
  office.twist = (_upload, honest) => ({ ok: true, data: { ...honest, results: honest.results.map((/** @type {any} */ one) => ({ ...one, verdict: 'retry' })) } });
  for (let time = 0; time < 3; time += 1) await relay(tesses);
  office.twist = null;
  await relay(tesses);
  assert.deepEqual(office.uploads.map((upload) => upload.items[0].damaged), [undefined, undefined, undefined, true]);
});

test('the same file read twice is carried once, and both phones may bring it', async () => {
  const { office, toms, tesses, parcels } = await handedOver(2);
  await tesses.carried.take(parcels);
  assert.equal((await tesses.carried.all()).length, 1);
  await push(toms);
  await relay(tesses);
  assert.equal(office.held, 2);
  assert.equal(await waiting(tesses), 0);
});

test('given again, the same records are the same parcel, and later ones add but themselves', async () => {
  const { office, toms, tesses } = await handedOver(3);
  const given = async () => parcelsIn(JSON.stringify(await bundleOf(toms.store, toms.carried))) ?? [];
  const third = await pairedPhone(office, { id: '01900000-0000-7000-8000-0000000000a3' });
  const counts = (/** @type {Phone} */ phone) => phone.carried.all().then((all) => all.map(({ items }) => items.length));
  for (let time = 0; time < 5; time += 1) {
    const again = await given();
    await tesses.carried.take(again);
    await third.carried.take(again);
    await third.carried.take(parcelsIn(JSON.stringify(await bundleOf(tesses.store, tesses.carried))) ?? []);
  }
  assert.deepEqual([await counts(tesses), await counts(third)], [[3], [3]]);
  await walkIns(toms, 2);
  for (let time = 0; time < 3; time += 1) await tesses.carried.take(await given());
  assert.deepEqual((await counts(tesses)).sort(), [2, 3]);
  // Each run is proved by itself, whichever comes first.
  await relay(tesses);
  assert.deepEqual([office.held, office.uploads.length], [5, 2]);
  // What the backups hold has left the giver: its later parcels are ends of earlier ones.
  const rows = await toms.store.rows();
  const cut = { ...toms.store, rows: async () => rows.slice(1) };
  await tesses.carried.take(parcelsIn(JSON.stringify(await bundleOf(cut, toms.carried))) ?? []);
  assert.deepEqual((await counts(tesses)).sort(), [2, 3]);
});

test('a seal is made anew where it is forgotten, and giving does not wait for it to be kept', async () => {
  const { toms, parcels } = await handedOver(2);
  const full = { ...toms.store, keepSeals: async () => Promise.reject(new Error('full')) };
  const [again] = (await bundleOf(full, toms.carried)).uploads;
  assert.equal(again.seal, parcels[0].seal);
  await toms.store.keepSeals({});
  const [anew] = (await bundleOf(full, toms.carried)).uploads;
  assert.notEqual(anew.seal, parcels[0].seal);
});

test('what somebody made up before the same last record, under its seal, hides the true ones from nobody', async () => {
  const { office, parcels } = await handedOver(3);
  const third = await pairedPhone(new Office(), { id: '01900000-0000-7000-8000-0000000000a3' });
  await walkIns(third, 1);
  const [theirs] = (await bundleOf(third.store, third.carried)).uploads;
  const forged = parcels.map((parcel) => ({ ...parcel, items: [parcel.items[0], ...theirs.items, parcel.items[2]] }));
  const fourth = await pairedPhone(office, { id: '01900000-0000-7000-8000-0000000000a4' });
  await fourth.carried.take(forged);
  await fourth.carried.take(parcels);
  await fourth.carried.take(parcels);
  assert.equal((await fourth.carried.all()).length, 2);
  await relay(fourth);
  assert.deepEqual(office.uploads.map(({ items }) => items.length), [3, 3]);
  const hashes = parcels[0].items.map(({ hash }) => hash);
  assert.ok(hashes.every((hash) => office.uploads.some(({ items }) => items.some((/** @type {any} */ item) => item.hash === hash))));
});

test('what comes again without a seal, or with another one, takes no proof away', async () => {
  const { office, tesses, parcels } = await handedOver(2);
  const bare = { labtracker_bundle: 1, uploads: parcels.map(({ seal: _seal, ...rest }) => rest) };
  const forged = { labtracker_bundle: 1, uploads: parcels.map((parcel) => ({ ...parcel, seal: 'A'.repeat(86) })) };
  await tesses.carried.take(parcelsIn(JSON.stringify(bare)) ?? []);
  assert.deepEqual((await tesses.carried.all()).map((parcel) => parcel.seal), [parcels[0].seal]);
  await tesses.carried.take(parcelsIn(JSON.stringify(forged)) ?? []);
  await relay(tesses);
  assert.ok(office.uploads.some((upload) => upload.seal === parcels[0].seal));
  assert.equal(office.held, 2);
});

test('a seal that comes later is kept beside what came without one', async () => {
  const { tesses, parcels } = await handedOver(2);
  const third = await pairedPhone(new Office(), { id: '01900000-0000-7000-8000-0000000000a3' });
  const bare = { labtracker_bundle: 1, uploads: parcels.map(({ seal: _seal, ...rest }) => rest) };
  for (const text of [JSON.stringify(bare), JSON.stringify(await bundleOf(tesses.store, tesses.carried))]) {
    await third.carried.take(parcelsIn(text) ?? []);
  }
  assert.deepEqual((await third.carried.all()).map((parcel) => parcel.seal), [undefined, parcels[0].seal]);
});

test('what a phone carries goes on to a third phone, still under the first one’s seal', async () => {
  const { tesses, parcels } = await handedOver(2);
  await walkIns(tesses, 1);
  const given = parcelsIn(JSON.stringify(await bundleOf(tesses.store, tesses.carried))) ?? [];
  assert.deepEqual(given.map((parcel) => [parcel.from, parcel.device, parcel.items.length]), [['Tess Nakai', TESSES, 1], ['Tom Baca', TOMS, 2]]);
  assert.equal(given[1].seal, parcels[0].seal);
});

test('each run without a gap has a seal of its own, and none is too much for one upload', async () => {
  const office = new Office();
  const phone = await pairedPhone(office, { id: TOMS });
  await walkIns(phone, 4);
  await phone.store.startNewIncarnation();
  await walkIns(phone, 2);
  const rows = await phone.store.rows();
  const [chain, other] = [...new Set(rows.map((row) => row.incarnation))].map((one) => rows.filter((row) => row.incarnation === one));
  const holed = chain.length === 4 ? [chain[0], ...chain.slice(2), ...other] : [...chain, other[0], ...other.slice(2)];
  const heavy = { ...rows[0], incarnation: 'ffffffffffffffff', bytes: new Uint8Array(150_000) };
  const all = [...holed, { ...heavy, seq: 1 }, { ...heavy, seq: 2 }];
  const { uploads } = await bundleOf({ ...phone.store, rows: async () => all }, phone.carried);
  assert.deepEqual(uploads.map((upload) => upload.items.length).sort(), [1, 1, 1, 2, 2]);
  assert.ok(uploads.every((upload) => upload.seal));
});

test('what is carried outlives the program: it is there after a start', async () => {
  const { tesses } = await handedOver(2);
  tesses.carried.close();
  const again = createCarried(await openCarried(`${tesses.name}-carried`));
  assert.equal((await again.all())[0].items.length, 2);
});

test('a file that is not ours, cut off or changed is not taken over at all', async () => {
  const { file, parcels } = await handedOver(2);
  const [item] = parcels[0].items;
  const bundle = JSON.parse(file);
  const changed = (/** @type {object} */ changes) => JSON.stringify({ ...bundle, uploads: [{ ...bundle.uploads[0], ...changes }] });
  for (const text of ['', 'Hello', '[]', '{"labtracker_bundle": 2, "uploads": []}', file.slice(0, -40), 'null',
    changed({ device: 'me' }), changed({ incarnation: 'XYZ' }), changed({ items: null }), changed({ items: [{ ...item, seq: 0 }] }),
    changed({ items: [{ ...item, hash: 'aa' }] }), changed({ items: [null] }), changed({ seal: 7 }), changed({ items: [{ ...item, frame: '<b>' }] })]) {
    assert.equal(parcelsIn(text), null, text.slice(0, 60));
  }
  assert.deepEqual(parcelsIn('{"labtracker_bundle": 1, "uploads": []}'), []);
});

test('an old file with one large upload goes in several, the last of which keeps the seal', async () => {
  const { file } = await handedOver(1);
  const bundle = JSON.parse(file);
  const [upload] = bundle.uploads;
  const items = Array.from({ length: 1100 }, (_, place) => ({ ...upload.items[0], seq: place + 1 }));
  const parcels = parcelsIn(JSON.stringify({ ...bundle, uploads: [{ ...upload, items }] })) ?? [];
  assert.deepEqual(parcels.map((parcel) => [parcel.items.length, parcel.items[0].seq, 'seal' in parcel]), [[100, 1, false], [500, 101, false], [500, 601, true]]);
  const heavy = items.slice(0, 5).map((item) => ({ ...item, frame: 'A'.repeat(250_000) }));
  const cut = parcelsIn(JSON.stringify({ ...bundle, uploads: [{ ...upload, items: heavy }] })) ?? [];
  assert.deepEqual(cut.map((parcel) => [parcel.items.length, parcel.items[0].seq, 'seal' in parcel]), [[1, 1, false], [2, 2, false], [2, 4, true]]);
  assert.equal(parcelsIn(JSON.stringify({ ...bundle, uploads: [{ ...upload, items: [{ ...items[0], frame: 'A'.repeat(700_001) }] }] })), null);
});

test('the screen says yes only after the disk has', async () => {
  const { parcels, tesses } = await handedOver(2);
  /** @type {string[]} */
  const heard = [];
  const desk = { say: () => heard.push('yes'), warn: () => heard.push('no'), refresh: async () => {} };
  const sync = /** @type {any} */ ({ soon: () => heard.push('sent') });
  const full = { ...tesses.carried, take: async () => Promise.reject(new Error('full')) };
  const quiet = console.error;
  console.error = () => {};
  assert.equal(await takeOver({ carried: full, sync }, desk, parcels), false);
  console.error = quiet;
  assert.deepEqual(heard, ['no']);
  assert.equal(await takeOver({ carried: tesses.carried, sync }, desk, parcels), true);
  assert.deepEqual(heard, ['no', 'yes', 'sent']);
  assert.equal(await takeOver({ carried: tesses.carried, sync }, desk, []), false);
});

test('other bytes under the name of real records are not taken over, and write over nothing', async () => {
  const { tesses, parcels } = await handedOver(2);
  const other = 'A'.repeat(40);
  const swapped = parcels.map((parcel) => ({ ...parcel, items: parcel.items.map((item) => ({ ...item, frame: other })) }));
  const desk = /** @type {any} */ ({ refresh: async () => {}, say: () => {}, warn: () => {} });
  const sync = /** @type {any} */ ({ soon: () => {} });
  const text = (/** @type {any[]} */ uploads) => JSON.stringify({ labtracker_bundle: 1, uploads });
  assert.equal(await takeOver({ carried: tesses.carried, sync }, desk, parcelsIn(text(swapped))), false);
  assert.equal(await areTrue(parcelsIn(text([{ ...parcels[0], items: [{ ...parcels[0].items[0], frame: 'A' }] }])) ?? []), false);
  await tesses.carried.take(swapped);
  assert.deepEqual((await tesses.carried.all()).map(({ items }) => items), [parcels[0].items]);
  const called = swapped.map((parcel) => ({ ...parcel, items: parcel.items.map((item) => ({ ...item, damaged: true })) }));
  assert.equal(await takeOver({ carried: tesses.carried, sync }, desk, parcelsIn(text(called))), true);
  assert.deepEqual(new Set((await tesses.carried.all()).map(({ items }) => items[0].frame)), new Set([other, parcels[0].items[0].frame]));
});
