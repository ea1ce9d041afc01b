import assert from 'node:assert/strict';
import { test } from 'node:test';

import { blurred, colorsOf, cutOut, evened, sharpened } from '../../static/js/checkin/scanner/gray.js';

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => number} light
 */
function picture(width, height, light) {
  const gray = Float32Array.from({ length: width * height }, (_, place) => light(place % width, Math.floor(place / width)));
  return { width, height, gray };
}

/** @param {Float32Array} gray */
const mean = (gray) => gray.reduce((sum, value) => sum + value, 0) / gray.length;

test('a part is cut out as it is, larger or smaller, and goes on beyond the edge', () => {
  const slope = picture(20, 10, (x, y) => 5 * x + 3 * y);
  const same = cutOut(colorsOf(slope), { left: 4, top: 2, width: 6, height: 5 }, 1);
  assert.deepEqual([same.width, same.height, same.gray[0], same.gray[7]], [6, 5, 26, 34]);
  const double = cutOut(colorsOf(slope), { left: 4, top: 2, width: 6, height: 5 }, 2);
  assert.deepEqual([double.width, double.height], [12, 10]);
  assert.ok(Math.abs(mean(double.gray) - mean(same.gray)) < 0.5);
  const half = cutOut(colorsOf(slope), { left: 0, top: 0, width: 20, height: 10 }, 0.5);
  assert.equal(half.gray[0], (0 + 5 + 3 + 8) / 4);
  const beyond = cutOut(colorsOf(slope), { left: -5, top: -5, width: 4, height: 4 }, 1);
  assert.deepEqual(new Set(beyond.gray), new Set([0]));
});

test('what the decoder gets is gray, and never beyond black and white', () => {
  const { data } = colorsOf(picture(3, 1, (x) => [-40, 99.6, 400][x]));
  assert.deepEqual([data[0], data[1], data[2], data[4], data[8]], [0, 0, 0, 100, 255]);
});

test('blur keeps an even surface, and is the mean of the square around a pixel', () => {
  const even = blurred(picture(9, 7, () => 100), 2);
  assert.ok(even.gray.every((value) => Math.abs(value - 100) < 1e-3));
  const dot = blurred(picture(9, 9, (x, y) => (x === 4 && y === 4 ? 90 : 0)), 1);
  assert.deepEqual([dot.gray[4 * 9 + 4], dot.gray[3 * 9 + 3], dot.gray[2 * 9 + 4]].map(Math.round), [10, 10, 0]);
});

test('sharper edges leave surfaces as they are', () => {
  const edge = sharpened(picture(20, 3, (x) => (x < 10 ? 50 : 150)), 1, 2);
  assert.deepEqual([edge.gray[2], edge.gray[17]].map(Math.round), [50, 150]);
  assert.ok(edge.gray[9] < 50 && edge.gray[10] > 150);
});

test('evened out, print looks the same in light and in shadow', () => {
  const striped = picture(80, 20, (x) => (x % 4 < 2 ? 1 : 0.5) * (x < 40 ? 200 : 20));
  const { gray } = evened(striped, 6);
  const inLight = [gray[10 * 80 + 16], gray[10 * 80 + 18]];
  const inShadow = [gray[10 * 80 + 60], gray[10 * 80 + 62]];
  inLight.forEach((value, place) => assert.ok(Math.abs(value - inShadow[place]) < 5, `${inLight} ${inShadow}`));
  assert.ok(inLight[0] > 160 && inLight[1] < 96);
  assert.ok(evened(picture(30, 30, () => 77), 4).gray.every((value) => Math.abs(value - 128) < 1));
});
