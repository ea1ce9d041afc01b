/** Times as people read them, in the zone of the place they are about; and numbers. */

/** @type {{[language: string]: string}} */
const LOCALES = { en: 'en-US', es: 'es-US', iso: 'sv-SE' };

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {Intl.DateTimeFormat}
 */
function format(language, options) {
  const key = JSON.stringify([language, options]);
  const found = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language] ?? 'en-US', options);
  formats.set(key, found);
  return found;
}

/**
 * Hours and minutes, which no end of a line takes apart.
 * @param {number} ms
 * @param {string} language
 * @param {string} [zone]
 * @returns {string}
 */
export function timeOfDay(ms, language, zone) {
  return format(language, { hour: 'numeric', minute: '2-digit', timeZone: zone }).format(ms).replace(/\s/g, '\u00a0');
}

/**
 * Weekday, day and month.
 * @param {number} ms
 * @param {string} language
 * @param {string} [zone]
 * @returns {string}
 */
export function dayName(ms, language, zone) {
  const text = format(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone }).format(ms);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Weekday, day and month in few letters.
 * @param {number} ms
 * @param {string} language
 * @param {string} [zone]
 * @returns {string}
 */
export function shortDay(ms, language, zone) {
  return format(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone }).format(ms);
}

/**
 * Day and time, for things that may lie some days back.
 * @param {number} ms
 * @param {string} language
 * @param {string} [zone]
 * @returns {string}
 */
export function dayAndTime(ms, language, zone) {
  return `${shortDay(ms, language, zone)}, ${timeOfDay(ms, language, zone)}`;
}

/**
 * The calendar day in a zone, as a word that sorts.
 * @param {number} ms
 * @param {string} [zone]
 * @returns {string}
 */
export function dayKey(ms, zone) {
  return format('iso', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(ms);
}

/**
 * A whole number as it is written in the United States, in whichever language.
 * @param {number} number
 * @param {string} language
 * @returns {string}
 */
export function wholeNumber(number, language) {
  return number.toLocaleString(LOCALES[language] ?? 'en-US');
}
