import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sharpScene, DAMAGE, SIZES, traps } from '../../benchmarks/decoder/scenes.js';
import { chanceOf } from '../../benchmarks/decoder/chance.js';
import { colored, loadDecoder } from '../../benchmarks/decoder/hard_badges.js';
import { pictures } from '../../benchmarks/decoder/view.js';
import { targetsIn } from '../../static/js/checkin/scanner/corners.js';
import { bestFit, cornersOf, fixedModules, measured } from '../../static/js/checkin/scanner/fit.js';
import { cutOut, evened } from '../../static/js/checkin/scanner/gray.js';
import { drawn, judged, together } from '../../static/js/checkin/scanner/modules.js';
import { livelyPlaces } from '../../static/js/checkin/scanner/places.js';
import { practicePicture } from '../../static/js/checkin/scanner/practice.js';
import { createReader } from '../../static/js/checkin/scanner/reader.js';
import { vectors } from './vectors.js';

/** @type {{text: string, code: string[]}[]} */
const [badge, other] = vectors('printed_codes');
const [small] = SIZES;
const decode = await loadDecoder();

/** The badge's modules without its quiet zone: 1 dark, -1 light. @param {{code: string[]}} printed */
const modulesOf = ({ code }) => code.slice(4, -4).flatMap((row) => [...row.slice(4, -4)].map((module) => (module === '#' ? 1 : -1)));

/**
 * A badge held up, damaged in some way.
 * @param {(view: any) => void} damage
 */
function held(damage) {
  const scene = sharpScene(small, 7, badge);
  damage(scene.view);
  return scene;
}

/**
 * @param {import('../../benchmarks/decoder/scenes.js').Scene} scene
 * @param {number} amount
 */
const filmOf = (scene, amount) => [...pictures(scene.view, amount)].map(colored);

/** Mud on the middle of the upper left target: whoever needs all three targets sees no code. */
const MUD = { x: -12.5, y: -12.5, along: 3, across: 2.5, turn: 0.4, light: 0.1 };

test('what every code has in the same place is what our badges have there', () => {
  const modules = modulesOf(badge);
  const size = Math.sqrt(modules.length);
  const fixed = fixedModules(size);
  assert.ok(fixed.filter(Boolean).length > 200);
  fixed.forEach((module, place) => module && assert.equal(module, modules[place], `module ${place % size}, ${Math.floor(place / size)}`));
});

test('a code drawn anew from its modules is read, also when what every code has was lost', async () => {
  const modules = Float32Array.from(modulesOf(badge));
  const size = Math.sqrt(modules.length);
  fixedModules(size).forEach((module, place) => module && (modules[place] = -module));
  const { width, height, gray } = drawn(modules, size);
  const [read] = await decode(colored({ width, height, gray: Uint8ClampedArray.from(gray) }), { formats: ['QRCode'], isPure: true });
  assert.equal(read.text, badge.text);
});

test('a code is found where it lies, and each of its modules is measured', () => {
  const [colors] = filmOf(held((view) => view.card.spots.push(MUD)), 1);
  const part = cutOut(colors, { left: 0, top: 0, ...small }, 1);
  const even = evened(part, 16);
  const fit = bestFit(even, targetsIn(even));
  assert.ok(fit);
  const { pose } = sharpScene(small, 7, badge).view;
  const corners = cornersOf(fit);
  assert.ok(Math.hypot((corners[0].x + corners[2].x) / 2 - pose.x, (corners[0].y + corners[2].y) / 2 - pose.y) < pose.scale);
  const dark = judged(measured(part, fit), fit.size, 1, 5);
  const wrong = modulesOf(badge).filter((module, place) => module > 0 !== dark[place] > 0).length;
  assert.ok(wrong < dark.length * 0.05, `${wrong} of ${dark.length}`);
  const [place] = livelyPlaces(colors, 1);
  assert.ok(place.left < pose.x && place.left + place.width > pose.x && place.top < pose.y && place.top + place.height > pose.y);
});

test('pictures of one code add up, those of another begin anew', () => {
  const one = Float32Array.from(modulesOf(badge), (module) => 128 - 90 * module);
  const fainter = one.map((value) => value / 2);
  const another = Float32Array.from(modulesOf(other), (module) => 128 - 90 * module);
  const size = Math.sqrt(one.length);
  const both = together(together(null, one, size), fainter, size);
  assert.equal(both.amount, 2);
  both.values.forEach((value, place) => assert.equal(value < 128, one[place] < 128));
  assert.equal(together(both, another.slice(0, 625), 25).amount, 1);
  const swapped = one.map((_, place) => one[(place * 7 + 3) % one.length]);
  assert.equal(together(both, swapped, size).amount, 1);
});

