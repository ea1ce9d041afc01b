/** Closing a session, and opening it again. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { button, icon, nameOf } from './parts.js';
import { lackingWords } from './results.js';
import { field, form, frame } from './sheet.js';
import { membersOf, openCard } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Dialog} Dialog
 * @typedef {import('./state.js').Session} Session
 */

/**
 * Closing, and opening again.
 * @param {State} state
 * @param {Intents} intents
 * @param {Dialog} dialog
 */
export function turnDialog(state, intents, dialog) {
  const session = openCard(state);
  if (!session) return null;
  const here = membersOf(state, session).filter((member) => member.state === 'in');
  const closing = dialog.kind === 'close';
  const checkOut = h(
    'label',
    { class: 'choice' },
    h('input', { type: 'checkbox', name: 'leaving', value: 'yes', checked: true }),
    h('span', {}, ngettext('Check out the {n} person who is still in', 'Check out the {n} people who are still in', here.length), h('span', { class: 'choice__hint' }, here.map(nameOf).join(', '))),
  );
  return frame(
    intents,
    closing ? _('Close the session') : _('Open it again'),
    form(
      ({ note, leaving }) => intents.turn(session, closing ? 'session_close' : 'session_reopen', note, leaving ? here : []),
      closing && here.length ? h('div', { class: 'field' }, checkOut) : null,
      closing && isLast(state, session) ? missingPart(state, intents, session) : null,
      field('note', _('Note'), { required: false }),
      button(closing ? _('Close now') : _('Open again'), () => {}, { type: 'submit', icon: closing ? 'lock' : 'lock-open', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * Whether this phone knows of no later session of the cohort.
 * @param {State} state
 * @param {Session} session
 */
function isLast({ pack }, session) {
  return !pack.sessions.some((one) => one.cohort === session.cohort && !one.cancelled && one.startsAt > session.startsAt);
}

/**
 * Who still lacks what, before everybody goes home for good.
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 */
function missingPart(state, intents, session) {
  const rows = membersOf(state, session)
    .filter((member) => member.enrollment?.cohort === session.cohort && ['in', 'out'].includes(member.state))
    .map((member) => ({ member, words: lackingWords(state, member) }))
    .filter(({ words }) => words.length);
  if (!rows.length) return null;
  return h(
    'div',
    { class: 'field' },
    h('p', { class: 'field__label' }, ngettext('This is the last session, and {n} person lacks something', 'This is the last session, and {n} people lack something', rows.length)),
    h('p', { class: 'field__hint' }, _('As far as this phone knows. Tap a name to record it now.')),
    h(
      'ul',
      { class: 'choices' },
      rows.map(({ member, words }) =>
        h(
          'li',
          { key: member.key },
          h(
            'button',
            { type: 'button', class: 'person-row', onclick: () => intents.open({ kind: 'person', session: session.id, key: member.key }) },
            h('span', { class: 'person-row__who' }, h('strong', {}, nameOf(member)), h('span', {}, words.join('; '))),
            icon('chevron-right'),
          ),
        ),
      ),
    ),
  );
}
