/** One person: where they are, what to record, what was recorded, and what they achieved. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { told } from '../domain/crew.js';
import { standing } from '../domain/voids.js';
import { standingWord } from './crew.js';
import { factWords } from './fact_words.js';
import { button, choiceButton, clock, icon, nameOf, skillName, stateChip } from './parts.js';
import { resultsOf } from './session.js';
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
    member.enrollment ? results(state, intents, session, member) : null,
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

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
function results(state, intents, session, member) {
  const cohort = state.pack.cohorts.find((one) => one.id === member.enrollment?.cohort);
  const { score, skills, consent } = resultsOf(state, member);
  const { assessmentRequired = true, passMark = null } = cohort?.policy ?? {};
  return h(
    'section',
    { class: 'sheet__part' },
    h('h3', {}, _('Results')),
    assessmentRequired || score !== null ? assessment(intents, session, member, { score, passMark }) : null,
    cohort?.skills.length ? skillList(intents, session, member, cohort.skills, skills) : null,
    h('p', { class: 'field__label' }, _('May the employer see this person’s attendance by name?')),
    h(
      'div',
      { class: 'ways-out' },
      choiceButton(_('Yes, released'), consent === true, () => intents.consent(member, session, true)),
      choiceButton(_('No'), consent === false, () => intents.consent(member, session, false)),
    ),
    h('p', { class: 'field__hint' }, _('Ask the person. You are the witness; both answers are kept.')),
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 * @param {{score: number|null, passMark: number|null}} assessed
 */
function assessment(intents, session, member, { score, passMark }) {
  const hint = passMark === null ? _('0 to 100') : _('0 to 100; {mark} passes', { mark: passMark });
  const label = score === null ? _('Assessment') : _('Assessment: {score}', { score });
  return form(
    ({ score: typed }) => intents.assess(member, session, Number(typed)),
    h('label', { class: 'field__label', for: 'score' }, label),
    h('p', { class: 'field__hint', id: 'score-hint' }, hint),
    h(
      'div',
      { class: 'inline-form__row' },
      h('input', { class: 'input input--short', id: 'score', name: 'score', type: 'number', min: 0, max: 100, step: 'any', inputmode: 'decimal', required: true, 'aria-describedby': 'score-hint' }),
      button(_('Record'), () => {}, { type: 'submit', kind: 'button--quiet' }),
    ),
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 * @param {{id: string, name: string}[]} wanted
 * @param {Set<string>} done
 */
function skillList(intents, session, member, wanted, done) {
  return h(
    'ul',
    { class: 'plain-list skills' },
    wanted.map((skill) =>
      h(
        'li',
        { class: 'records__row', key: skill.id },
        h('span', {}, skillName(skill)),
        done.has(skill.id)
          ? h('span', { class: 'chip chip--in' }, icon('circle-check'), _('Signed off'))
          : button(_('Sign off'), () => intents.signOff(member, session, skill.id), { icon: 'check', kind: 'button--quiet', name: _('Sign off: {name}', { name: skillName(skill) }) }),
      ),
    ),
  );
}
