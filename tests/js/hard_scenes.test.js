import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DAMAGE, hardScenes, SIZES, STEPS, traps } from '../../benchmarks/decoder/scenes.js';
import { pictures } from '../../benchmarks/decoder/view.js';
import { vectors } from './vectors.js';

/** @type {{text: string, code: string[]}[]} */
const [badge, other] = vectors('printed_codes');

test('there are 216 hard scenes: twelve kinds of damage, two sizes, nine steps', () => {
  const scenes = hardScenes(1, [badge]);
  assert.deepEqual([Object.keys(DAMAGE).length, SIZES.length, STEPS, scenes.length], [12, 2, 9, 216]);
  assert.equal(new Set(scenes.map(({ name, size }) => `${name} ${size}`)).size, 216);
});

test('the same seed draws the same pictures, another seed others', () => {
  const drawn = (/** @type {number} */ seed) => {
    const scene = hardScenes(seed, [badge]).find(({ kind }) => kind === 'dirt');
    assert.ok(scene);
    return [...pictures(scene.view, 2)].map(({ gray }) => Buffer.from(gray));
  };
  const [first, second] = drawn(1);
  assert.deepEqual(drawn(1), [first, second]);
  assert.ok(!first.equals(second), 'a hand trembles');
  assert.ok(!drawn(2)[0].equals(first));
});

test('every kind of damage goes from bearable to hopeless', () => {
  for (const kind of Object.keys(DAMAGE)) {
    const scenes = hardScenes(1, [badge]).filter((scene) => scene.kind === kind);
    const [bearable, hopeless] = [scenes[0], scenes[STEPS - 1]].map(({ view }) => JSON.stringify(view));
    assert.notEqual(bearable, hopeless, kind);
  }
});

test('traps are empty rooms, codes of others, and badges with flipped modules', () => {
  const scenes = traps(1, [badge], [other], 2);
  assert.equal(scenes.length, 12);
  assert.deepEqual(new Set(scenes.map(({ kind }) => kind)), new Set(['flipped', 'other', 'empty']));
  for (const { kind, text, view } of scenes) {
    if (kind === 'empty') assert.deepEqual([text, view.card], ['', null]);
    if (kind === 'other') assert.deepEqual([text, view.card?.code], [other.text, other.code]);
    if (kind === 'flipped') assert.notDeepEqual(view.card?.code, badge.code);
  }
});
