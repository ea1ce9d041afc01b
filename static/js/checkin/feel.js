/** What a verdict sounds and feels like, so that nobody needs to look. */

/** @type {{[kind: string]: {tones: number[], shake: number[]}}} */
const FEELS = {
  in: { tones: [880, 1320], shake: [60] },
  out: { tones: [1320, 880], shake: [60, 60, 60] },
  already: { tones: [880], shake: [30] },
  look: { tones: [520, 520, 520], shake: [120, 80, 120] },
  refused: { tones: [220], shake: [350] },
};

/** @type {AudioContext|null} */
let audio = null;

/** Makes what will sound ahead of the first verdict, which need not wait for it then. */
export function makeReady() {
  try {
    audio ??= new AudioContext();
  } catch {
    // It is tried again with the verdict.
  }
}

/** @param {string} kind */
export function feel(kind) {
  const { tones, shake } = FEELS[kind];
  navigator.vibrate?.(shake);
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') void audio.resume();
    tones.forEach((tone, place) => sound(/** @type {AudioContext} */ (audio), tone, place * 0.11));
  } catch {
    // A phone without sound still shows and shakes.
  }
}

/**
 * @param {AudioContext} context
 * @param {number} tone
 * @param {number} after
 */
function sound(context, tone, after) {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  const begin = context.currentTime + after;
  oscillator.frequency.value = tone;
  volume.gain.setValueAtTime(0.25, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.1);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + 0.1);
}
