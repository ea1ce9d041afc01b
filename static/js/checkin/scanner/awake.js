/** Keeps the screen from going dark while somebody waits to be scanned, where the browser can. */

/**
 * @param {{wakeLock?: WakeLock}} [browser]
 * @returns {{begin: () => void, end: () => void}}
 */
export function createAwake(browser = navigator) {
  /** @type {WakeLockSentinel|null} */
  let lock = null;
  let wanted = false;

  const hold = async () => {
    if (!wanted || document.hidden) return;
    // Refused when the battery is low: the screen then goes dark as usual.
    const got = (await browser.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (wanted) lock = got;
    else void got?.release();
  };
  // The browser takes the lock back whenever the page is hidden.
  document.addEventListener('visibilitychange', () => void hold());

  return {
    begin() {
      wanted = true;
      void hold();
    },
    end() {
      wanted = false;
      void lock?.release();
      lock = null;
    },
  };
}
