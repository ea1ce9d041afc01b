import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kioskDirection } from '../../static/js/checkin/domain/kiosk.js';
import { Office } from './office.js';
import { pairedPhone, TRAINER } from './phone.js';
import { vectors } from './vectors.js';

test('which way a badge goes at the kiosk', () => {
  for (const { name, direction, ...person } of vectors('kiosk')) assert.equal(kioskDirection(person), direction, name);
});

test('at the kiosk a badge comes in, is in already, and leaves after ten minutes', async () => {
  const phone = await pairedPhone(new Office());
  let ahead = 0;
  const { reading } = phone.clock;
  phone.clock.reading = () => {
    const { wall_ms: wall, mono_ms: mono, boot } = reading();
    return { wall_ms: wall + ahead, mono_ms: mono + ahead, boot };
  };
  const session = await phone.actions.adHocSession({ course: 'Welding', place: 'Lot', zone: 'America/Denver' });
  const scan = () =>
    phone.actions.scanned({ text: 'HTTPS://127.0.0.1:8000/B/00000000000000000000000001', hosts: ['127.0.0.1:8000'], direction: 'kiosk', method: 'scan', card: session, by: TRAINER });
  /** @type {[string, boolean][]} */
  const told = [];
  for (const minutes of [0, 5, 9, 11, 14, 16]) {
    ahead = minutes * 60_000;
    const { verdict, fact } = await scan();
    told.push([fact?.body.type ?? verdict.code, verdict.records]);
  }
  assert.deepEqual(told, [
    ['check_in', true], ['already_in', false], ['already_in', false], ['check_out', true], ['check_in', true], ['already_in', false],
  ]);
});
