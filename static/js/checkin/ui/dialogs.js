/** Questions that stand in front of a screen. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { factWords } from './fact_words.js';
import { button, hours, icon, nameOf } from './parts.js';
import { personDialog } from './person.js';
import { membersOf, openCard } from './state.js';

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
      return walkInDialog(intents);
    case 'ad_hoc':
      return adHocDialog(state, intents);
    case 'code':
      return codeDialog(intents);
    case 'choose_card':
      return chooseDialog(state, intents);
    case 'undo':
      return undoDialog(state, intents, dialog.fact);
    case 'crew':
      return crewDialog(state, intents, dialog);
    default:
      return turnDialog(state, intents, dialog);
  }
}

/**
 * @param {Intents} intents
 * @param {string} title
 * @param {...any} content
 */
export function frame(intents, title, ...content) {
  const id = 'dialog-title';
  return h(
    'dialog',
    {
      class: 'dialog sheet',
      key: `dialog ${title}`,
      'aria-labelledby': id,
      mounted: (/** @type {HTMLDialogElement} */ element) => element.showModal(),
      onclose: () => intents.open(null),
    },
    h(
      'div',
      { class: 'sheet__head' },
      h('h2', { id }, title),
      h('button', { type: 'button', class: 'sheet__close', 'aria-label': _('Close'), onclick: () => intents.open(null) }, icon('x')),
    ),
    ...content,
  );
}

/**
 * A form whose fields arrive by name.
 * @param {(values: {[name: string]: string}) => void} done
 * @param {...any} content
 */
export function form(done, ...content) {
  const onsubmit = (/** @type {any} */ event) => {
    event.preventDefault();
    const fields = /** @type {any} */ ([...new FormData(event.target)]);
    done(Object.fromEntries(fields.map((/** @type {[string, string]} */ [name, value]) => [name, value.trim()])));
  };
  return h('form', { class: 'form', onsubmit }, ...content);
}

/**
 * @param {string} name
 * @param {string} label
 * @param {{hint?: string, required?: boolean, more?: import('../../lib/dom.js').Props}} [how]
 */
export function field(name, label, { hint, required = true, more = {} } = {}) {
  const id = `field-${name}`;
  return h(
    'div',
    { class: 'field' },
    h('label', { class: 'field__label', for: id }, label, required ? null : h('span', { class: 'field__optional' }, ' ', _('(optional)'))),
    hint ? h('p', { class: 'field__hint', id: `${id}-hint` }, hint) : null,
    h('input', { class: 'input', id, name, required, maxlength: 120, autocomplete: 'off', 'aria-describedby': hint ? `${id}-hint` : null, ...more }),
  );
}

/** @param {Intents} intents */
function walkInDialog(intents) {
  return frame(
    intents,
    _('Add a walk-in'),
    h('p', { class: 'muted' }, _('The person counts as arriving now. A coordinator later finds the worker behind the name.')),
    form(
      ({ name, employer }) => intents.walkIn({ name, employer }),
      field('name', _('Name')),
      field('employer', _('Employer')),
      button(_('Check in'), () => {}, { type: 'submit', icon: 'user-plus', kind: 'button--large button--wide' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function adHocDialog(state, intents) {
  const courses = [...new Set(state.pack.sessions.map((session) => session.course))];
  const places = [...new Set(state.pack.sessions.map((session) => session.place))];
  const options = (/** @type {string} */ id, /** @type {string[]} */ words) => h('datalist', { id }, words.map((value) => h('option', { value })));
  return frame(
    intents,
    _('Session that is not listed'),
    h('p', { class: 'muted' }, _('Record people now; the office finds the session by badge, time and place.')),
    form(
      ({ course, place }) => intents.adHoc({ course, place }),
      field('course', _('Course'), { more: { list: 'known-courses' } }),
      options('known-courses', courses),
      field('place', _('Place'), { more: { list: 'known-places' } }),
      options('known-places', places),
      button(_('Start'), () => {}, { type: 'submit', icon: 'play', kind: 'button--large button--wide' }),
    ),
  );
}

/** @param {Intents} intents */
function codeDialog(intents) {
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
      button(_('Record'), () => {}, { type: 'submit', icon: 'check', kind: 'button--large button--wide' }),
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
  return frame(
    intents,
    _('Which session?'),
    h(
      'ul',
      { class: 'choices' },
      near.map((session) => choice(session.course, `${hours(session, state.now)} · ${session.place}`, session.id === state.settings.card, () => intents.chooseCard(session.id))),
      choice(_('Any session'), _('the badge decides'), state.settings.card === null, () => intents.chooseCard(null)),
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
    form(({ reason }) => intents.undo(fact, reason), field('reason', _('Reason')), button(_('Undo'), () => {}, { type: 'submit', icon: 'undo-2', kind: 'button--large button--wide' })),
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

/**
 * Closing, and opening again.
 * @param {State} state
 * @param {Intents} intents
 * @param {Dialog} dialog
 */
function turnDialog(state, intents, dialog) {
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
      field('note', _('Note'), { required: false }),
      button(closing ? _('Close now') : _('Open again'), () => {}, { type: 'submit', icon: closing ? 'lock' : 'lock-open', kind: 'button--large button--wide' }),
    ),
  );
}
