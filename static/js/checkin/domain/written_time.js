/** Times that people wrote on paper: hours and minutes at a place, without the day. */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * The instant nearest to `near` at which clocks of the zone show this time.
 * @param {string} typed as a time field gives it: `05:58`
 * @param {string} zone
 * @param {number} near in milliseconds
 * @returns {number}
 */
export function nearestInstant(typed, zone, near) {
  const [hours, minutes] = typed.split(':').map(Number);
  const wanted = hours * 60 + minutes;
  const first = shifted(Math.floor(near / MINUTE_MS) * MINUTE_MS, zone, wanted);
  // Where clocks are set forward or back in between, the first try is off by just that.
  return shifted(first, zone, wanted);
}

/**
 * An instant as a time field takes it.
 * @param {number} ms
 * @param {string} zone
 * @returns {string}
 */
export function timeField(ms, zone) {
  const shown = minutesOfDay(ms, zone);
  return [Math.floor(shown / 60), shown % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/**
 * @param {number} ms
 * @param {string} zone
 * @param {number} wanted minutes since midnight
 * @returns {number}
 */
function shifted(ms, zone, wanted) {
  const half = DAY_MINUTES / 2;
  const apart = wanted - minutesOfDay(ms, zone);
  return ms + (((apart + half + DAY_MINUTES) % DAY_MINUTES) - half) * MINUTE_MS;
}

/**
 * @param {number} ms
 * @param {string} zone
 * @returns {number}
 */
function minutesOfDay(ms, zone) {
  const format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
  const [hours, minutes] = format.format(ms).split(':').map(Number);
  return hours * 60 + minutes;
}
