/**
 * Where exactly a code lies. What every code of a size has in the same place (targets, timing, alignment) must be dark
 * or light there: a map from the code to the picture is moved until it is.
 */

import { guessesOf, MIDDLE } from './guesses.js';

/**
 * @typedef {import('./gray.js').Picture} Picture
 * @typedef {import('./guesses.js').Point} Point
 * @typedef {{map: Float64Array, size: number, match: number}} Fit `match`: how much lighter light is than dark, 0 to 255
 */

/** How many guesses are looked at more closely. */
const CLOSER = 3;
/** What fits less well before it is moved about is no code. */
const HOPEFUL = 25;

/**
 * What is in the same place in every code of a size: 1 dark, -1 light, 0 where it differs.
 * @param {number} size modules along a side
 * @returns {Int8Array}
 */
export function fixedModules(size) {
  const fixed = new Int8Array(size * size);
  /** @param {number} x @param {number} y @param {number} reach @param {number} light the ring that is light */
  const rings = (x, y, reach, light) => {
    for (let row = Math.max(0, y - reach); row <= Math.min(size - 1, y + reach); row += 1) {
      for (let column = Math.max(0, x - reach); column <= Math.min(size - 1, x + reach); column += 1) {
        const ring = Math.max(Math.abs(column - x), Math.abs(row - y));
        fixed[row * size + column] = ring === light || ring === 4 ? -1 : 1;
      }
    }
  };
  for (let place = 8; place < size - 8; place += 1) {
    fixed[6 * size + place] = fixed[place * size + 6] = place % 2 ? -1 : 1;
  }
  rings(3, 3, 4, 2);
  rings(size - 4, 3, 4, 2);
  rings(3, size - 4, 4, 2);
  rings(size - 7, size - 7, 2, 1);
  return fixed;
}

/**
 * @typedef {{sign: Float32Array, u: Float32Array, v: Float32Array}} Known middles of fixed modules; the signs of light
 * ones add up to 1, those of dark ones to -1
 * @type {Map<number, Known>}
 */
const KNOWN = new Map();

/**
 * @param {number} size
 * @returns {Known}
 */
function known(size) {
  const before = KNOWN.get(size);
  if (before) return before;
  const fixed = fixedModules(size);
  const places = [...fixed.keys()].filter((at) => fixed[at]);
  const dark = places.filter((at) => fixed[at] > 0).length;
  const made = {
    sign: Float32Array.from(places, (at) => (fixed[at] > 0 ? -1 / dark : 1 / (places.length - dark))),
    u: Float32Array.from(places, (at) => ((at % size) + 0.5) / size),
    v: Float32Array.from(places, (at) => (Math.floor(at / size) + 0.5) / size),
  };
  KNOWN.set(size, made);
  return made;
}

/**
 * The code that fits best to some of the targets, or null when no two of them belong together.
 * @param {Picture} picture evened out
 * @param {readonly import('./corners.js').Target[]} targets
 * @returns {Fit|null}
 */
export function bestFit(picture, targets) {
  const guesses = guessesOf(targets).map(({ map, size }) => ({ map, size, match: matchOf(picture, map, size) }));
  guesses.sort((one, other) => other.match - one.match);
  const leant = guesses.slice(0, CLOSER).map((guess) => leaning(picture, guess));
  const fits = leant.filter(({ match }) => match >= HOPEFUL).map((guess) => fitted(picture, guess));
  return fits.sort((one, other) => other.match - one.match)[0] ?? null;
}

/**
 * How light a place of the code is in the picture. The map is from a square of side 1: eight numbers of a perspective,
 * and two ways to bulge.
 * @param {Picture} picture
 * @param {Float64Array} m
 * @param {number} u
 * @param {number} v
 */
function lightAt({ width, height, gray }, m, u, v) {
  const depth = m[6] * u + m[7] * v + 1;
  const bentU = u * (1 - u);
  const bentV = v * (1 - v);
  const x = (m[0] * u + m[1] * v + m[2]) / depth + m[8] * bentU + m[10] * bentV - 0.5;
  const y = (m[3] * u + m[4] * v + m[5]) / depth + m[9] * bentU + m[11] * bentV - 0.5;
  const left = x < 0 ? 0 : x >= width - 2 ? width - 2 : x | 0;
  const top = y < 0 ? 0 : y >= height - 2 ? height - 2 : y | 0;
  const far = Math.min(1, Math.max(0, x - left));
  const low = Math.min(1, Math.max(0, y - top));
  const at = top * width + left;
  const high = gray[at] + (gray[at + 1] - gray[at]) * far;
  const deep = gray[at + width] + (gray[at + width + 1] - gray[at + width]) * far;
  return high + (deep - high) * low;
}

