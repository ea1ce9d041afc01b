/** How long to wait after so many failures: longer each time, and never in step with the other phones. */

const FIRST_MS = 4_000;
const LONGEST_MS = 5 * 60 * 1000;

/**
 * @param {number} failures
 * @param {() => number} [random]
 * @returns {number}
 */
export function backoff(failures, random = Math.random) {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return longest / 2 + (longest / 2) * random();
}
