import assert from 'node:assert/strict';
import { test } from 'node:test';

import { afterMiss, around, middleOf, nextTry, NOTHING, savedUp, scaleFor } from '../../static/js/checkin/scanner/tries.js';

const PLACE = { left: 10, top: 20, width: 100, height: 100 };

/** @param {number} misses */
function searched(misses) {
  let memory = NOTHING;
  const tries = [];
  for (let number = 0; number < misses; number += 1) {
    tries.push(nextTry(memory));
    memory = afterMiss(memory, null);
  }
  return tries;
}

test('while nothing is seen every area is looked at, and each look is another one', () => {
  const round = searched(6);
  assert.deepEqual(new Set(round.map(({ area }) => area)), new Set(['whole', 'lively', 'middle']));
  assert.equal(new Set(round.map((one) => JSON.stringify(one))).size, round.length);
  assert.deepEqual(searched(12).slice(6), round);
});

test('where a code was seen is looked at next, in three ways', () => {
  let memory = afterMiss(NOTHING, PLACE);
  const tries = [];
  for (let number = 0; number < 3; number += 1) {
    tries.push(nextTry(memory));
    memory = afterMiss(memory, PLACE);
  }
  assert.deepEqual(tries.map(({ area }) => area), ['place', 'place', 'place']);
  assert.equal(new Set(tries.map(({ change }) => change)).size, 3);
});

test('the place follows the hand, outlives two blurred pictures, and is given up after three', () => {
  const moved = { ...PLACE, left: 40 };
  let memory = afterMiss(afterMiss(NOTHING, PLACE), moved);
  assert.equal(memory.place, moved);
  memory = afterMiss(afterMiss(memory, null), null);
  assert.equal(memory.place, moved);
  assert.equal(afterMiss(memory, PLACE).missed, 0);
  assert.deepEqual(afterMiss(memory, null), NOTHING);
});

test('a part is made as large as a look needs, and never without end', () => {
  assert.equal(scaleFor('whole', { width: 1280, height: 720 }), 0.5);
  assert.equal(scaleFor('whole', { width: 640, height: 480 }), 1);
  assert.equal(scaleFor('middle', middleOf({ width: 1280, height: 720 })), 1);
  assert.equal(scaleFor('place', { width: 160, height: 160 }), 2);
  assert.equal(scaleFor('place', { width: 2, height: 2 }), 6);
});

test('around a code there is room on every side', () => {
  const corners = [{ x: 100, y: 50 }, { x: 180, y: 60 }, { x: 170, y: 140 }, { x: 90, y: 130 }];
  const { left, top, width, height } = around(corners);
  assert.equal(width, height);
  for (const { x, y } of corners) {
    assert.ok(x > left + 5 && x < left + width - 5 && y > top + 5 && y < top + height - 5);
  }
});

test('time for looks is saved up to what the last one took, and not for ever', () => {
  assert.equal(savedUp(0, 30, 0), 50);
  assert.equal(savedUp(50, 30, 0), 50);
  assert.equal(savedUp(50, 200, 0), 100);
  assert.equal(savedUp(180, 200, 0), 200);
  assert.equal(savedUp(-150, 200, 0), -100);
});

test('where nobody has held anything up for a while the phone looks less often', () => {
  const looks = (/** @type {number} */ empty) => {
    let [saved, count] = [0, 0];
    for (let picture = 0; picture < 100; picture += 1) {
      saved = savedUp(saved, 48, empty);
      if (saved >= 48) [saved, count] = [saved - 48, count + 1];
    }
    return count;
  };
  assert.ok(looks(0) > 90);
  assert.equal(looks(40), 25);
});
