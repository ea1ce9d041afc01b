/** A badge held before the camera is seen many times a second, and meant once; so are two that are held up at once. */

const AWAY_MS = 2_500;

/**
 * @param {() => number} now in milliseconds
 * @returns {{isNew: (text: string) => boolean, forget: () => void}}
 */
export function createRepeats(now) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return {
    isNew(text) {
      const at = now();
      for (const [other, seenAt] of seen) if (at - seenAt >= AWAY_MS) seen.delete(other);
      const held = seen.has(text);
      seen.set(text, at);
      return !held;
    },
    forget() {
      seen.clear();
    },
  };
}
