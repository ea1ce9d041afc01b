/** Where a code may lie and how large it may be, guessed from the targets that were seen. */

/** @typedef {{x: number, y: number}} Point */

/** Modules along a side: versions 2 to 6, which have one alignment square. A badge's code is of version 3 or 4. */
const SIZES = [25, 29, 33, 37, 41];
/** Modules from the edge to the middle of a target. */
export const MIDDLE = 3.5;

/**
 * Codes that may lie there: three targets in an angle, or two with the third hidden by dirt or glare.
 * @param {readonly import('./corners.js').Target[]} targets
 * @returns {{map: Float64Array, size: number}[]} the map is that of `fit.js`, without lean or bulge
 */
export function guessesOf(targets) {
  const guesses = [];
  for (const one of targets) {
    for (const two of targets) {
      const modules = apart(one, two);
      if (two === one || modules < 10) continue;
      guesses.push(...withOneHidden(one, two, modules));
      for (const three of targets) {
        if (three === one || three === two || !isAngle(one, two, three)) continue;
        guesses.push(...guessed(one, two, three, (modules + apart(one, three)) / 2));
      }
    }
  }
  return guesses;
}

/**
 * Two targets may be any two of the three. A mirrored code would fit as well, so the sides must turn the right way.
 * @param {Point} one
 * @param {Point} two
 * @param {number} modules
 */
function withOneHidden(one, two, modules) {
  const [x, y] = [two.x - one.x, two.y - one.y];
  return [
    ...guessed(one, two, { x: one.x - y, y: one.y + x }, modules),
    ...guessed(one, { x: one.x + y, y: one.y - x }, two, modules),
    ...guessed({ x: one.x + (x - y) / 2, y: one.y + (y + x) / 2 }, one, two, modules / Math.SQRT2),
  ];
}

/**
 * How many modules two targets are apart. A line across a turned target is longer than its side.
 * @param {import('./corners.js').Target} one
 * @param {import('./corners.js').Target} other
 */
function apart(one, other) {
  const [across, down] = [Math.abs(one.x - other.x), Math.abs(one.y - other.y)];
  const length = Math.hypot(across, down);
  const turned = Math.max(across, down) / length;
  return length / (((one.module + other.module) / 2) * turned);
}

/**
 * @param {Point} corner
 * @param {Point} right
 * @param {Point} low
 */
function isAngle(corner, right, low) {
  const [acrossX, acrossY, downX, downY] = [right.x - corner.x, right.y - corner.y, low.x - corner.x, low.y - corner.y];
  const [across, down] = [Math.hypot(acrossX, acrossY), Math.hypot(downX, downY)];
  const turn = (acrossX * downY - acrossY * downX) / (across * down);
  return turn > 0.5 && across < 3 * down && down < 3 * across;
}

/**
 * @param {Point} corner middle of the target that has the other two beside and below it
 * @param {Point} right
 * @param {Point} low
 * @param {number} modules about how many there are between two targets
 */
function guessed(corner, right, low, modules) {
  const sizes = SIZES.filter((size) => Math.abs(size - 2 * MIDDLE - modules) <= modules * 0.25);
  return sizes.map((size) => {
    const [inner, outer] = [MIDDLE / size, size / (size - 2 * MIDDLE)];
    const [acrossX, acrossY] = [(right.x - corner.x) * outer, (right.y - corner.y) * outer];
    const [downX, downY] = [(low.x - corner.x) * outer, (low.y - corner.y) * outer];
    const [x, y] = [corner.x - inner * (acrossX + downX), corner.y - inner * (acrossY + downY)];
    return { size, map: Float64Array.of(acrossX, downX, x, acrossY, downY, y, 0, 0, 0, 0, 0, 0) };
  });
}
