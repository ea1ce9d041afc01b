/** What stands in front of a screen: its frame, and the forms in it. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { icon, singly } from './parts.js';

/** @typedef {import('./state.js').Intents} Intents */

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
 * @param {(values: {[name: string]: string}) => unknown} done
 * @param {...any} content
 */
export function form(done, ...content) {
  const send = singly((event) => {
    const fields = /** @type {any} */ ([...new FormData(event.target, event.submitter)]);
    return done(Object.fromEntries(fields.map((/** @type {[string, string]} */ [name, value]) => [name, value.trim()])));
  });
  const onsubmit = (/** @type {any} */ event) => {
    event.preventDefault();
    return send(event);
  };
  return h('form', { class: 'form', onsubmit }, ...content);
}

/**
 * A reason by one tap, or in one's own words.
 * @param {string} label
 * @param {string[]} reasons
 */
export function reasonFields(label, reasons) {
  return [
    h(
      'div',
      { class: 'field' },
      h('label', { class: 'field__label', for: 'reason' }, label),
      h('select', { class: 'input', id: 'reason', name: 'reason' }, reasons.map((reason) => h('option', { value: reason }, reason))),
    ),
    field('words', _('In your own words'), { required: false }),
  ];
}

/**
 * What the fields of a reason say.
 * @param {{[name: string]: string}} values
 * @returns {string}
 */
export function reasonIn({ reason, words }) {
  return words || reason;
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
