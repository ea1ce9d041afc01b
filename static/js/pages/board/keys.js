/** What the keys mean while something is held in hand. */

import { dayNumber, dayOf, laneFrom, stepped } from './days.js';

const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 };
const LANES = { ArrowUp: -1, ArrowDown: 1 };

/**
 * Where a key leads: by a day of the shift, a week, or a lane; nothing where it means something else.
 * @param {{key: string, shiftKey: boolean}} pressed
 * @param {import('./api.js').Target} target
 * @param {string[]} labs
 * @param {number[]} weekdays
 * @returns {import('./api.js').Target|null}
 */
export function leadsTo(pressed, target, labs, weekdays) {
  const days = SIDEWAYS[/** @type {keyof typeof SIDEWAYS} */ (pressed.key)];
  const lanes = LANES[/** @type {keyof typeof LANES} */ (pressed.key)];
  if (lanes) return { ...target, lab: laneFrom(labs, target.lab, lanes) };
  if (!days) return null;
  const byWeek = pressed.shiftKey || Math.abs(days) === 7;
  const day = byWeek ? dayOf(dayNumber(target.first_on) + 7 * Math.sign(days)) : stepped(target.first_on, days, weekdays);
  return { ...target, first_on: day };
}

/**
 * Whether an event is somebody's own who types or chooses something.
 * @param {Event} event
 * @param {string} controls
 * @param {Element} [except]
 */
export function isOf(event, controls, except) {
  return event.target instanceof Element && event.target !== except && event.target.closest(controls) !== null;
}
