/** Words in the reader's language. Keys are the English words; what has no translation stays English. */

/** @typedef {{[message: string]: string|string[]}} Catalog */

/** @type {Catalog} */
let catalog = {};
let language = 'en';

/**
 * @param {string} newLanguage
 * @param {Catalog} messages
 */
export function speak(newLanguage, messages) {
  language = newLanguage;
  catalog = messages;
}

/** @returns {string} */
export function spokenLanguage() {
  return language;
}

/**
 * @param {string} message
 * @param {{[name: string]: string|number}} [values] for the `{name}`s in the message
 * @returns {string}
 */
export function _(message, values = {}) {
  const found = catalog[message];
  return filled(typeof found === 'string' && found ? found : message, values);
}

/**
 * The right form for a number, which is `{n}` in the message.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {{[name: string]: string|number}} [values]
 * @returns {string}
 */
export function ngettext(one, many, n, values = {}) {
  const found = catalog[one];
  const forms = Array.isArray(found) && found.every(Boolean) ? found : [one, many];
  return filled(forms[n === 1 ? 0 : 1] ?? many, { n, ...values });
}

/**
 * @param {string} message
 * @param {{[name: string]: string|number}} values
 * @returns {string}
 */
function filled(message, values) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
