/** The screen's lock: asking for the PIN, setting it, and what is left to see once it was wrong too often. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { MOST_WRONG } from '../domain/pin.js';
import { pairForm } from './pair.js';
import { button, icon } from './parts.js';
import { field, form, frame } from './sheet.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 */

const MINUTES = [1, 5, 15, 60];
const DIGITS = { type: 'password', inputmode: 'numeric', pattern: '[0-9]{4,8}', minlength: 4, maxlength: 8 };

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function lockScreen(state, intents) {
  return h(
    'div',
    { class: 'pair' },
    h('h1', {}, _('Locked')),
    h('p', { class: 'lead' }, _('Everything recorded here is safe, and is still sent.')),
    pinForm(state, _('Open'), intents.unlock),
  );
}

/**
 * Who leaves the kiosk shows that they may.
 * @param {State} state
 * @param {Intents} intents
 */
export function leaveKioskDialog(state, intents) {
  return frame(intents, _('Leave the kiosk'), pinForm(state, _('Leave the kiosk'), intents.leaveKiosk));
}

/**
 * @param {State} state
 * @param {string} label of the button
 * @param {(pin: string) => Promise<void>} done
 */
function pinForm({ lock }, label, done) {
  const wrong = lock?.wrong ?? 0;
  const left = MOST_WRONG - wrong;
  const words = ngettext('That is not the PIN. {n} more try; after that, only a trainer’s sign-in opens this phone.', 'That is not the PIN. {n} more tries; after that, only a trainer’s sign-in opens this phone.', left);
  const more = { ...DIGITS, autofocus: true, mounted: (/** @type {HTMLElement} */ input) => input.focus() };
  return form(
    ({ pin }) => done(pin),
    wrong ? h('p', { class: 'field__error', role: 'alert' }, icon('circle-x'), h('span', {}, words)) : null,
    h('div', { key: `try ${wrong}` }, field('pin', _('PIN'), { more })),
    button(label, () => {}, { type: 'submit', icon: 'lock-open', kind: 'button--large button--wide' }),
  );
}

/**
 * The way back for a trainer, below what can still be scanned.
 * @param {State} state
 * @param {Intents} intents
 */
export function signInAgain(state, intents) {
  return h(
    'section',
    { class: 'settings__part' },
    h('h2', {}, _('Names are hidden')),
    h('p', {}, _('The PIN was wrong too often. Badges are still recorded and sent. A trainer opens this phone with a new one-time code, from Phones on the office’s page.')),
    pairForm(state, intents),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function lockSettings({ lock }, intents) {
  return h(
    'section',
    { class: 'settings__part', key: 'lock' },
    h('h2', {}, _('Screen lock')),
    h('p', {}, icon(lock ? 'lock-keyhole' : 'lock-open'), ' ', lock ? ngettext('A PIN is asked for at the start, and after {n} minute away.', 'A PIN is asked for at the start, and after {n} minutes away.', lock.minutes) : _('No PIN: whoever holds this phone sees the names.')),
    h(
      'details',
      { class: 'disclosure', key: lock ? 'change' : 'set' },
      h('summary', {}, lock ? _('Change the PIN') : _('Set a PIN')),
      h('div', { class: 'disclosure__body' }, newPin(intents, lock?.minutes ?? 5)),
    ),
    lock ? button(_('Remove the PIN'), intents.removePin, { icon: 'lock-open', kind: 'button--quiet' }) : null,
  );
}

/**
 * @param {Intents} intents
 * @param {number} minutes
 */
function newPin(intents, minutes) {
  return form(
    ({ pin, minutes: chosen }) => intents.setPin(pin, Number(chosen)),
    field('pin', _('New PIN'), { hint: _('Four to eight digits. It keeps curious eyes off the names; protect the phone itself with its own lock.'), more: DIGITS }),
    h(
      'div',
      { class: 'field' },
      h('label', { class: 'field__label', for: 'field-minutes' }, _('Ask again after')),
      h('select', { class: 'input', id: 'field-minutes', name: 'minutes', value: String(minutes) }, MINUTES.map((n) => h('option', { value: String(n) }, ngettext('{n} minute away', '{n} minutes away', n)))),
    ),
    button(_('Use this PIN'), () => {}, { type: 'submit', icon: 'lock-keyhole', kind: 'button--large button--wide' }),
  );
}
