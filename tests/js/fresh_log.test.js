import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openDB } from 'idb';
import { BALLAST_NAME, beginFreshLog } from '../../static/js/checkin/store/fresh_log.js';

const names = async () => (await indexedDB.databases()).map((database) => database.name);

test('what is written to leave the old log is taken back, in browsers that keep one', async () => {
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  await beginFreshLog();
  assert.deepEqual(await names(), []);
  Object.defineProperty(globalThis, 'navigator', { value: { userAgentData: {} }, configurable: true });
  await beginFreshLog();
  await beginFreshLog();
  assert.deepEqual(await names(), [BALLAST_NAME]);
  const database = await openDB(BALLAST_NAME);
  assert.deepEqual(await database.getAllKeys('ballast'), ['']);
  database.close();
});
