/** Crew: everybody of the session by where they are, found by any part of a name. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { counts } from '../domain/crew.js';
import { button, courseName, emptyState, hours, icon, personName, stateChip, stateWord } from './parts.js';
import { matches, membersOf, openCard } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 * @typedef {import('./state.js').Member} Member
 */

const ORDER = /** @type {const} */ (['away', 'in', 'out', 'excused']);

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function crewScreen(state, intents) {
  const session = openCard(state);
  if (!session) return noCard(intents);
  const members = membersOf(state, session);
  const found = members.filter((member) => matches(member, state.search));
  const { present, guests, expected } = counts(members);
  return [
    sessionHead(state, intents, session, _('Crew')),
    h('p', { class: 'crew__count' }, ngettext('{present} of {n} in', '{present} of {n} in', expected, { present }), ' ', guests ? h('small', {}, ngettext('and {n} guest', 'and {n} guests', guests)) : null),
    h(
      'div',
      { class: 'tools crew__tools' },
      button(_('Walk-in'), () => intents.open({ kind: 'walk_in' }), { icon: 'user-plus', kind: 'button--quiet' }),
      button(_('All in'), () => intents.open({ kind: 'crew', session: session.id, direction: 'in' }), { icon: 'log-in', kind: 'button--quiet', disabled: !members.some((member) => member.state === 'away' && member.standing === 'enrolled') }),
      button(_('All out'), () => intents.open({ kind: 'crew', session: session.id, direction: 'out' }), { icon: 'log-out', kind: 'button--quiet', disabled: !present && !guests }),
    ),
    searchField(state, intents),
    found.length ? ORDER.map((place) => group(intents, session, place, found)) : nobody(state, members.length),
  ];
}

/**
 * The session at hand, and the way to another.
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {string} title
 */
export function sessionHead(state, intents, session, title) {
  return h(
    'div',
    { class: 'page-head' },
    h('h1', {}, title),
    h(
      'button',
      { type: 'button', class: 'card-switch', onclick: () => intents.open({ kind: 'choose_card' }) },
      h('span', {}, h('strong', {}, courseName(session)), h('span', {}, `${session.place} · ${hours(session, state.now)}`)),
      icon('chevron-down'),
    ),
  );
}

/** @param {Intents} intents */
export function noCard(intents) {
  return emptyState(
    'calendar-days',
    _('No session is open'),
    _('Choose the session that you are at.'),
    button(_('Choose a session'), () => intents.open({ kind: 'choose_card' }), { kind: 'button--large' }),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function searchField(state, intents) {
  return h(
    'div',
    { class: 'search' },
    icon('search'),
    h('input', {
      type: 'search',
      class: 'input',
      value: state.search,
      placeholder: _('Any part of a name'),
      'aria-label': _('Find a person by any part of the name or employer'),
      autocomplete: 'off',
      oninput: (/** @type {any} */ event) => intents.search(event.target.value),
      mounted: (/** @type {HTMLInputElement} */ input) => state.finding && input.focus(),
    }),
  );
}

/**
 * @param {State} state
 * @param {number} all
 */
function nobody(state, all) {
  if (all && state.search) return emptyState('search', _('Nobody by that name'), _('Try fewer letters, or add the person as a walk-in.'));
  return emptyState('users', _('Nobody is listed'), _('Scan badges, or add people as walk-ins.'));
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member['state']} place
 * @param {Member[]} found
 */
function group(intents, session, place, found) {
  const members = found.filter((member) => member.state === place);
  if (!members.length) return null;
  return h(
    'section',
    { class: 'crew__group', key: place },
    h('h2', {}, `${stateWord(place)} (${members.length})`),
    h('ul', { class: 'people' }, members.map((member) => row(intents, session, member))),
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
function row(intents, session, member) {
  return h(
    'li',
    { key: member.key },
    h(
      'button',
      { type: 'button', class: 'person-row', onclick: () => intents.open({ kind: 'person', session: session.id, key: member.key }) },
      h(
        'span',
        { class: 'person-row__who' },
        h('strong', {}, personName(member)),
        h('span', { class: 'person-row__more' }, h('span', {}, [member.employer, standingWord(member)].filter(Boolean).join(' · ')), member.state === 'away' ? null : stateChip(member, session.zone)),
      ),
      icon('chevron-right'),
    ),
  );
}

/**
 * @param {Member} member
 * @returns {string}
 */
export function standingWord(member) {
  if (member.standing === 'walk_in') return _('walk-in');
  if (member.standing === 'make_up') return _('makes up a session');
  if (member.standing === 'unknown') return _('not on the list');
  return '';
}
