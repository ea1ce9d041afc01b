/** The square targets in a code's corners: rings of dark, light and dark whose widths are as 1 : 1 : 3 : 1 : 1. */

/** @typedef {{x: number, y: number, module: number, votes: number}} Target its middle, and a module's width there, in pixels */

/** Darker than the middle gray of a picture that was evened out. */
const DARK = 128;
/** Rows are looked at two apart: a target is at least seven pixels high. */
const STEP = 2;
const MOST = 7;

/**
 * @param {import('./gray.js').Picture} picture evened out
 * @returns {Target[]} those seen in most rows first
 */
export function targetsIn(picture) {
  /** @type {Target[]} */
  const found = [];
  const runs = new Int32Array(picture.width + 1);
  for (let y = 1; y < picture.height; y += STEP) {
    const amount = runsOf(picture, y, runs);
    // The first run is light, maybe of no width, so those with odd numbers are dark.
    for (let run = 1, begin = runs[0]; run + 4 < amount; begin += runs[run] + runs[run + 1], run += 2) {
      const [a, b, c, d, e] = runs.subarray(run, run + 5);
      if (isTarget(a, b, c, d, e)) check(picture, begin + a + b + c / 2, y, (a + b + c + d + e) / 7, found);
    }
  }
  return found.sort((one, other) => other.votes - one.votes).slice(0, MOST);
}

/**
 * How wide light and dark are along a row, in turns, light first.
 * @param {import('./gray.js').Picture} picture
 * @param {number} y
 * @param {Int32Array} runs filled
 */
function runsOf({ width, gray }, y, runs) {
  let [amount, dark, since] = [0, false, 0];
  for (let x = 0, place = y * width; x < width; x += 1, place += 1) {
    if (gray[place] < DARK === dark) continue;
    runs[amount] = x - since;
    [amount, dark, since] = [amount + 1, !dark, x];
  }
  runs[amount] = width - since;
  return amount + 1;
}

/**
 * @param {number} a dark
 * @param {number} b light
 * @param {number} c dark, the middle
 * @param {number} d light
 * @param {number} e dark
 */
function isTarget(a, b, c, d, e) {
  const module = (a + b + c + d + e) / 7;
  if (module < 1) return false;
  // Blur and glare move edges, the same way on both sides of a ring.
  const off = 0.75 * module + 0.5;
  return Math.abs(a - module) < off && Math.abs(b - module) < off && Math.abs(d - module) < off
    && Math.abs(e - module) < off && Math.abs(c - 3 * module) < 2 * off && c > Math.max(a, b, d, e); // prettier-ignore
}

/**
 * Looks up and down, then left and right again through the middle found so.
 * @param {import('./gray.js').Picture} picture
 * @param {number} x
 * @param {number} y
 * @param {number} module
 * @param {Target[]} found
 */
function check(picture, x, y, module, found) {
  const upright = across(picture, Math.floor(x), y, picture.width, module);
  if (!upright) return;
  const level = across(picture, Math.floor(x), Math.floor(upright.middle), 1, upright.module);
  if (!level) return;
  const one = { x: level.middle, y: upright.middle, module: (level.module + upright.module) / 2 };
  const same = found.find((other) => Math.hypot(other.x - one.x, other.y - one.y) < 2 * other.module + 1);
  if (!same) {
    found.push({ ...one, votes: 1 });
    return;
  }
  same.votes += 1;
  for (const key of /** @type {const} */ (['x', 'y', 'module'])) same[key] += (one[key] - same[key]) / same.votes;
}

/**
 * The rings on a line through a dark place.
 * @param {import('./gray.js').Picture} picture
 * @param {number} x
 * @param {number} y
 * @param {number} stride 1 for a level line, the width for an upright one
 * @param {number} module as seen the other way; leaning makes it up to two and a half times as much
 */
function across({ width, height, gray }, x, y, stride, module) {
  const [at, length, start] = stride === 1 ? [x, width, y * width] : [y, height, x];
  const isDark = (/** @type {number} */ place) => gray[start + place * stride] < DARK;
  if (!isDark(at)) return null;
  const most = Math.ceil(module * 2.5 * 5);
  const side = (/** @type {number} */ way) => {
    const ends = [];
    let dark = true;
    for (let place = at; ends.length < 3; place += way) {
      if (place >= 0 && place < length && Math.abs(place - at) < most && isDark(place) === dark) continue;
      ends.push(Math.abs(place - at));
      dark = !dark;
    }
    return ends;
  };
  const [before, after] = [side(-1), side(1)];
  const rings = [before[2] - before[1], before[1] - before[0], before[0] + after[0] - 1, after[1] - after[0], after[2] - after[1]];
  const [a, b, c, d, e] = rings;
  const own = (a + b + c + d + e) / 7;
  if (!isTarget(a, b, c, d, e) || own > 2.5 * module || own < module / 2.5) return null;
  return { middle: at + (after[0] - before[0]) / 2 + 0.5, module: own };
}
