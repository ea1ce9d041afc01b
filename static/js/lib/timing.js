/** Waiting. */

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Something that happens once, some time after it was last asked for.
 * @param {() => void} work
 * @returns {{in: (ms: number) => void, cancel: () => void}}
 */
export function delayed(work) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  return {
    in(ms) {
      clearTimeout(timer);
      timer = setTimeout(work, ms);
    },
    cancel() {
      clearTimeout(timer);
    },
  };
}
