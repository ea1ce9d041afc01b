/** Site checks: the places where a trainer goes next, how each stands, and the drafts on this phone. */

import { dayKey } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { button, emptyState, icon } from '../ui/parts.js';
import { draftFor, faultsOf, waits } from './drafts.js';
import { canBeRenewed, chip, dayWords, progressOf, reasonsOf, whereabouts } from './words.js';

/**
 * @typedef {import('../ui/state.js').State} State
 * @typedef {import('./index.js').Shown} Shown
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Visit} Visit
 *
 * @typedef {object} Own what the screen asks for
 * @property {() => Shown} shown
 * @property {() => void} lookedAt
 * @property {(visit: Visit) => Promise<void>} open
 * @property {(how?: {again?: boolean}) => Promise<void>} send
 * @property {(id: string) => Promise<void>} renew
 * @property {(id: string) => Promise<void>} remove
 */

/** @param {Own} own @returns {import('../later.js').Draw} */
export function listScreen(own) {
  return (state) => {
    const { lists, drafts } = own.shown();
    const { trainer } = state.settings;
    const visits = (lists?.visits ?? []).filter(({ trainers }) => trainer !== null && trainers.includes(trainer));
    const going = new Set(visits.map((visit) => draftFor(drafts, visit, trainer)?.id));
    const others = drafts.filter((draft) => !going.has(draft.id)).reverse();
    return [
      h(
        'div',
        { class: 'page-head', key: 'head', mounted: own.lookedAt },
        h('h1', {}, _('Site checks')),
        h('p', { class: 'muted' }, _('Does the place have what the lab needs? Fill it in there, with or without signal. A coordinator sees it as a draft and decides.')),
      ),
      visits.length || others.length ? null : nothing(state, lists !== null),
      visits.map((visit) => visitCard(own, visit, lists?.labs.find(({ id }) => id === visit.lab)?.name ?? '', draftFor(drafts, visit, trainer), state.now)),
      others.length ? h('section', { class: 'records', key: 'others' }, h('h2', {}, icon('smartphone'), h('span', {}, _('Also on this phone'))), others.map((draft) => draftCard(own, state, draft))) : null,
    ];
  };
}

/**
 * @param {State} state
 * @param {boolean} fetched
 */
function nothing(state, fetched) {
  if (state.device?.revoked) return emptyState('ban', _('This phone was revoked'), _('It gets no checklists any more.'));
  return fetched
    ? emptyState('clipboard-list', _('Nothing to check'), _('The places where you go next need no check, or you have no visit ahead.'))
    : emptyState('download', _('The checklists are not here yet'), _('They come by themselves as soon as there is signal.'));
}

/**
 * @param {Own} own
 * @param {Visit} visit
 * @param {string} lab
 * @param {Draft|undefined} draft
 * @param {number} now
 */
function visitCard(own, visit, lab, draft, now) {
  const { site, arrivesOn } = visit;
  const day = dayWords(arrivesOn);
  const isThere = arrivesOn <= dayKey(now, site.zone);
  const label = draft ? _('Continue') : _('Fill it in');
  return h(
    'article',
    { class: 'session-card', key: `${visit.lab} ${site.id}` },
    h('p', { class: 'session-card__hours' }, icon('calendar-days'), h('span', {}, isThere ? _('There since {day}', { day }) : _('Arrives {day}', { day }))),
    h('h2', { class: 'session-card__course' }, site.name),
    h('p', { class: 'session-card__place' }, icon('truck'), h('span', {}, lab)),
    draft ? [h('div', { class: 'check-progress' }, progressOf(draft)), whereabouts(draft), refusal(own, draft)] : standing(visit),
    h('div', { class: 'session-card__actions' }, button(label, () => own.open(visit), { icon: draft ? 'pencil' : 'clipboard-list', kind: 'button--large session-card__scan', name: `${label}: ${site.name}, ${lab}` })),
  );
}

/**
 * How the site stands for the lab by the office's last word.
 * @param {Visit} visit
 */
function standing({ verdict, holdsUntil }) {
  const day = holdsUntil ? dayWords(holdsUntil) : '';
  if (verdict === 'ready') return chip('in', 'circle-check', _('Ready until {day}', { day }));
  if (verdict === 'conditions') return chip('look', 'triangle-alert', _('Ready with conditions'));
  if (verdict === 'not_ready') return chip('refused', 'ban', _('Not ready'));
  return chip('outline', 'circle-dashed', _('Not checked yet'));
}

/**
 * A draft that belongs to none of the visits ahead: they are over, it was decided on, or somebody else filled it in.
 * @param {Own} own
 * @param {State} state
 * @param {Draft} draft
 */
function draftCard(own, state, draft) {
  const who = draft.by === state.settings.trainer ? '' : (state.trainers.find(({ id }) => id === draft.by)?.name ?? '');
  return h(
    'article',
    { class: 'session-card', key: draft.id },
    h('h3', { class: 'session-card__course' }, draft.site.name),
    h('p', { class: 'session-card__place' }, icon('truck'), h('span', {}, draft.lab.name)),
    who ? h('p', { class: 'session-card__place' }, icon('user'), h('bdi', {}, who)) : null,
    h('div', { class: 'check-progress' }, progressOf(draft)),
    whereabouts(draft),
    refusal(own, draft),
    h(
      'div',
      { class: 'session-card__actions' },
      draft.final ? null : h('a', { class: 'button button--quiet button--wide', href: `#/site-check/${draft.id}`, 'aria-label': `${_('Open')}: ${draft.site.name}` }, icon('pencil'), h('span', {}, _('Open'))),
      draft.sent > 0 && !waits(draft) ? button(_('Remove from this phone'), () => own.remove(draft.id), { icon: 'x', kind: 'button--quiet button--wide' }) : null,
    ),
  );
}

/**
 * Why the office does not take it, and what can be done about it.
 * @param {Own} own
 * @param {Draft} draft
 */
export function refusal(own, draft) {
  if (!faultsOf(draft).length) return null;
  return h(
    'div',
    { class: 'check-refusal', role: 'status' },
    reasonsOf(draft).map((reason) => h('p', { class: 'field__error' }, icon('circle-x'), h('span', {}, reason))),
    h(
      'div',
      { class: 'sending__actions' },
      canBeRenewed(draft)
        ? button(_('Send as a new draft'), () => own.renew(draft.id), { icon: 'copy-plus', kind: 'button--quiet' })
        : button(_('Try again'), () => own.send({ again: true }), { icon: 'rotate-ccw', kind: 'button--quiet' }),
    ),
  );
}
