import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dayNumber, dayOf, laneFrom, stepped, weekdayOf, within } from '../../static/js/pages/board/days.js';
import { leadsTo } from '../../static/js/pages/board/keys.js';

const MONDAY = '2026-11-02'; // the day after clocks went back
const AT_WORK = [1, 2, 3, 4];
const here = { lab: 'b', first_on: MONDAY, trainers: null };
const labs = ['a', 'b', 'c'];

test('days are days, whatever clocks do between them', () => {
  assert.equal(dayOf(dayNumber(MONDAY) - 1), '2026-11-01');
  assert.equal(weekdayOf(MONDAY), 1);
  assert.equal(weekdayOf('2026-11-01'), 7);
  assert.equal(within('2026-10-30', MONDAY, '2026-12-13'), MONDAY);
  assert.equal(within('2027-01-01', MONDAY, '2026-12-13'), '2026-12-13');
});

test('an arrow leads to the next day of the shift, over the weekend too', () => {
  assert.equal(stepped('2026-11-05', 1, AT_WORK), '2026-11-09');
  assert.equal(stepped('2026-11-09', -1, AT_WORK), '2026-11-05');
  assert.equal(stepped('2026-11-07', 1, AT_WORK), '2026-11-09');
  assert.equal(stepped(MONDAY, 5, []), '2026-11-07');
});

test('keys lead by day, by week and by lab, and others lead nowhere', () => {
  const lead = (/** @type {string} */ key, shiftKey = false) => leadsTo({ key, shiftKey }, here, labs, AT_WORK);
  assert.equal(lead('ArrowRight')?.first_on, '2026-11-03');
  assert.equal(lead('ArrowLeft')?.first_on, '2026-10-29');
  assert.equal(lead('ArrowRight', true)?.first_on, '2026-11-09');
  assert.equal(lead('PageUp')?.first_on, '2026-10-26');
  assert.equal(lead('ArrowDown')?.lab, 'c');
  assert.equal(lead('ArrowUp')?.lab, 'a');
  assert.equal(lead('a'), null);
  assert.equal(laneFrom(labs, 'c', 1), 'c');
  assert.equal(laneFrom(labs, 'gone', 1), 'a');
});
