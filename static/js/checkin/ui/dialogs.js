/** Questions that stand in front of a screen. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { factWords } from './fact_words.js';
import { leaveKioskDialog } from './lock.js';
import { paperDialog } from './paper.js';
import { button, courseName, hours, icon, nameOf } from './parts.js';
import { personDialog } from './person.js';
import { field, form, frame, reasonFields, reasonIn } from './sheet.js';
import { membersOf, openCard } from './state.js';
import { turnDialog } from './turn.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Dialog} Dialog
 * @typedef {import('./state.js').Session} Session
 */

/**
 * The dialog that the state asks for; null where what it is about is gone.
 * @param {State} state
 * @param {Intents} intents
 */
export function dialogFor(state, intents) {
  const dialog = /** @type {Dialog} */ (state.dialog);
  switch (dialog.kind) {
    case 'person':
      return personDialog(state, intents, dialog);
    case 'walk_in':
      return walkInDialog(state, intents);
    case 'ad_hoc':
      return adHocDialog(state, intents);
    case 'code':
      return codeDialog(state, intents);
    case 'choose_card':
      return chooseDialog(state, intents);
    case 'undo':
      return undoDialog(state, intents, dialog.fact);
    case 'excuse':
      return excuseDialog(state, intents, dialog);
    case 'paper':
      return paperDialog(state, intents);
    case 'leave_kiosk':
      return leaveKioskDialog(state, intents);
    case 'crew':
      return crewDialog(state, intents, dialog);
    default:
      return turnDialog(state, intents, dialog);
  }
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function walkInDialog(state, intents) {
  const card = openCard(state);
  const here = card ? membersOf(state, card) : state.pack.enrollments;
  const employers = [...new Set(here.map((person) => person.employer).filter(Boolean))];
  return frame(
    intents,
    _('Add a walk-in'),
    h('p', { class: 'muted' }, _('The person counts as arriving now. A coordinator later finds the worker behind the name.')),
    form(
      ({ name, employer }) => intents.walkIn({ name, employer }),
      field('name', _('Name'), { more: { autocapitalize: 'words', autofocus: true } }),
      field('employer', _('Employer'), { more: { list: 'known-employers', value: employers.length === 1 ? employers[0] : '' } }),
      known('known-employers', employers),
      button(_('Check in'), () => {}, { type: 'submit', icon: 'user-plus', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function adHocDialog(state, intents) {
  const courses = [...new Set(state.pack.sessions.map(courseName))];
  const places = [...new Set(state.pack.sessions.map((session) => session.place))];
  return frame(
    intents,
    _('Session that is not listed'),
    h('p', { class: 'muted' }, _('Record people now; the office finds the session by badge, time and place.')),
    form(
      ({ course, place }) => intents.adHoc({ course, place }),
      field('course', _('Course'), { more: { list: 'known-courses' } }),
      known('known-courses', courses),
      field('place', _('Place'), { more: { list: 'known-places' } }),
      known('known-places', places),
      button(_('Start'), () => {}, { type: 'submit', icon: 'play', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * Words that a field offers and does not insist on.
 * @param {string} id
 * @param {string[]} words
 */
function known(id, words) {
  return h('datalist', { id }, words.map((value) => h('option', { value })));
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function codeDialog({ scan }, intents) {
  const arriving = scan.direction === 'in';
  const send = async (/** @type {any} */ event) => {
    event.preventDefault();
    const input = event.target.elements.code;
    const readable = await intents.typed(input.value);
    input.setAttribute('aria-invalid', String(!readable));
    document.getElementById('code-problem')?.toggleAttribute('hidden', readable);
    if (readable) intents.open(null);
    else input.focus();
  };
  const more = { class: 'input input--code', autocapitalize: 'characters', spellcheck: 'false', maxlength: 14, autofocus: true, inputmode: 'text' };
  return frame(
    intents,
    _('Type a code'),
    h(
      'form',
      { class: 'form', onsubmit: send, novalidate: true },
      field('code', _('Code under the badge'), { hint: _('Nine characters, such as F2T9-NB83-*'), more }),
      h('p', { class: 'field__error', id: 'code-problem', hidden: true, role: 'alert' }, icon('circle-x'), _('That is not a code of a badge. Check each character.')),
      button(arriving ? _('Check in') : _('Check out'), () => {}, { type: 'submit', icon: arriving ? 'log-in' : 'log-out', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function chooseDialog(state, intents) {
  const day = 24 * 60 * 60 * 1000;
  const near = state.pack.sessions.filter((session) => Math.abs(session.startsAt - state.now) < 2 * day);
  const open = openCard(state)?.id ?? null;
  return frame(
    intents,
    _('Which session?'),
    h(
      'ul',
      { class: 'choices' },
      near.map((session) => choice(courseName(session), `${hours(session, state.now)} · ${session.place}`, session.id === open, () => intents.chooseCard(session.id))),
      choice(_('Any session'), _('the badge decides'), open === null, () => intents.chooseCard(null)),
    ),
    button(_('Session that is not listed'), () => intents.open({ kind: 'ad_hoc' }), { icon: 'plus', kind: 'button--quiet button--wide' }),
  );
}

/**
 * @param {string} title
 * @param {string} text
 * @param {boolean} chosen
 * @param {() => void} onclick
 */
function choice(title, text, chosen, onclick) {
  return h(
    'li',
    { key: title + text },
    h('button', { type: 'button', class: 'person-row', 'aria-pressed': String(chosen), onclick }, h('span', { class: 'person-row__who' }, h('strong', {}, title), h('span', {}, text)), chosen ? icon('check') : null),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {import('./state.js').Fact} fact
 */
function undoDialog(state, intents, fact) {
  const { who, what } = factWords(state.pack, state.facts, fact);
  return frame(
    intents,
    _('Undo this record?'),
    h('p', {}, h('strong', {}, [who, what].filter(Boolean).join(': '))),
    h('p', { class: 'muted' }, _('The record stays, and so does who undid it and why.')),
    form(
      (values) => intents.undo(fact, reasonIn(values)),
      reasonFields(_('Reason'), [_('Recorded by mistake'), _('Wrong person'), _('Arriving and leaving mixed up')]),
      button(_('Undo'), () => {}, { type: 'submit', icon: 'undo-2', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Extract<Dialog, {kind: 'excuse'}>} dialog
 */
function excuseDialog(state, intents, { session: id, key }) {
  const session = state.pack.sessions.find((one) => one.id === id);
  const member = session && membersOf(state, session).find((one) => one.key === key);
  if (!session || !member) return null;
  return frame(
    intents,
    _('Excuse {name}', { name: nameOf(member) }),
    h('p', { class: 'muted' }, _('Excused hours earn no credit. Whoever comes after all is checked in as usual.')),
    form(
      (values) => intents.excuse(member, session, reasonIn(values)),
      reasonFields(_('Reason'), [_('Sick'), _('Family'), _('Needed at work'), _('Weather or road')]),
      button(_('Excuse'), () => {}, { type: 'submit', icon: 'circle-minus', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Extract<Dialog, {kind: 'crew'}>} dialog
 */
function crewDialog(state, intents, { session: id, direction }) {
  const session = openCard(state);
  if (!session || session.id !== id) return null;
  const members = membersOf(state, session).filter((member) =>
    direction === 'in' ? member.state === 'away' && member.standing === 'enrolled' : member.state === 'in',
  );
  const title = direction === 'in' ? _('Check everybody in?') : _('Check everybody out?');
  return frame(
    intents,
    title,
    h('ul', { class: 'names' }, members.map((member) => h('li', { key: member.key }, nameOf(member)))),
    button(ngettext('Record {n} person', 'Record {n} people', members.length), () => intents.moveAll(members, session, direction), { icon: direction === 'in' ? 'log-in' : 'log-out', kind: 'button--large button--wide', disabled: !members.length }),
  );
}
