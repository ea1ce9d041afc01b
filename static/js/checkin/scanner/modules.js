/** A code's modules, judged one by one from how light they are, and drawn anew for the decoder to correct. */

import { fixedModules } from './fit.js';

const QUIET = 2;
const MODULE_PIXELS = 3;

/**
 * How surely each module is dark (above 0) or light, judged by what is around it.
 * @param {Float32Array} values
 * @param {number} size
 * @param {number} edges how much a module's difference from its neighbours counts: more for blurred pictures
 * @param {number} reach modules around it that it is compared with
 * @returns {Float32Array} -1 to 1
 */
export function judged(values, size, edges, reach) {
  const clear = edges ? mixedOut(values, size, edges) : values;
  const means = meansAround(clear, size, reach);
  const spreads = meansAround(clear.map((value, place) => Math.abs(value - means[place])), size, reach);
  return clear.map((value, place) => Math.max(-1, Math.min(1, (means[place] - value) / Math.max(1, 1.5 * spreads[place]))));
}

/**
 * @param {Float32Array} values
 * @param {number} size
 * @param {number} edges
 */
function mixedOut(values, size, edges) {
  const around = meansAround(values, size, 1);
  return values.map((value, place) => value + edges * (value - around[place]));
}

/**
 * @param {Float32Array} values
 * @param {number} size
 * @param {number} reach
 */
function meansAround(values, size, reach) {
  const across = new Float32Array(values.length);
  const means = new Float32Array(values.length);
  for (const [from, to, step] of /** @type {[Float32Array, Float32Array, number][]} */ ([[values, across, 1], [across, means, size]])) {
    for (let place = 0; place < from.length; place += 1) {
      const at = step === 1 ? place % size : Math.floor(place / size);
      let [sum, amount] = [0, 0];
      for (let other = Math.max(0, at - reach); other <= Math.min(size - 1, at + reach); other += 1) {
        sum += from[place + (other - at) * step];
        amount += 1;
      }
      to[place] = sum / amount;
    }
  }
  return means;
}

/**
 * The code drawn anew, clean, for the decoder to read and correct.
 * @param {Float32Array} dark how surely each module is dark
 * @param {number} size
 * @returns {import('./gray.js').Picture}
 */
export function drawn(dark, size) {
  const fixed = fixedModules(size);
  const side = (size + 2 * QUIET) * MODULE_PIXELS;
  const gray = new Float32Array(side * side).fill(255);
  for (let y = 0; y < size * MODULE_PIXELS; y += 1) {
    for (let x = 0; x < size * MODULE_PIXELS; x += 1) {
      const place = Math.floor(y / MODULE_PIXELS) * size + Math.floor(x / MODULE_PIXELS);
      if ((fixed[place] || dark[place]) > 0) gray[(y + QUIET * MODULE_PIXELS) * side + x + QUIET * MODULE_PIXELS] = 0;
    }
  }
  return { width: side, height: side, gray };
}

/** @typedef {{size: number, amount: number, values: Float32Array}} Kept what several pictures of one code say together */

/** Two measurements that agree less than this are of different codes. */
const SAME = 0.5;

/**
 * The mean of what was measured before and now, every picture made equally light and strong first; of another code
 * nothing is kept.
 * @param {Kept|null} kept
 * @param {Float32Array} values
 * @param {number} size
 * @returns {Kept}
 */
export function together(kept, values, size) {
  const now = standardized(values);
  if (!kept || kept.size !== size || likeness(standardized(kept.values), now) < SAME) return { size, amount: 1, values: now };
  const amount = kept.amount + 1;
  return { size, amount, values: kept.values.map((value, place) => value + (now[place] - value) / amount) };
}

/**
 * Mean 128, spread 64.
 * @param {Float32Array} values
 */
function standardized(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => 128 + (64 * (value - mean)) / spread);
}

/**
 * @param {Float32Array} one standardized
 * @param {Float32Array} other standardized
 * @returns {number} 1 for the same, about 0 for two codes that have nothing to do with each other
 */
function likeness(one, other) {
  return one.reduce((sum, value, place) => sum + ((value - 128) * (other[place] - 128)) / (64 * 64), 0) / one.length;
}
