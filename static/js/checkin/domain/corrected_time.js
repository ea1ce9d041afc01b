/** When something really happened, worked out from nothing but what its own frame says. */

const AWAKE_GAP_MS = 60_000;
const TWELVE_HOURS_MS = 12 * 60 * 60 * 1000;

/** @typedef {{server_ms: number, wall_ms: number, mono_ms: number, boot: string}} SyncReading */
/** @typedef {{wall_ms: number, mono_ms: number, boot: string, sync: SyncReading|null}} TimeReading */
/** @typedef {{at_ms: number, label: 'synced'|'estimated'|'wall', suspect: boolean}} CorrectedTime */

/**
 * @param {TimeReading} reading
 * @returns {CorrectedTime}
 */
export function correctedTime({ wall_ms: wall, mono_ms: mono, boot, sync }) {
  if (!sync) return { at_ms: wall, label: 'wall', suspect: true };
  const gap = wall - sync.wall_ms - (mono - sync.mono_ms);
  const sameBoot = boot === sync.boot;
  const synced = sameBoot && Math.abs(gap) <= AWAKE_GAP_MS;
  const at = synced ? sync.server_ms + (mono - sync.mono_ms) : wall + (sync.server_ms - sync.wall_ms);
  const suspect =
    (sameBoot && Math.abs(gap) > TWELVE_HOURS_MS) || Math.abs(at - wall) > TWELVE_HOURS_MS || at < sync.server_ms;
  return { at_ms: at, label: synced ? 'synced' : 'estimated', suspect };
}
