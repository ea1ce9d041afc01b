import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isPin, locksAfter, lockWith, MOST_WRONG, opens } from '../../static/js/checkin/domain/pin.js';
import { openness } from '../../static/js/checkin/ui/state.js';
import { Office } from './office.js';
import { pairedPhone, walkIns } from './phone.js';

/** @param {string} pin */
async function lockedPhone(pin) {
  const phone = await pairedPhone(new Office());
  await phone.store.keepLock(await lockWith(pin, 5));
  return phone;
}

/** @param {import('./phone.js').Phone} phone @param {boolean} [kiosk] */
async function seen(phone, kiosk = false) {
  const settings = { ...(await phone.store.settings()), kiosk };
  return openness({ settings, lock: await phone.store.lock(), locked: true });
}

test('a PIN is four to eight digits', () => {
  for (const pin of ['0000', '1234', '12345678']) assert.ok(isPin(pin), pin);
  for (const pin of ['', '123', '123456789', '12a4', ' 1234', '١٢٣٤']) assert.ok(!isPin(pin), pin);
});

test('what is kept is salted and slow, never the PIN itself', async () => {
  const [one, other] = await Promise.all([lockWith('1234', 5), lockWith('1234', 5)]);
  assert.notEqual(one.hash, other.hash);
  assert.ok(!Object.values(one).includes('1234'));
  assert.ok(one.rounds >= 200_000);
  assert.ok(await opens(one, '1234'));
  assert.ok(!(await opens(one, '1235')));
});

test('it is asked for after the minutes away, and when the clock went back', async () => {
  const lock = await lockWith('1234', 5);
  assert.deepEqual([0, 299_999, 300_000, -1].map((away) => locksAfter(lock, away)), [false, false, true, true]);
});

test('the right PIN opens and forgets wrong tries', async () => {
  const phone = await lockedPhone('2468');
  for (let time = 1; time < MOST_WRONG; time += 1) assert.equal(await phone.store.tryPin('1111'), false);
  assert.deepEqual(await seen(phone), { asks: true, kiosk: false, nameless: false });
  assert.equal(await phone.store.tryPin('2468'), true);
  assert.equal((await phone.store.lock())?.wrong, 0);
});

test('after five wrong tries names hide, the right PIN does not open, and nothing is destroyed', async () => {
  const phone = await lockedPhone('2468');
  await walkIns(phone, 2);
  for (let time = 0; time < MOST_WRONG; time += 1) await phone.store.tryPin('1111');
  assert.deepEqual(await seen(phone), { asks: false, kiosk: false, nameless: true });
  assert.deepEqual(await seen(phone, true), { asks: false, kiosk: true, nameless: true });
  assert.equal(await phone.store.tryPin('2468'), false);
  assert.equal((await phone.store.rows()).length, 2);
  assert.equal((await phone.store.journal()).length, 2);
  await phone.store.forgetTries();
  assert.equal((await seen(phone)).nameless, false);
  assert.equal(await phone.store.tryPin('2468'), true);
});

test('tries at the same moment all count', async () => {
  const phone = await lockedPhone('2468');
  await Promise.all(Array.from({ length: 20 }, () => phone.store.tryPin('1111')));
  assert.equal((await seen(phone)).nameless, true);
});

test('without a PIN nothing is asked, and none is left behind by the last trainer', async () => {
  const phone = await lockedPhone('2468');
  assert.equal((await seen(phone)).asks, true);
  const [{ id }] = await phone.store.trainers();
  assert.equal(await phone.store.removeTrainer(id), true);
  assert.equal(await phone.store.lock(), null);
  assert.deepEqual(await seen(phone), { asks: false, kiosk: false, nameless: false });
});
