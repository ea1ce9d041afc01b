/** What screens of check-in say of checks of sites: the way there, and what waits. */

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { button, icon } from './parts.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 */

/**
 * The way to the checklists, where there is one to fill in or to look at.
 * @param {State} state
 * @param {Intents} intents
 */
export function checksLink({ checks }, intents) {
  return checks.any ? button(_('Site checks'), () => intents.go('site-checks'), { icon: 'clipboard-list', kind: 'button--quiet' }) : null;
}

/**
 * Drafts that are on this phone alone.
 * @param {State} state
 */
export function checksWaiting({ checks: { waiting } }) {
  if (!waiting) return null;
  const words = ngettext('{n} check of a site is kept on this phone and not sent yet. It goes by itself with the next signal.', '{n} checks of sites are kept on this phone and not sent yet. They go by themselves with the next signal.', waiting);
  return h('p', { class: 'aside-note', key: 'checks' }, icon('clipboard-list'), h('span', {}, words, ' ', h('a', { href: '#/site-checks' }, _('Look at them'))));
}
