/** A badge held before the camera is seen many times a second, and meant once. */

const AWAY_MS = 2_500;

/**
 * @param {() => number} now in milliseconds
 * @returns {{isNew: (text: string) => boolean, forget: () => void}}
 */
export function createRepeats(now) {
  let last = '';
  let seenAt = -Infinity;
  return {
    isNew(text) {
      const at = now();
      const held = text === last && at - seenAt < AWAY_MS;
      last = text;
      seenAt = at;
      return !held;
    },
    forget() {
      last = '';
    },
  };
}
