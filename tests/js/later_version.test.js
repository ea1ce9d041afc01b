import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openDB } from 'idb';
import { bundleOf, parcelsIn } from '../../static/js/checkin/bundle.js';
import { createCarried, openCarried } from '../../static/js/checkin/store/carried.js';
import { openDatabase } from '../../static/js/checkin/store/database.js';
import { createStore } from '../../static/js/checkin/store/index.js';
import { push } from '../../static/js/checkin/sync/push.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

/**
 * What a later version may do: another store, and a field in each row that is there.
 * @param {string} name
 * @param {string} store
 */
async function openedByALaterVersion(name, store) {
  const database = await openDB(name, 7, { upgrade: (later) => void later.createObjectStore('of a later version') });
  for (const row of await database.getAll(store)) await database.put(store, { ...row, later: 'kept' });
  database.close();
}

test('what a later version left is opened, sent and added to, when that version is taken back', async () => {
  const office = new Office();
  const phone = await pairedPhone(office);
  await walkIns(phone, 2);
  phone.store.close();
  await openedByALaterVersion(phone.name, 'outbox');
  const database = await openDatabase(phone.name);
  const store = createStore(database);
  const [body] = (await store.journal()).map((fact) => fact.body);
  await store.record([{ ...body, id: crypto.randomUUID() }], 1);
  assert.deepEqual(await push({ ...phone, store, sign: store.sign }), { ok: true });
  assert.equal(office.held, 3);
  const { seq } = await store.chainEnd();
  assert.deepEqual(office.have(office.uploads[0].incarnation).seq, seq);
  // What the later version wrote beside the record is there when that version comes again.
  assert.deepEqual((await store.rows()).map((row) => /** @type {any} */ (row).later), ['kept', 'kept', undefined]);
});

test('what is carried for others is there as well', async () => {
  const office = new Office();
  const giver = await pairedPhone(office);
  await walkIns(giver, 1);
  const taker = await pairedPhone(office, { id: '01900000-0000-7000-8000-0000000000ee', trainer: 'Tess' });
  await taker.carried.take(parcelsIn(JSON.stringify(await bundleOf(giver.store, giver.carried))) ?? []);
  taker.carried.close();
  await openedByALaterVersion(`${taker.name}-carried`, 'parcels');
  const carried = createCarried(await openCarried(`${taker.name}-carried`));
  assert.deepEqual((await carried.all()).map((parcel) => parcel.items.length), [1]);
});

test('what cannot be opened for another reason is still refused', async () => {
  const refused = Object.assign(new Error('no room'), { name: 'UnknownError' });
  const real = indexedDB.open;
  indexedDB.open = () => {
    throw refused;
  };
  await assert.rejects(openDatabase('any'), refused);
  indexedDB.open = real;
});