/**
 * @param {Picture} picture
 * @param {Float64Array} map
 * @param {number} size
 */
function matchOf(picture, map, size) {
  const { sign, u, v } = known(size);
  let match = 0;
  for (let place = 0; place < sign.length; place += 1) match += sign[place] * lightAt(picture, map, u[place], v[place]);
  return match;
}

/** How much nearer the far side may be than the near one: to this side or that. */
const LEANS = [-0.45, -0.25, -0.12, 0, 0.15, 0.35, 0.6];

/**
 * The same three targets, the code leaning away or towards: the fourth corner goes elsewhere.
 * @param {Picture} picture
 * @param {Fit} guess
 * @returns {Fit}
 */
function leaning(picture, guess) {
  const [near, far] = [MIDDLE / guess.size, 1 - MIDDLE / guess.size];
  let best = guess;
  for (const g of LEANS) {
    for (const h of LEANS) {
      const map = leaned(guess.map, near, far, g, h);
      const match = matchOf(picture, map, guess.size);
      if (match > best.match) best = { ...guess, map, match };
    }
  }
  return best;
}

/**
 * The map with another lean that keeps the middles of the three targets where they are.
 * @param {Float64Array} map
 * @param {number} near
 * @param {number} far
 * @param {number} g
 * @param {number} h
 */
function leaned(map, near, far, g, h) {
  const [a, b, c, d, e, f] = map;
  /** @param {number} u @param {number} v */
  const kept = (u, v) => {
    const depth = g * u + h * v + 1;
    return [(a * u + b * v + c) * depth, (d * u + e * v + f) * depth];
  };
  const [[x, y], [rightX, rightY], [lowX, lowY]] = [kept(near, near), kept(far, near), kept(near, far)];
  const span = far - near;
  const [acrossX, acrossY, downX, downY] = [(rightX - x) / span, (rightY - y) / span, (lowX - x) / span, (lowY - y) / span];
  return Float64Array.of(
    acrossX, downX, x - near * (acrossX + downX), acrossY, downY, y - near * (acrossY + downY), g, h, 0, 0, 0, 0,
  ); // prettier-ignore
}

/** How far each number of a map is moved at first, as a share of the code's own size: more than half a module. */
const FIRST_STEP = 1 / 40;
const ROUNDS = 6;

/**
 * @param {Picture} picture
 * @param {Fit} guess
 * @returns {Fit}
 */
function fitted(picture, guess) {
  const map = Float64Array.from(guess.map);
  const span = Math.hypot(map[0], map[3]);
  let { match } = guess;
  for (let round = 0, step = FIRST_STEP; round < ROUNDS; round += 1, step *= 0.7) {
    for (let number = 0; number < map.length; number += 1) {
      const reach = number === 6 || number === 7 ? step : number > 7 ? 2 * span * step : span * step;
      for (const way of [reach, -reach]) {
        const before = map[number];
        map[number] = before + way;
        const now = matchOf(picture, map, guess.size);
        if (now > match) {
          match = now;
          break;
        }
        map[number] = before;
      }
    }
  }
  return { map, size: guess.size, match };
}

/**
 * How light each module is.
 * @param {Picture} picture as it came, not evened out
 * @param {Fit} fit
 * @returns {Float32Array} 0 to 255, row by row
 */
export function measured(picture, { map, size }) {
  const values = new Float32Array(size * size);
  for (let place = 0; place < values.length; place += 1) {
    const [column, row] = [place % size, Math.floor(place / size)];
    let sum = 0;
    for (let part = 0; part < 9; part += 1) {
      sum += lightAt(picture, map, (column + 0.2 + 0.3 * (part % 3)) / size, (row + 0.2 + 0.3 * Math.floor(part / 3)) / size);
    }
    values[place] = sum / 9;
  }
  return values;
}

/**
 * The corners of the code in the picture.
 * @param {Fit} fit
 * @returns {Point[]}
 */
export function cornersOf({ map: m }) {
  return [[0, 0], [1, 0], [1, 1], [0, 1]].map(([u, v]) => {
    const depth = m[6] * u + m[7] * v + 1;
    return { x: (m[0] * u + m[1] * v + m[2]) / depth, y: (m[3] * u + m[4] * v + m[5]) / depth };
  });
}
