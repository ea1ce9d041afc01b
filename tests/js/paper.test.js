import assert from 'node:assert/strict';
import { test } from 'node:test';

import { correctedTime } from '../../static/js/checkin/domain/corrected_time.js';
import { nearestInstant, timeField } from '../../static/js/checkin/domain/written_time.js';
import { Office } from './office.js';
import { pairedPhone, TRAINER } from './phone.js';

const DENVER = 'America/Denver';
/** @param {string} text */
const at = (text) => Date.parse(text);

test('a time on paper is the one nearest to the session, in the zone of the place', () => {
  const cases = [
    ['06:00', '2026-04-13T06:05:00-06:00', '2026-04-13T06:00:00-06:00'],
    ['05:52', '2026-04-13T06:00:00-06:00', '2026-04-13T05:52:00-06:00'],
    ['00:10', '2026-04-13T23:30:00-06:00', '2026-04-14T00:10:00-06:00'],
    ['23:50', '2026-04-14T00:15:30-06:00', '2026-04-13T23:50:00-06:00'],
    ['12:00', '2026-04-13T06:00:00-06:00', '2026-04-13T12:00:00-06:00'],
    ['06:00', '2026-03-08T01:00:00-07:00', '2026-03-08T06:00:00-06:00'],
    ['05:00', '2026-11-01T00:30:00-06:00', '2026-11-01T05:00:00-07:00'],
  ];
  for (const [typed, near, expected] of cases) assert.equal(nearestInstant(typed, DENVER, at(near)), at(expected), `${typed} near ${near}`);
});

test('a time field begins with the session’s own time, also at midnight', () => {
  assert.equal(timeField(at('2026-04-13T06:05:00-06:00'), DENVER), '06:05');
  assert.equal(timeField(at('2026-04-13T00:00:00-06:00'), DENVER), '00:00');
});

test('a row of a paper sheet counts at the time written there, and says when it was read in', async () => {
  const phone = await pairedPhone(new Office());
  const session = await phone.actions.adHocSession({ course: 'Welding', place: 'Lot', zone: DENVER });
  const written = Date.now() - 3 * 60 * 60 * 1000;
  const scan = { text: 'HTTPS://127.0.0.1:8000/B/00000000000000000000000001', hosts: ['127.0.0.1:8000'], card: session, by: TRAINER };
  const shown = await phone.actions.scanned({ ...scan, direction: 'in', method: 'paper', written });
  const body = shown.fact?.body;
  assert.equal(body?.method, 'paper');
  assert.deepEqual(body && correctedTime(body), { at_ms: written, label: 'synced', suspect: false });
  assert.ok(Math.abs((body?.recorded_ms ?? 0) - Date.now()) < 60_000);
  assert.equal(shown.at, written);
  const again = await phone.actions.scanned({ ...scan, direction: 'in', method: 'paper', written });
  assert.equal(again.verdict.code, 'already_in');
  const left = await phone.actions.typed({ typed: shown.code, direction: 'out', method: 'paper', written: written + 3_600_000, card: session, by: TRAINER });
  assert.equal(left.fact?.body.type, 'check_out');
  const guest = await phone.actions.walkedIn({ name: 'Zoë', employer: '', session, written, card: session, by: TRAINER });
  assert.equal(guest.at, written);
  assert.equal(guest.fact?.body.method, 'paper');
  assert.ok(Math.abs((guest.fact?.body.recorded_ms ?? 0) - Date.now()) < 60_000);
  assert.equal(left.fact?.at, written + 3_600_000);
});
