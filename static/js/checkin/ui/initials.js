/** Below the name of whoever came in: a field for their initials, for cohorts that ask for them. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { button, icon } from './parts.js';

/**
 * @param {import('./state.js').Question} question
 * @param {import('./state.js').Intents} intents
 * @param {any} undo
 */
export function initialsForm({ typed, wrong }, intents, undo) {
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    intents.initialsDone();
  };
  const oninput = (/** @type {any} */ event) => intents.initialsTyped(event.target.value);
  const more = { autocapitalize: 'characters', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'done', maxlength: 12, 'data-badges-too': '' };
  return h(
    'form',
    { class: 'initials', onsubmit, novalidate: true },
    h('label', { class: 'initials__label', for: 'field-initials' }, _('Your initials')),
    h(
      'div',
      { class: 'initials__row' },
      h('input', { class: 'input input--initials', id: 'field-initials', value: typed, oninput, 'aria-invalid': String(wrong), 'aria-describedby': wrong ? 'initials-problem' : null, ...more }),
      button(_('Done'), () => {}, { type: 'submit', icon: 'check', kind: 'button--large' }),
    ),
    wrong ? h('p', { class: 'field__error', id: 'initials-problem', role: 'alert' }, icon('circle-x'), _('Two to four letters, please.')) : null,
    h('div', { class: 'verdict__actions' }, undo, button(_('Without initials'), intents.initialsSkipped, { icon: 'circle-minus', kind: 'button--quiet button--large' })),
  );
}
