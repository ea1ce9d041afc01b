/** One check of a site: its questions part by part, kept as they are answered. */

import { wholeNumber } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, spokenLanguage } from '../../lib/gettext.js';
import { button, emptyState, icon } from '../ui/parts.js';
import { readNumber } from './drafts.js';
import { refusal } from './list.js';
import { dayWords, onItsWay, progressOf, whereabouts, wordsOf } from './words.js';

/**
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Changes} Changes
 * @typedef {import('./store.js').Question} Question
 * @typedef {import('./store.js').Value} Value
 *
 * @typedef {import('./list.js').Own & {
 *   type: (id: string, changes: Changes) => Promise<void>,
 *   done: (id: string) => Promise<void>,
 *   redraw: () => void,
 * }} Own
 */

const MOST_NOTES = 4000;

/** @param {Own} own @returns {import('../later.js').Draw} */
export function formScreen(own) {
  let throwing = false;
  return (_state, intents) => {
    const id = location.hash.split('/')[2] ?? '';
    const { drafts, keeping, unkept } = own.shown();
    const draft = drafts.find((one) => one.id === id);
    if (!draft) return emptyState('clipboard-list', _('This draft is not on this phone'), _('It was sent and let go, or thrown away.'), back(intents));
    const type = (/** @type {Changes} */ changes) => void own.type(id, changes);
    const ask = (/** @type {boolean} */ asks) => {
      throwing = asks;
      own.redraw();
    };
    return [
      h('div', { class: 'page-head', key: 'head' }, h('h1', {}, draft.site.name), h('p', { class: 'muted' }, draft.lab.name)),
      h('div', { class: 'check-progress check-progress--stays', key: 'progress' }, progressOf(draft)),
      refusal(own, draft),
      parts(draft).map(([group, questions]) =>
        h('section', { class: 'settings__part', key: group }, h('h2', {}, group), questions.map((question) => asked(draft, question, type))),
      ),
      about(draft, type),
      h('div', { class: 'check-end', key: 'end' }, unkept ? notKept() : keeping ? onItsWay() : whereabouts(draft), ending(own, draft, throwing, ask), back(intents)),
    ];
  };
}

/**
 * The questions by the parts of the checklist, as they come.
 * @param {Draft} draft
 * @returns {[string, Question[]][]}
 */
function parts({ questions }) {
  /** @type {Map<string, Question[]>} */
  const found = new Map();
  for (const question of questions) {
    const { group } = wordsOf(question);
    found.set(group, [...(found.get(group) ?? []), question]);
  }
  return [...found];
}

/**
 * @param {Draft} draft
 * @param {Question} question
 * @param {(changes: Changes) => void} type
 */
function asked(draft, question, type) {
  return question.kind === 'number' ? numberField(draft, question, type) : choiceField(draft, question, type);
}

/**
 * @param {Draft} draft
 * @param {Question} question
 * @param {(changes: Changes) => void} type
 */
function numberField(draft, question, type) {
  const { key, highest } = question;
  const words = wordsOf(question);
  const id = `check-${key}`;
  const unclear = draft.unclear[key];
  const value = unclear ?? draft.answers[key];
  const typed = (/** @type {any} */ { currentTarget }) => {
    const read = readNumber(currentTarget.value, question);
    type({ answers: { [key]: read.answer }, unclear: { [key]: read.unclear } });
  };
  return h(
    'div',
    { class: 'field', key },
    h('label', { class: 'field__label', for: id }, words.ask),
    h('p', { class: 'field__hint', id: `${id}-hint` }, [words.needs, knownNote(draft, key)].filter(Boolean).join(' ')),
    h(
      'div',
      { class: 'check-number' },
      h('input', { class: 'input', id, value: value === undefined ? '' : String(value), inputmode: 'numeric', autocomplete: 'off', maxlength: 20, 'aria-describedby': `${id}-hint${unclear === undefined ? '' : ` ${id}-problem`}`, 'aria-invalid': unclear === undefined ? null : 'true', oninput: typed }),
      words.unit ? h('span', { class: 'muted' }, words.unit) : null,
    ),
    unclear === undefined ? null : h('p', { class: 'field__error', id: `${id}-problem` }, icon('circle-x'), h('span', {}, _('A whole number from 0 to {most}. It is kept as you typed it, and not sent.', { most: wholeNumber(highest, spokenLanguage()) }))),
  );
}

/**
 * @param {Draft} draft
 * @param {Question} question
 * @param {(changes: Changes) => void} type
 */