test('a sharp badge is read by the decoder alone, in the first picture', async () => {
  let asked = 0;
  const { read } = createReader((colors, options) => {
    asked += 1;
    return decode(colors, options);
  }, () => 0);
  for (const size of SIZES) {
    asked = 0;
    assert.equal(await read(filmOf(sharpScene(size, 3, badge), 1)[0]), badge.text);
    assert.equal(asked, 1);
  }
});

test('a glance at a smaller picture asks the decoder once, and forgets what was before once it has a text', async () => {
  const [large] = SIZES.filter((size) => size.width > small.width);
  let asked = 0;
  const { glance } = createReader((colors, options) => {
    asked += 1;
    return decode(colors, options);
  }, () => 0);
  const [picture] = [...pictures(sharpScene(large, 3, badge).view, 1)];
  const halved = cutOut(colored(picture), { left: 0, top: 0, width: large.width, height: large.height }, 0.5);
  const gray = Uint8ClampedArray.from(halved.gray);
  assert.equal(await glance(colored({ width: halved.width, height: halved.height, gray })), badge.text);
  assert.equal(await glance(colored({ ...small, gray: new Uint8ClampedArray(small.width * small.height).fill(90) })), null);
  assert.equal(asked, 2);
});

test('what the decoder practises on is read by it, and is nobody’s badge', async () => {
  const text = await createReader(decode, () => 0).glance(practicePicture());
  assert.equal(text, 'HTTPS://EXAMPLE.INVALID/B/00000000000000000000000000');
});

test('on a slow phone every picture is read as it is, and only some are looked at again', async () => {
  const empty = colored({ ...small, gray: new Uint8ClampedArray(small.width * small.height).fill(90) });
  let asked = 0;
  let looks = 0;
  let clock = 0;
  const { read } = createReader(
    async () => {
      asked += 1;
      return [];
    },
    () => {
      // Asked before and after each look, which takes 200 ms.
      looks += 1;
      return (clock += looks % 2 ? 0 : 200);
    },
  );
  for (let number = 0; number < 40; number += 1) await read(empty);
  assert.ok(asked >= 40);
  assert.ok(looks / 2 >= 9 && looks / 2 <= 11, `${looks / 2} looks`);
});

/** @type {Record<string, (view: any) => void>} what the decoder alone does not read in any of these pictures */
const ONLY_OURS = {
  'a target under mud': (view) => view.card.spots.push(MUD),
  'faded print': (view) => DAMAGE.low_contrast(view, 0.8, chanceOf(1)),
  'dusk': (view) => DAMAGE.low_light(view, 0.75, chanceOf(1)),
};

for (const [name, damage] of Object.entries(ONLY_OURS)) {
  test(`${name}: the decoder alone reads nothing, the phone reads the badge`, async () => {
    const film = filmOf(held(damage), 8);
    const { read } = createReader(decode, () => 0);
    let text = null;
    for (const picture of film) {
      assert.deepEqual(await decode(picture, { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false }), []);
      text ??= await read(picture);
    }
    assert.equal(text, badge.text);
  });
}

test('after one badge the next is read, and nothing of the first is left', async () => {
  const { read } = createReader(decode, () => 0);
  const [first] = filmOf(held((view) => view.card.spots.push(MUD)), 1);
  const second = sharpScene(small, 7, other);
  second.view.card?.spots.push(MUD);
  const texts = [];
  for (const picture of [first, ...filmOf(second, 6)]) texts.push(await read(picture));
  assert.deepEqual(new Set(texts.filter(Boolean)), new Set([badge.text, other.text]));
});

test('empty rooms, codes of others and codes whose text is gone: never a wrong text', async () => {
  for (const scene of traps(11, [badge], [other], 2).filter(({ size }) => size === '640x480')) {
    const { read } = createReader(decode, () => 0);
    for (const picture of filmOf(scene, 3)) {
      const text = await read(picture);
      assert.ok(text === null || text === scene.text, `${scene.kind}: ${text}`);
    }
  }
});
