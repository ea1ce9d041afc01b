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
 * Drafts that are on this phone alone. What the office refuses goes by no signal: somebody has to look at it.
 * @param {State} state
 */
export function checksWaiting({ checks: { waiting, refused } }) {
  if (!waiting) return null;
  const words = refused
    ? ngettext('{n} check of a site is kept on this phone, and the office does not take it.', '{n} checks of sites are kept on this phone, and the office does not take them.', refused)
    : ngettext('{n} check of a site is kept on this phone and not sent yet. It goes by itself with the next signal.', '{n} checks of sites are kept on this phone and not sent yet. They go by themselves with the next signal.', waiting);
  const link = h('a', { class: 'button button--quiet', href: '#/site-checks' }, refused ? _('See why') : _('Look at it'));
  return h('div', { class: 'aside-note checks-line', key: 'checks' }, icon(refused ? 'triangle-alert' : 'clipboard-list'), h('p', {}, words), link);
}
