/** How long to wait before the next try, never in step with the other phones. */

const FIRST_MS = 4_000;
const LONGEST_MS = 5 * 60 * 1000;

/**
 * After so many failures: longer each time.
 * @param {number} failures
 * @param {() => number} [random]
 * @returns {number}
 */
export function backoff(failures, random = Math.random) {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return longest / 2 + (longest / 2) * random();
}

/**
 * When the office said how long: never less, since phones get their turns by it, and little more.
 * @param {number} toldMs
 * @param {() => number} [random]
 * @returns {number}
 */
export function asTold(toldMs, random = Math.random) {
  const told = Math.min(toldMs, LONGEST_MS);
  return told + (told / 10 + 1_000) * random();
}
