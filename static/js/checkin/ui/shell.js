/** The frame around every screen: who is using the phone, the status line, and the five places. */

import { h } from '../../lib/dom.js';
import { _, spokenLanguage } from '../../lib/gettext.js';
import { crewScreen } from './crew.js';
import { dialogFor } from './dialogs.js';
import { lockScreen, signInAgain } from './lock.js';
import { pairScreen } from './pair.js';
import { button, icon, statusLine, unsentText } from './parts.js';
import { scanScreen } from './scan.js';
import { sessionScreen } from './session.js';
import { settingsScreen } from './settings.js';
import { openness, unsentCount } from './state.js';
import { todayScreen } from './today.js';
import { unsentScreen } from './unsent.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 */

const MOST_MARKED = 99;

/** @type {{[screen: string]: (state: State, intents: Intents) => any}} */
const SCREENS = {
  today: todayScreen,
  scan: scanScreen,
  crew: crewScreen,
  session: sessionScreen,
  unsent: unsentScreen,
  settings: settingsScreen,
  pair: pairScreen,
};

/**
 * The whole page.
 * @param {State} state
 * @param {Intents} intents
 */
export function page(state, intents) {
  const paired = state.device !== null;
  const { asks, kiosk, nameless } = openness(state);
  if (paired && (asks || kiosk || nameless)) return confined(state, intents);
  const screen = paired ? state.screen : 'pair';
  return [
    h(
      'div',
      { class: `client client--${screen}` },
      topBar(state, intents, paired),
      state.updateReady && screen !== 'scan' ? updateNotice(intents) : null,
      h('main', { class: 'client__main', key: screen, id: 'main', tabindex: '-1' }, (SCREENS[screen] ?? state.later[screen] ?? comingScreen)(state, intents)),
      paired ? statusLine(state) : null,
      paired ? bottomBar(state, screen) : null,
    ),
    state.dialog ? dialogFor(state, intents) : null,
    h('div', { class: 'toast-place', role: 'status', key: 'toast' }, state.toast ? toast(state.toast) : null),
  ].filter((node) => node !== null);
}

/**
 * Only what may be seen and done without the trainer: the question for the PIN, or the scan screen.
 * @param {State} state
 * @param {Intents} intents
 */
function confined(state, intents) {
  const { asks, kiosk, nameless } = openness(state);
  const leave = kiosk && !nameless ? h('button', { type: 'button', class: 'top-bar__language', onclick: () => intents.open({ kind: 'leave_kiosk' }) }, icon('lock-keyhole'), _('Leave')) : null;
  return [
    h(
      'div',
      { class: ['client', asks ? 'client--locked' : 'client--scan', kiosk ? 'client--kiosk' : '', nameless ? 'client--nameless' : ''].join(' ').trim() },
      h('header', { class: 'top-bar' }, h('span', { class: 'top-bar__brand' }, 'labtracker'), leave),
      h('main', { class: 'client__main', key: asks ? 'locked' : 'scan', id: 'main', tabindex: '-1' }, asks ? lockScreen(state, intents) : [scanScreen(state, intents), nameless ? signInAgain(state, intents) : null]),
      statusLine(state),
    ),
    state.dialog && !asks ? dialogFor(state, intents) : null,
    h('div', { class: 'toast-place', role: 'status', key: 'toast' }, state.toast ? toast(state.toast) : null),
  ].filter((node) => node !== null);
}

/** While a seldom wanted screen comes. */
function comingScreen() {
  return h('p', { class: 'muted', role: 'status' }, _('One moment'));
}

/** @param {{text: string, warns: boolean}} told */
function toast({ text, warns }) {
  return h('p', { class: `toast ${warns ? 'toast--warns' : ''}`, role: warns ? 'alert' : null }, icon(warns ? 'triangle-alert' : 'check'), h('span', {}, text));
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {boolean} paired
 */
function topBar(state, intents, paired) {
  const trainer = state.trainers.find((one) => one.id === state.settings.trainer);
  return h(
    'header',
    { class: 'top-bar' },
    h('a', { class: 'top-bar__brand', href: '/checkin#/today' }, h('img', { src: '/static/img/icon.svg', alt: '', width: 28, height: 28 }), 'labtracker'),
    paired
      ? h(
          'a',
          { class: 'top-bar__who', href: '#/settings', 'aria-label': _('{name}: settings', { name: trainer?.name ?? '' }) },
          h('span', {}, trainer?.name ?? _('Settings')),
          icon('settings'),
        )
      : otherLanguage(intents),
  );
}

/**
 * Before pairing there are no settings yet, and somebody may need the other language to get there.
 * @param {Intents} intents
 */
function otherLanguage(intents) {
  const [language, name] = spokenLanguage() === 'es' ? ['en', 'English'] : ['es', 'Español'];
  return h('button', { type: 'button', class: 'top-bar__language', lang: language, onclick: () => intents.settings({ language }) }, name);
}

/** @param {Intents} intents */
function updateNotice(intents) {
  return h(
    'div',
    { class: 'strip', role: 'status' },
    h('span', {}, _('A new version is ready. Nothing that you recorded is touched.')),
    button(_('Use it now'), intents.update, { kind: 'button--quiet' }),
  );
}

/**
 * @param {State} state
 * @param {string} screen
 */
function bottomBar(state, screen) {
  const waiting = unsentCount(state);
  const places = [
    { screen: 'today', label: _('Today'), icon: 'calendar-days' },
    { screen: 'scan', label: _('Scan'), icon: 'scan-line' },
    { screen: 'crew', label: _('Crew'), icon: 'users' },
    { screen: 'session', label: _('Session'), icon: 'clipboard-check' },
    { screen: 'unsent', label: _('Not sent'), icon: 'cloud-upload' },
  ];
  return h(
    'nav',
    { class: 'bottom-bar', 'aria-label': _('Places') },
    places.map((place) =>
      h(
        'a',
        { href: `#/${place.screen}`, 'aria-current': place.screen === screen ? 'page' : null },
        icon(place.icon),
        h('span', {}, place.label),
        place.screen === 'unsent' && waiting ? unsentMark(waiting) : null,
      ),
    ),
  );
}

/** @param {number} waiting */
function unsentMark(waiting) {
  return h('span', { class: 'bottom-bar__mark' }, h('span', { 'aria-hidden': 'true' }, waiting > MOST_MARKED ? `${MOST_MARKED}+` : waiting), h('span', { class: 'for-ears' }, unsentText(waiting)));
}