function choiceField(draft, question, type) {
  const { key } = question;
  const words = wordsOf(question);
  const id = `check-${key}`;
  /** @type {[Value, string][]} */
  const options = question.kind === 'yes' ? [[true, _('Yes')], [false, _('No')]] : question.choices.map((one) => [one, words.choices[one] ?? one]);
  const hint = [words.needs, knownNote(draft, key)].filter(Boolean).join(' ');
  // What is chosen already is let go by a second tap: nothing is said then.
  const choose = (/** @type {Value} */ value) => type({ answers: { [key]: draft.answers[key] === value && !draft.known.includes(key) ? null : value } });
  return h(
    'div',
    { class: 'field', key, role: 'group', 'aria-labelledby': id },
    h('p', { class: 'field__label', id }, words.ask),
    hint ? h('p', { class: 'field__hint' }, hint) : null,
    h(
      'div',
      { class: 'segments' },
      options.map(([value, label]) =>
        h('button', { type: 'button', class: 'segments__one', key: String(value), 'aria-pressed': String(draft.answers[key] === value), onclick: () => choose(value) }, label),
      ),
    ),
  );
}

/**
 * @param {Draft} draft
 * @param {string} key
 * @returns {string}
 */
function knownNote({ known }, key) {
  return known.includes(key) ? _('Answered before: see whether it still holds.') : '';
}

/**
 * @param {Draft} draft
 * @param {(changes: Changes) => void} type
 */
function about(draft, type) {
  const day = (/** @type {any} */ { currentTarget }) => {
    if (currentTarget.value) type({ checkedOn: currentTarget.value });
  };
  return h(
    'section',
    { class: 'settings__part', key: 'about' },
    h('h2', {}, _('The check itself')),
    h(
      'div',
      { class: 'field' },
      h('label', { class: 'field__label', for: 'check-day' }, _('Day of the check')),
      h('input', { class: 'input', id: 'check-day', type: 'date', value: draft.checkedOn, onchange: day }),
      h('p', { class: 'field__hint' }, dayWords(draft.checkedOn)),
    ),
    h(
      'div',
      { class: 'field' },
      h('label', { class: 'field__label', for: 'check-notes' }, _('Notes')),
      h('textarea', { class: 'input', id: 'check-notes', rows: 4, maxlength: MOST_NOTES, value: draft.notes, oninput: (/** @type {any} */ { currentTarget }) => type({ notes: currentTarget.value }) }),
    ),
    photosNote(draft),
  );
}

/**
 * Photos go by the web, once the office has the draft.
 * @param {Draft} draft
 */
function photosNote({ id, sent }) {
  const words = _('Take photos with the phone’s camera now. Once this is sent, they are attached on the web, under Checks of sites.');
  return [
    h('p', { class: 'aside-note' }, icon('camera'), h('span', {}, words)),
    sent ? h('a', { class: 'button button--quiet', href: `/site-checks/${id}#files` }, icon('image-plus'), h('span', {}, _('Attach photos'))) : null,
  ];
}

function notKept() {
  return h('p', { class: 'field__error', role: 'alert' }, icon('circle-x'), h('span', {}, _('What you typed last is not kept yet.')));
}

/**
 * @param {Own} own
 * @param {Draft} draft
 * @param {boolean} throwing
 * @param {(asks: boolean) => void} ask
 */
function ending(own, draft, throwing, ask) {
  if (!throwing) {
    return [
      button(_('Done: send it'), () => own.done(draft.id), { icon: 'send', kind: 'button--large button--wide' }),
      button(_('Throw away'), () => ask(true), { icon: 'trash-2', kind: 'button--quiet button--wide' }),
    ];
  }
  const gone = async () => {
    ask(false);
    await own.remove(draft.id);
    location.hash = '#/site-checks';
  };
  return h(
    'div',
    { class: 'check-refusal', role: 'alertdialog', 'aria-labelledby': 'check-throw' },
    h('p', { id: 'check-throw' }, draft.sent ? _('It goes from this phone. What was sent stays with the office.') : _('It goes from this phone, and the office never had it.')),
    h(
      'div',
      { class: 'sending__actions' },
      button(_('Throw it away'), gone, { icon: 'trash-2', kind: 'button--danger' }),
      button(_('Keep it'), () => ask(false), { icon: 'undo-2', kind: 'button--quiet' }),
    ),
  );
}

/** @param {import('../ui/state.js').Intents} intents */
function back(intents) {
  return button(_('Back to the list'), () => intents.go('site-checks'), { icon: 'arrow-left', kind: 'button--quiet button--wide' });
}
