/** Where in a picture a code may be: where dark and light change often, both across and down. */

/** @typedef {import('./gray.js').Colors} Colors @typedef {import('./gray.js').Box} Box */

/** The picture's width in tiles. Two tiles are about the smallest code that a camera can still read. */
const TILES = 80;
/** A tile belongs to a place from this share of the place's liveliest tile on. */
const LIVELY = 0.4;

/**
 * The liveliest places of a picture, the liveliest first.
 * @param {Colors} colors
 * @param {number} most how many
 * @returns {Box[]}
 */
export function livelyPlaces(colors, most) {
  const tiles = tilesOf(colors);
  const lively = smoothed(tiles);
  const found = [];
  while (found.length < most) {
    let best = 0;
    for (let tile = 1; tile < lively.length; tile += 1) if (lively[tile] > lively[best]) best = tile;
    if (lively[best] <= 0) break;
    const place = grown(lively, tiles.columns, best);
    if (place) found.push(inPixels(place, tiles.side));
  }
  return found;
}

/**
 * @param {Colors} colors
 */
function tilesOf({ width, height, data }) {
  const side = Math.max(4, Math.round(width / TILES / 2) * 2);
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  const changes = new Float32Array(columns * rows);
  // Every second pixel, and green alone: enough to tell print from walls.
  const [right, down] = [8, 8 * width];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let [across, along] = [0, 0];
      for (let y = row * side; y < (row + 1) * side - 2; y += 2) {
        let at = (y * width + column * side) * 4 + 1;
        for (let x = 0; x < side - 2; x += 2, at += 8) {
          const here = data[at];
          across += Math.abs(here - data[at + right]);
          along += Math.abs(here - data[at + down]);
        }
      }
      changes[row * columns + column] = Math.min(across, along);
    }
  }
  return { side, columns, rows, changes };
}

/**
 * The mean of a tile and those around it, less what is usual in the picture: noise is everywhere.
 * @param {ReturnType<typeof tilesOf>} tiles
 */
function smoothed({ columns, rows, changes }) {
  const usual = [...changes].sort((one, other) => one - other)[changes.length >> 1];
  const out = new Float32Array(changes.length);
  for (let row = 1; row < rows - 1; row += 1) {
    for (let column = 1; column < columns - 1; column += 1) {
      let sum = 0;
      for (let y = -1; y <= 1; y += 1) {
        for (let x = -1; x <= 1; x += 1) sum += changes[(row + y) * columns + column + x];
      }
      out[row * columns + column] = sum / 9 - usual;
    }
  }
  return out;
}

/**
 * The tiles around the liveliest that are lively too. They are used up: the next search finds another place.
 * @param {Float32Array} lively
 * @param {number} columns
 * @param {number} seed
 * @returns {Box|null} in tiles
 */
function grown(lively, columns, seed) {
  const least = lively[seed] * LIVELY;
  const waiting = [seed];
  let [left, top, right, bottom, amount] = [columns, lively.length, 0, 0, 0];
  while (waiting.length) {
    const tile = /** @type {number} */ (waiting.pop());
    if (!(lively[tile] >= least)) continue;
    lively[tile] = -1;
    amount += 1;
    const [x, y] = [tile % columns, Math.floor(tile / columns)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    waiting.push(tile - 1, tile + 1, tile - columns, tile + columns);
  }
  return amount < 3 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * @param {Box} place in tiles
 * @param {number} side of a tile
 * @returns {Box} with room for the quiet zone
 */
function inPixels({ left, top, width, height }, side) {
  const room = 1 + Math.max(width, height) * 0.2;
  return {
    left: (left - room) * side,
    top: (top - room) * side,
    width: (width + 2 * room) * side,
    height: (height + 2 * room) * side,
  };
}
