/** What one worker achieved: attempts at the assessment, skills with their levels, the release. */

import { dayAndTime } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, ngettext, spokenLanguage } from '../../lib/gettext.js';
import { told } from '../domain/crew.js';
import { lacking, resultsIn, scoreIn } from '../domain/results.js';
import { button, choiceButton, icon, singly, skillName } from './parts.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 * @typedef {import('./state.js').Member} Member
 * @typedef {import('../domain/results.js').Results} Results
 * @typedef {import('../domain/types.js').Cohort} Cohort
 * @typedef {import('../domain/types.js').Skill} Skill
 */

/**
 * @param {State} state
 * @param {Member} member
 * @returns {Cohort|undefined}
 */
export function cohortOf(state, member) {
  return state.pack.cohorts.find((one) => one.id === member.enrollment?.cohort);
}

/**
 * What stands of a worker's results, over all sessions on this phone.
 * @param {State} state
 * @param {Member} member
 * @returns {Results}
 */
export function resultsOf(state, member) {
  const { id, otherEnrollments = [] } = member.enrollment ?? {};
  const ids = new Set([id, ...otherEnrollments]);
  const own = state.facts.filter(({ body }) => ids.has(body.enrollment) || body.type === 'void');
  return resultsIn(own.map(told), cohortOf(state, member));
}

/**
 * What completing still asks of a worker, in words, as far as this phone knows.
 * @param {State} state
 * @param {Member} member
 * @returns {string[]}
 */
export function lackingWords(state, member) {
  const cohort = cohortOf(state, member);
  if (!cohort) return [];
  const results = resultsOf(state, member);
  const { assessment, skills } = lacking(cohort, results);
  const name = assessmentName(cohort);
  const points = results.score === null ? _('{name}: not taken yet', { name }) : _('{name}: {score}, needs {mark}', { name, score: results.score, mark: cohort.policy.passMark ?? 0 });
  return [...(assessment ? [points] : []), ...skills.map((skill) => lackingSkill(skill, results.levels.get(skill.id)))];
}

/**
 * @param {Skill} skill
 * @param {number|undefined} level
 * @returns {string}
 */
function lackingSkill(skill, level) {
  if (!level) return skillName(skill);
  return _('{name} (level {level}, needs {needed})', { name: skillName(skill), level, needed: skill.neededLevel ?? 0 });
}

/**
 * @param {Cohort} cohort
 * @returns {string}
 */
