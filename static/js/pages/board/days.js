/** Days and lanes one steps over on the board. Days are ISO text; weekdays run from 1, Monday, to 7, Sunday. */

const DAY_MS = 86_400_000;

/**
 * @param {string} day
 * @returns {number} days since 1970
 */
export function dayNumber(day) {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/**
 * @param {number} number days since 1970
 * @returns {string}
 */
export function dayOf(number) {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/**
 * @param {string} day
 * @returns {number}
 */
export function weekdayOf(day) {
  return new Date(dayNumber(day) * DAY_MS).getUTCDay() || 7;
}

/**
 * The day so many days of the shift later, or earlier; without weekdays every day counts.
 * @param {string} day
 * @param {number} steps
 * @param {number[]} weekdays
 * @returns {string}
 */
export function stepped(day, steps, weekdays) {
  const direction = Math.sign(steps);
  let number = dayNumber(day);
  for (let left = Math.abs(steps); left > 0; left -= 1) {
    do number += direction;
    while (weekdays.length && !weekdays.includes(weekdayOf(dayOf(number))));
  }
  return dayOf(number);
}

/**
 * The day, or the nearest one that is on the board.
 * @param {string} day
 * @param {string} first
 * @param {string} last
 * @returns {string}
 */
export function within(day, first, last) {
  if (day < first) return first;
  return day > last ? last : day;
}

/**
 * The lab so many lanes farther down; the outermost where there is none.
 * @param {string[]} labs
 * @param {string} lab
 * @param {number} steps
 * @returns {string}
 */
export function laneFrom(labs, lab, steps) {
  const at = labs.indexOf(lab);
  return labs[Math.min(Math.max(at + steps, 0), labs.length - 1)] ?? lab;
}
