/** What is tried next after a picture that could not be read: one more look for each, so that none takes long. */

/**
 * @typedef {import('./gray.js').Box} Box
 * @typedef {{width: number, height: number}} Size
 *
 * @typedef {object} Try
 * @property {'whole'|'middle'|'lively'|'place'} area the picture; its middle; where dark and light change often; where a code was seen
 * @property {'none'|'even'|'soft'|'sharp'} change light evened out, noise softened or edges sharpened first; none: the decoder's own look
 *
 * @typedef {object} Memory
 * @property {Box|null} place where a code was seen and not read
 * @property {number} turn
 * @property {number} missed how often nothing was seen at that place
 */

/** @type {Memory} */
export const NOTHING = { place: null, turn: 0, missed: 0 };

/** @type {readonly Try[]} */
const SEARCH = [
  { area: 'whole', change: 'even' },
  { area: 'lively', change: 'even' },
  { area: 'whole', change: 'soft' },
  { area: 'middle', change: 'none' },
  { area: 'lively', change: 'sharp' },
  { area: 'middle', change: 'even' },
];
/** @type {readonly Try[]} */
const CLOSER = [
  { area: 'place', change: 'even' },
  { area: 'place', change: 'sharp' },
  { area: 'place', change: 'soft' },
];
const LOST_AFTER = 3;

/**
 * @param {Memory} memory
 * @returns {Try}
 */
export function nextTry({ place, turn }) {
  const tries = place ? CLOSER : SEARCH;
  return tries[turn % tries.length];
}

/**
 * @param {Memory} memory
 * @param {Box|null} seen where a code was seen that could not be read
 * @returns {Memory}
 */
export function afterMiss({ place, turn, missed }, seen) {
  if (seen) return { place: seen, turn: place ? turn + 1 : 0, missed: 0 };
  if (!place || missed + 1 < LOST_AFTER) return { place, turn: turn + 1, missed: place ? missed + 1 : 0 };
  return NOTHING;
}

/** What looks may take in the mean for each picture: then the next badge does not wait long, on a slow phone either. */
const SHARE_MS = 50;
/** The same while nobody has held anything up for a while: a phone that waits at the door spares its battery. */
const CALM_SHARE_MS = 12;
const CALM_AFTER = 20;

/**
 * How much time is saved up for looks when a picture could not be read. What was not used for long is not kept.
 * @param {number} saved milliseconds
 * @param {number} lastMs what the last look took
 * @param {number} empty how many looks in a row saw nothing that could be a code
 */
export function savedUp(saved, lastMs, empty) {
  const share = empty < CALM_AFTER ? SHARE_MS : CALM_SHARE_MS;
  return Math.min(saved + share, Math.max(share, lastMs));
}

/**
 * Half the picture each way, in the middle.
 * @param {Size} size
 * @returns {Box}
 */
export function middleOf({ width, height }) {
  return { left: width / 4, top: height / 4, width: width / 2, height: height / 2 };
}

/** How wide or high a part is made before it is looked at: wide enough for modules of the smallest code, no wider. */
const LONGEST = { whole: 640, middle: 640, lively: 420, place: 320 };
const MOST_SCALE = 6;

/**
 * By how much a part of the picture is made larger or smaller.
 * @param {Try['area']} area
 * @param {Size} part
 */
export function scaleFor(area, { width, height }) {
  return Math.min(MOST_SCALE, LONGEST[area] / Math.max(width, height));
}

/**
 * A square around a code's corners, with room for its quiet zone and a trembling hand.
 * @param {readonly {x: number, y: number}[]} corners
 * @returns {Box}
 */
export function around(corners) {
  const [across, down] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.min(...across), Math.min(...down)];
  const side = 1.4 * Math.max(Math.max(...across) - left, Math.max(...down) - top);
  const [middleX, middleY] = [(left + Math.max(...across)) / 2, (top + Math.max(...down)) / 2];
  return { left: middleX - side / 2, top: middleY - side / 2, width: side, height: side };
}
