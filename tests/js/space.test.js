import assert from 'node:assert/strict';
import { test } from 'node:test';

import { askToKeep, freeBytes } from '../../static/js/checkin/space.js';
import { Office } from './office.js';
import { pairedPhone } from './phone.js';

test('room is what the browser allows, less what is used; unknown where it does not tell', async () => {
  assert.equal(await freeBytes({ estimate: async () => ({ quota: 100, usage: 30 }) }), 70);
  assert.equal(await freeBytes({ estimate: async () => ({ quota: 100, usage: 130 }) }), 0);
  assert.equal(await freeBytes({ estimate: async () => Promise.reject(new Error('no')) }), null);
  assert.equal(await freeBytes(/** @type {any} */ ({})), null);
});

test('the promise to keep is asked for again where it was refused, and not where it was given', async () => {
  const { store } = await pairedPhone(new Office());
  let asked = 0;
  const storage = (/** @type {boolean} */ answer) => ({ persist: async () => ((asked += 1), answer) });
  assert.equal(await askToKeep(store, storage(true)), false);
  assert.equal(asked, 0);
  await store.changeDevice({ persisted: false });
  assert.equal(await askToKeep(store, storage(false)), false);
  assert.equal(await askToKeep(store, storage(true)), true);
  assert.equal((await store.device())?.persisted, true);
  assert.equal(await askToKeep(store, storage(true)), false);
  assert.equal(asked, 2);
});
