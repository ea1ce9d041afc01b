/** The phone's two clocks, read together, and how they stand to the server's. */

/**
 * @typedef {{wall_ms: number, mono_ms: number, boot: string}} Reading
 * @typedef {import('../domain/corrected_time.js').SyncReading} SyncReading
 * @typedef {ReturnType<typeof createClock>} Clock
 */

/**
 * @param {string} boot a random word for this page load, since the monotonic clock starts anew with each
 * @param {{wall: () => number, mono: () => number}} [source]
 */
export function createClock(boot, source = { wall: () => Date.now(), mono: () => performance.now() }) {
  /** @returns {Reading} */
  const reading = () => ({ wall_ms: Math.round(source.wall()), mono_ms: Math.round(source.mono()), boot });
  return {
    reading,
    /**
     * The server's time lies halfway between asking and hearing.
     * @param {Reading} asked
     * @param {number} serverMs
     * @returns {SyncReading}
     */
    syncedAt(asked, serverMs) {
      const heard = reading();
      return {
        server_ms: serverMs,
        wall_ms: Math.round((asked.wall_ms + heard.wall_ms) / 2),
        mono_ms: Math.round((asked.mono_ms + heard.mono_ms) / 2),
        boot,
      };
    },
  };
}
