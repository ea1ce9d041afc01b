/** A paper sign-in sheet, scanned row by row after people signed it: all of them at the time that is written there. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { nearestInstant, timeField } from '../domain/written_time.js';
import { button, clock, icon } from './parts.js';
import { field, form, frame } from './sheet.js';
import { openCard } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 */

/**
 * @param {Intents} intents
 * @param {Session} session
 */
export function paperPart(intents, session) {
  return h(
    'section',
    { class: 'settings__part' },
    h('h2', {}, _('Paper sign-in sheet')),
    h('p', { class: 'muted' }, _('Scan the codes on a sheet that people signed while no phone was at hand.')),
    button(_('Scan a paper sheet'), () => intents.open({ kind: 'paper', session: session.id }), { icon: 'file-text', kind: 'button--quiet' }),
  );
}

/**
 * Once for the whole sheet: which way, and when.
 * @param {State} state
 * @param {Intents} intents
 */
export function paperDialog(state, intents) {
  const session = openCard(state);
  if (!session) return null;
  const { zone, startsAt, endsAt } = session;
  const begin = (/** @type {import('./state.js').Direction} */ direction, /** @type {number} */ near, /** @type {string} */ typed) =>
    intents.paper({ direction, at: nearestInstant(typed, zone, near) });
  const sheet = (/** @type {import('./state.js').Direction} */ direction, /** @type {number} */ near, /** @type {string} */ label, /** @type {string} */ act) =>
    form(
      (values) => begin(direction, near, values[direction]),
      field(direction, label, { more: { type: 'time', value: timeField(near, zone) } }),
      button(act, () => {}, { type: 'submit', icon: direction === 'in' ? 'log-in' : 'log-out', kind: 'button--large button--wide' }),
    );
  return frame(
    intents,
    _('Scan a paper sheet'),
    h('p', { class: 'muted' }, _('Every code counts at the time written on the sheet. Without one, the session’s own beginning and end stand here.')),
    sheet('in', startsAt, _('They arrived at'), _('Scan who arrived')),
    sheet('out', endsAt, _('They left at'), _('Scan who left')),
  );
}

/**
 * What is scanned now, in the place of the switch.
 * @param {State} state
 * @param {import('./state.js').Paper} paper
 * @param {Intents} intents
 */
export function paperStrip(state, { direction, at }, intents) {
  const time = clock(at, openCard(state)?.zone);
  return h(
    'div',
    { class: 'strip', role: 'status' },
    icon('file-text'),
    h('span', {}, direction === 'in' ? _('Paper sheet: arrived at {time}', { time }) : _('Paper sheet: left at {time}', { time })),
    button(_('Done with the sheet'), () => intents.paper(null), { kind: 'button--quiet' }),
  );
}