function assessmentName({ policy }) {
  return (spokenLanguage() === 'es' && policy.assessmentEs) || policy.assessment || _('Assessment');
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 */
export function resultsPart(state, intents, session, member) {
  const cohort = cohortOf(state, member);
  const results = resultsOf(state, member);
  const { consent } = results;
  return h(
    'section',
    { class: 'sheet__part' },
    h('h3', {}, _('Results')),
    cohort === undefined || cohort.policy.assessmentRequired || results.attempts.length ? assessment(state, intents, session, member, results) : null,
    cohort?.skills.length ? skillList(intents, session, member, cohort.skills, results) : null,
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
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 * @param {Results} results
 */
function assessment(state, intents, session, member, { attempts, score }) {
  const cohort = cohortOf(state, member);
  const name = cohort ? assessmentName(cohort) : _('Assessment');
  const send = async (/** @type {any} */ event) => {
    event.preventDefault();
    const input = event.target.elements.score;
    const points = scoreIn(input.value);
    input.setAttribute('aria-invalid', String(points === null));
    document.getElementById('score-problem')?.toggleAttribute('hidden', points !== null);
    if (points === null) return input.focus();
    input.value = '';
    return intents.assess(member, session, points);
  };
  return h(
    'form',
    { class: 'form', onsubmit: singly(send), novalidate: true },
    h('label', { class: 'field__label', for: 'score' }, score === null ? name : _('{name}: {score}', { name, score })),
    h('p', { class: 'field__hint', id: 'score-hint' }, pointsHint(cohort)),
    h('p', { class: 'field__error', id: 'score-problem', hidden: true, role: 'alert' }, icon('circle-x'), _('Points go from 0 to 100, such as 78 or 78.5. Nothing was recorded.')),
    h(
      'div',
      { class: 'inline-form__row' },
      h('input', { class: 'input input--short', id: 'score', name: 'score', inputmode: 'decimal', maxlength: 40, autocomplete: 'off', 'aria-describedby': 'score-hint score-problem' }),
      button(_('Record'), () => {}, { type: 'submit', kind: 'button--quiet' }),
    ),
    attempts.length ? h('ol', { class: 'plain-list' }, attempts.map((attempt, number) => attemptRow(state, session, attempt, number + 1))) : null,
  );
}

/**
 * @param {Cohort|undefined} cohort
 * @returns {string}
 */
function pointsHint(cohort) {
  const { passMark = null, maxAttempts = null, lastCounts = false } = cohort?.policy ?? {};
  return [
    passMark === null ? _('0 to 100') : _('0 to 100; {mark} passes', { mark: passMark }),
    maxAttempts === null ? '' : ngettext('{n} attempt is allowed', '{n} attempts are allowed', maxAttempts),
    lastCounts ? _('the last one counts') : '',
  ].filter(Boolean).join('; ');
}

/**
 * @param {State} state
 * @param {Session} session
 * @param {import('../domain/results.js').Attempt} attempt
 * @param {number} number
 */
function attemptRow(state, session, { id, score, at, by, weighed, decides }, number) {
  const who = state.trainers.find((one) => one.id === by)?.name ?? '';
  return h(
    'li',
    { class: 'records__row', key: id },
    h('span', {}, h('strong', {}, _('Attempt {n}: {score}', { n: number, score })), h('span', {}, [dayAndTime(at, spokenLanguage(), session.zone), who].filter(Boolean).join(' · '))),
    decides ? h('span', { class: 'chip chip--brand' }, _('counts')) : null,
    weighed ? null : h('span', { class: 'chip chip--look' }, _('beyond the attempts allowed')),
  );
}

/**
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 * @param {Skill[]} wanted
 * @param {Results} results
 */
function skillList(intents, session, member, wanted, { levels, signed }) {
  return h(
    'ul',
    { class: 'plain-list skills' },
    wanted.map((skill) =>
      h(
        'li',
        { class: 'records__row', key: skill.id },
        h('span', {}, skillName(skill), skill.neededLevel ? h('span', {}, _('counts from level {level}', { level: skill.neededLevel })) : null),
        signed.has(skill.id) ? h('span', { class: 'chip chip--in' }, icon('circle-check'), _('Signed off')) : null,
        skill.neededLevel ? levelButtons(intents, session, member, skill, levels.get(skill.id) ?? 0) : null,
        skill.neededLevel || signed.has(skill.id)
          ? null
          : button(_('Sign off'), () => intents.signOff(member, session, skill.id), { icon: 'check', kind: 'button--quiet', name: _('Sign off: {name}', { name: skillName(skill) }) }),
      ),
    ),
  );
}

/**
 * The highest level counts, so those below it are no choice any more; a slip is undone as any record is.
 * @param {Intents} intents
 * @param {Session} session
 * @param {Member} member
 * @param {Skill} skill
 * @param {number} reached
 */
function levelButtons(intents, session, member, skill, reached) {
  const one = (/** @type {{name: string, nameEs?: string}} */ level, /** @type {number} */ place) =>
    h(
      'button',
      {
        type: 'button',
        key: place,
        class: `button ${place === reached ? '' : 'button--quiet'}`,
        'aria-pressed': String(place === reached),
        disabled: place < reached,
        onclick: singly(async () => place > reached && intents.signOff(member, session, skill.id, place)),
      },
      place === reached ? icon('check') : null,
      h('span', {}, `${place} · ${skillName(level)}`),
    );
  return h('div', { class: 'levels', role: 'group', 'aria-label': skillName(skill) }, (skill.levels ?? []).map((level, place) => one(level, place + 1)));
}
