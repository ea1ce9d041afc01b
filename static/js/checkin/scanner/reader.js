/**
 * From pictures to a text: each is read as it is; after a miss one more look is taken, another one each time, as far as
 * there is time.
 */

import { targetsIn } from './corners.js';
import { bestFit, cornersOf, measured } from './fit.js';
import { blurred, colorsOf, cutOut, evened, sharpened } from './gray.js';
import { drawn, judged, together } from './modules.js';
import { livelyPlaces } from './places.js';
import { afterMiss, around, middleOf, nextTry, NOTHING, savedUp, scaleFor } from './tries.js';

/**
 * @typedef {import('./gray.js').Colors} Colors
 * @typedef {import('./gray.js').Box} Box
 * @typedef {(colors: Colors, options: object) => Promise<{isValid: boolean, text: string}[]>} Decoder
 */

const PLAIN = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false };
/** For what was drawn anew: there is nothing to look for. */
const DRAWN = { ...PLAIN, isPure: true, tryHarder: false, tryRotate: false, tryDownscale: false };
/** How modules are judged: what neighbours count for, and how far around a module light is compared. */
const JUDGED = [[1, 5], [3, 4], [1, 2]]; // prettier-ignore
/** What fits less well is no code. */
const LEAST_MATCH = 50;

/**
 * @param {Decoder} decode
 * @param {() => number} now in milliseconds
 * @returns {{glance: (colors: Colors) => Promise<string|null>, read: (colors: Colors) => Promise<string|null>}}
 *   `glance`: the decoder alone, at a smaller size of the picture; `read`: all that can be done for it
 */
export function createReader(decode, now) {
  let memory = NOTHING;
  let [saved, lastMs, empty] = [0, 0, 0];
  /** @type {import('./modules.js').Kept|null} */
  let kept = null;

  /** @param {Colors} colors @param {object} options */
  const textIn = async (colors, options) => (await decode(colors, options)).find((one) => one.isValid)?.text ?? null;

  /** @param {Float32Array} values @param {number} size */
  const textOf = async (values, size) => {
    for (const [edges, reach] of JUDGED) {
      const text = await textIn(colorsOf(drawn(judged(values, size, edges, reach), size)), DRAWN);
      if (text) return text;
    }
    return null;
  };

  /**
   * @param {Colors} colors
   * @returns {Promise<{text: string|null, seen: Box|null}>}
   */
  const lookAgain = async (colors) => {
    const { area, change } = nextTry(memory);
    const box = boxOf(area, colors, memory);
    if (!box) return { text: null, seen: null };
    const scale = scaleFor(area, box);
    const part = cutOut(colors, box, scale);
    if (change === 'none') return { text: await textIn(colorsOf(part), PLAIN), seen: null };
    const clear = CHANGES[change](part, area === 'place' ? 2 : 1);
    const even = evened(clear, Math.round(Math.max(part.width, part.height) / (area === 'place' ? 12 : 40)));
    const fit = bestFit(even, targetsIn(even));
    if (!fit || fit.match < LEAST_MATCH) return { text: null, seen: null };
    const values = measured(part, fit);
    kept = together(kept, values, fit.size);
    const corners = cornersOf(fit).map(({ x, y }) => ({ x: box.left + x / scale, y: box.top + y / scale }));
    const text = (await textOf(values, fit.size)) ?? (kept.amount > 1 ? await textOf(kept.values, kept.size) : null);
    return { text, seen: around(corners) };
  };

  const forget = () => ([memory, kept, empty] = [NOTHING, null, 0]);

  const glance = async (/** @type {Colors} */ colors) => {
    const text = await textIn(colors, PLAIN);
    if (text) forget();
    return text;
  };

  const read = async (/** @type {Colors} */ colors) => {
    let text = await textIn(colors, PLAIN);
    saved = savedUp(saved, lastMs, empty);
    if (!text && saved >= lastMs) {
      const begun = now();
      const again = await lookAgain(colors);
      memory = afterMiss(memory, again.seen);
      text = again.text;
      empty = again.seen ? 0 : empty + 1;
      lastMs = now() - begun;
      saved -= lastMs;
    }
    if (text) forget();
    return text;
  };

  return { glance, read };
}

const CHANGES = {
  even: (/** @type {import('./gray.js').Picture} */ picture) => picture,
  soft: (/** @type {import('./gray.js').Picture} */ picture, /** @type {number} */ radius) => blurred(picture, radius),
  sharp: (/** @type {import('./gray.js').Picture} */ picture, /** @type {number} */ radius) => sharpened(picture, 2 * radius, 2),
};

/**
 * @param {import('./tries.js').Try['area']} area
 * @param {Colors} colors
 * @param {import('./tries.js').Memory} memory
 * @returns {Box|null}
 */
function boxOf(area, colors, { place, turn }) {
  if (area === 'place') return place;
  if (area === 'middle') return middleOf(colors);
  if (area === 'whole') return { left: 0, top: 0, width: colors.width, height: colors.height };
  // The liveliest place first, the next one the next time.
  const places = livelyPlaces(colors, 2);
  return places[turn % 2] ?? places[0] ?? null;
}
