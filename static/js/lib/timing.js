/** Waiting. */

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A page that nobody looks at is not drawn. */
const LONGEST_DRAWING_MS = 250;

/**
 * Until what was just changed on the page stands on the screen.
 * @returns {Promise<void>}
 */
export function drawn() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_DRAWING_MS);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}

/** Browsers without idle callbacks, and pages that are never idle, wait so long. */
const LONGEST_IDLE_MS = 250;

/**
 * Until the page has nothing else to do.
 * @returns {Promise<void>}
 */
export function idle() {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: LONGEST_IDLE_MS });
    else setTimeout(resolve, LONGEST_IDLE_MS / 5);
  });
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
