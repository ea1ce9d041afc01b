/** Pairing: a one-time code makes this phone known to the office. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { button, icon } from './parts.js';
import { field, form } from './sheet.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 */

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function pairScreen(state, intents) {
  return h(
    'div',
    { class: 'pair' },
    h('h1', {}, _('Check people in, with or without signal')),
    h('p', { class: 'lead' }, _('Pair this phone once with your account. After that it works offline: what it records stays on it until the office has it.')),
    state.pairingCode ? pairForm(state, intents) : steps(state, intents),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function steps(state, intents) {
  return h(
    'ol',
    { class: 'pair__steps' },
    h('li', {}, h('span', {}, _('Sign in at the office’s page and ask for a code there.')), h('a', { class: 'button button--quiet', href: '/devices/pair' }, icon('log-in'), h('span', {}, _('Sign in and get a code')))),
    h('li', {}, h('span', {}, _('Type the code here. It works once, for ten minutes.')), pairForm(state, intents)),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function pairForm(state, intents) {
  const { busy, problem } = state.pairing;
  const first = state.device === null;
  return form(
    ({ once, name = '' }) => intents.pair({ code: once, name }),
    problem ? h('p', { class: 'field__error', role: 'alert' }, icon('circle-x'), h('span', {}, problem)) : null,
    field('once', _('One-time code'), {
      more: { class: 'input input--code', value: state.pairingCode, autocapitalize: 'characters', spellcheck: 'false' },
    }),
    first ? field('name', _('Name of this phone'), { hint: _('So that the office can tell phones apart'), more: { value: state.device ? '' : _('Trainer phone') } }) : null,
    button(busy ? _('Pairing') : first ? _('Pair this phone') : _('Add the trainer'), () => {}, { type: 'submit', icon: 'smartphone', kind: 'button--large button--wide', disabled: busy }),
  );
}
