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

/**
 * What a person should be told about a time: that it differs by a minute or more from what the phone's own clock
 * showed, or that nothing vouches for it.
 * @param {TimeReading} reading
 * @returns {'corrected'|'unsure'|null}
 */
export function timeNote(reading) {
  const { at_ms: at, suspect } = correctedTime(reading);
  if (suspect) return 'unsure';
  return Math.abs(at - reading.wall_ms) >= 60_000 ? 'corrected' : null;
}
