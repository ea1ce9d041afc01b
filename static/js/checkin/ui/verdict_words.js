/** A verdict's word, colour, icon, and what it asks the trainer to look at. */

import { _ } from '../../lib/gettext.js';

/**
 * @typedef {{word: string, colour: 'in'|'out'|'look'|'refused', icon: string, note: string}} Face
 */

/**
 * @param {import('../actions.js').Shown} shown
 * @returns {Face}
 */
export function verdictFace({ verdict, fact }) {
  if (verdict.kind === 'refused') return refusedFace(verdict.code);
  const going = verdict.code === 'already_out' || fact?.body.type === 'check_out';
  if (verdict.kind === 'already') {
    return { word: going ? _('Already left') : _('Already in'), colour: going ? 'out' : 'in', icon: 'check-check', note: _('Nothing new was recorded.') };
  }
  if (verdict.kind === 'look') {
    return { word: going ? _('Left: look at this') : _('In: look at this'), colour: 'look', icon: 'triangle-alert', note: whyLook(verdict.code) };
  }
  const notes = { make_up: _('Makes up a session of another group; it counts there.'), walk_in: _('A walk-in. The office finds the worker behind the name.') };
  const note = notes[/** @type {keyof typeof notes} */ (verdict.code)] ?? '';
  return verdict.kind === 'out'
    ? { word: _('Left'), colour: 'out', icon: 'circle-arrow-right', note }
    : { word: _('In'), colour: 'in', icon: 'circle-check', note };
}

/**
 * @param {string} code
 * @returns {Face}
 */
function refusedFace(code) {
  if (code === 'mistyped') {
    return { word: _('Not a code of a badge'), colour: 'refused', icon: 'circle-x', note: _('Check the nine characters under the badge. Nothing was recorded.') };
  }
  return { word: _('Not a badge of this program'), colour: 'refused', icon: 'circle-x', note: _('Nothing was opened, nothing was recorded.') };
}

/**
 * @param {string} code
 * @returns {string}
 */
function whyLook(code) {
  /** @type {{[code: string]: string}} */
  const reasons = {
    revoked: _('This badge is not in use any more. Recorded all the same; please ask whether there is a new one.'),
    unknown_badge: _('This badge is not on this phone’s list. Recorded; the office finds out whose it is.'),
    not_enrolled: _('Not enrolled in this session. Recorded; the office decides.'),
    was_in: _('Was in already. Recorded once more.'),
    was_out: _('Had left already. Recorded once more.'),
    never_came: _('No arrival was recorded here. Recorded as leaving.'),
  };
  return reasons[code] ?? '';
}
