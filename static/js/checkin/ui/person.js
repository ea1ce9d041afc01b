/** One person: where they are, what to record, what was recorded, and what they achieved. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { told } from '../domain/crew.js';
import { standing } from '../domain/voids.js';
import { standingWord } from './crew.js';
import { factWords } from './fact_words.js';
import { button, clock, nameOf, stateChip } from './parts.js';
import { resultsPart } from './results.js';
import { form, frame } from './sheet.js';
import { factsOf, membersOf } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 * @typedef {import('./state.js').Member} Member
 */

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {{session: string, key: string}} about
 */
export function personDialog(state, intents, { session: id, key }) {
  const session = state.pack.sessions.find((one) => one.id === id);
  const member = session && membersOf(state, session).find((one) => one.key === key);
  if (!session || !member) return null;
  return frame(
    intents,
    nameOf(member),
    h('p', { class: 'sheet__under' }, h('span', {}, [member.employer, standingWord(member)].filter(Boolean).join(' · ')), stateChip(member, session.zone)),
    moves(intents, session, member),
    records(state, intents, session, member),
    member.enrollment ? resultsPart(state, intents, session, member) : null,
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
function moves(intents, session, member) {
  const reasons = [_('No badge today'), _('Badge cannot be read'), _('Phone or camera trouble'), _('Forgot at the time')];
  const inside = member.state === 'in';
  return form(
    ({ reason }) => intents.move(member, session, inside ? 'out' : 'in', reason),
    h(
      'div',
      { class: 'field' },
      h('label', { class: 'field__label', for: 'move-reason' }, _('Without a badge because')),
      h('select', { class: 'input', id: 'move-reason', name: 'reason' }, reasons.map((reason) => h('option', { value: reason }, reason))),
    ),
    h(
      'div',
      { class: 'ways-out' },
      button(inside ? _('Check out') : _('Check in'), () => {}, { type: 'submit', icon: inside ? 'log-out' : 'log-in', kind: 'button--large' }),
      member.state === 'away' && member.enrollment
        ? button(_('Excuse'), () => intents.open({ kind: 'excuse', session: session.id, key: member.key }), { icon: 'circle-minus', kind: 'button--large button--quiet' })
        : null,
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
function records(state, intents, session, member) {
  if (!member.facts.length) return null;
  const valid = new Set(standing(factsOf(state, session).map(told)).map((event) => event.id));
  return h(
    'section',
    { class: 'sheet__part' },
    h('h3', {}, _('Recorded here')),
    h(
      'ul',
      { class: 'plain-list' },
      member.facts.map((fact) =>
        h(
          'li',
          { class: `records__row ${valid.has(fact.id) ? '' : 'is-undone'}`, key: fact.hash },
          h('span', {}, h('strong', {}, factWords(state.pack, state.facts, fact).what), h('span', {}, `${clock(fact.at, session.zone)}${fact.body.reason ? ` · ${fact.body.reason}` : ''}`)),
          valid.has(fact.id) ? button(_('Undo'), () => intents.open({ kind: 'undo', fact }), { icon: 'undo-2', kind: 'button--quiet' }) : h('span', { class: 'muted' }, _('undone')),
        ),
      ),
    ),
  );
}
