/** Session: its real opening and closing, and what each worker achieved. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { isClosed, lastTurn, told } from '../domain/crew.js';
import { standing } from '../domain/voids.js';
import { noCard, sessionHead } from './crew.js';
import { paperPart } from './paper.js';
import { button, clock, icon, personName } from './parts.js';
import { cohortOf, lackingWords, resultsOf } from './results.js';
import { factsOf, membersOf, openCard } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 * @typedef {import('./state.js').Member} Member
 */

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function sessionScreen(state, intents) {
  const session = openCard(state);
  if (!session) return noCard(intents);
  const facts = factsOf(state, session);
  const members = membersOf(state, session);
  return [
    sessionHead(state, intents, session, _('Session')),
    turnCard(intents, session, facts),
    notes(facts, session),
    noteForm(intents, session),
    paperPart(intents, session),
    h(
      'section',
      {},
      h('h2', {}, _('Results')),
      h('p', { class: 'muted' }, _('Tap a worker to record the assessment, sign off skills, or witness a release.')),
      h('ul', { class: 'people' }, members.filter((member) => member.enrollment).map((member) => resultRow(state, intents, session, member))),
    ),
  ];
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {import('../domain/types.js').Fact[]} facts
 */
function turnCard(intents, session, facts) {
  const turn = lastTurn(facts);
  const closed = isClosed(facts);
  const at = turn ? clock(turn.at, session.zone) : '';
  return h(
    'div',
    { class: `turn ${closed ? 'is-closed' : turn ? 'is-open' : ''}` },
    h('p', { class: 'turn__words' }, icon(closed ? 'lock' : turn ? 'lock-open' : 'circle-dashed'), turnWords(turn?.type, at)),
    turn ? null : button(_('Open the session'), () => intents.turn(session, 'session_open', '', []), { icon: 'play', kind: 'button--large' }),
    turn && !closed ? button(_('Close the session'), () => intents.open({ kind: 'close', session: session.id }), { icon: 'lock', kind: 'button--large' }) : null,
    closed ? button(_('Open it again'), () => intents.open({ kind: 'reopen', session: session.id }), { icon: 'rotate-ccw', kind: 'button--quiet' }) : null,
  );
}

/**
 * @param {string|undefined} type
 * @param {string} at
 * @returns {string}
 */
function turnWords(type, at) {
  if (type === 'session_open') return _('Open since {at}', { at });
  if (type === 'session_reopen') return _('Opened again at {at}', { at });
  if (type === 'session_close') return _('Closed at {time}', { time: at });
  if (type === 'session_cancel') return _('Ended early at {at}', { at });
  return _('Not opened yet');
}

/**
 * @param {import('../domain/types.js').Fact[]} facts
 * @param {Session} session
 */
function notes(facts, session) {
  const said = standing(facts.map(told)).filter((event) => event.body.text || event.body.note);
  if (!said.length) return null;
  return h(
    'ul',
    { class: 'plain-list notes' },
    said.map((event) => h('li', { key: event.id }, h('span', { class: 'muted' }, clock(event.at, session.zone)), h('span', {}, event.body.text ?? event.body.note ?? ''))),
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 */
function noteForm(intents, session) {
  const write = (/** @type {any} */ event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    if (field.value.trim()) intents.note(session, field.value.trim());
    field.value = '';
  };
  return h(
    'form',
    { class: 'inline-form', onsubmit: write },
    h('label', { class: 'field__label', for: 'note-text' }, _('Note about this session')),
    h('div', { class: 'inline-form__row' }, h('input', { class: 'input', id: 'note-text', name: 'text', maxlength: 500, autocomplete: 'off' }), button(_('Add'), () => {}, { type: 'submit', kind: 'button--quiet' })),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
function resultRow(state, intents, session, member) {
  const { score, signed } = resultsOf(state, member);
  const wanted = cohortOf(state, member)?.skills.length ?? 0;
  const words = [
    score === null ? _('no assessment') : _('assessment {score}', { score }),
    wanted ? ngettext('{done} of {n} skill', '{done} of {n} skills', wanted, { done: signed.size }) : '',
  ];
  return h(
    'li',
    { key: member.key },
    h(
      'button',
      { type: 'button', class: 'person-row', onclick: () => intents.open({ kind: 'person', session: session.id, key: member.key }) },
      h('span', { class: 'person-row__who' }, h('strong', {}, personName(member)), h('span', {}, words.filter(Boolean).join(' · '))),
      lackingWords(state, member).length ? icon('chevron-right') : h('span', { class: 'chip chip--in' }, icon('circle-check'), h('span', {}, _('Recorded'))),
    ),
  );
}
