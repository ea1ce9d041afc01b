/** Settings: who uses this phone, its language and light, and what it promises to keep. */

import { wholeNumber } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, spokenLanguage } from '../../lib/gettext.js';
import { lockSettings } from './lock.js';
import { pairForm } from './pair.js';
import { button, icon } from './parts.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 */

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function settingsScreen(state, intents) {
  return [
    h('div', { class: 'page-head' }, h('h1', {}, _('Settings'))),
    trainers(state, intents),
    lockSettings(state, intents),
    kiosk(state, intents),
    choices(_('Language'), spokenLanguage(), [['en', 'English'], ['es', 'Español']], (language) => intents.settings({ language })),
    choices(
      _('Appearance'),
      state.settings.theme,
      [['system', _('Automatic')], ['light', _('Light')], ['dark', _('Dark')]],
      (theme) => intents.settings({ theme: /** @type {'system'|'light'|'dark'} */ (theme) }),
    ),
    choices(_('Sound and vibration'), state.settings.sound ? 'on' : 'off', [['on', _('On')], ['off', _('Off')]], (sound) => intents.settings({ sound: sound === 'on' })),
    state.cameras.length > 1
      ? choices(_('Camera'), state.settings.camera ?? '', [['', _('The usual one')], .../** @type {[string, string][]} */ (state.cameras.map(({ id, label }) => [id, label]))], (camera) => intents.settings({ camera: camera || null }))
      : null,
    about(state, intents),
  ];
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function trainers(state, intents) {
  const only = state.trainers.length === 1;
  const held = state.checks.waiting + state.counts.waiting + (only ? state.counts.kept : 0);
  return h(
    'section',
    { class: 'settings__part' },
    h('h2', {}, _('Trainers on this phone')),
    h(
      'ul',
      { class: 'plain-list' },
      state.trainers.map((trainer) => {
        const chosen = trainer.id === state.settings.trainer;
        return h(
          'li',
          { class: 'records__row', key: trainer.id },
          h('button', { type: 'button', class: `button ${chosen ? '' : 'button--quiet'}`, 'aria-pressed': String(chosen), onclick: () => intents.settings({ trainer: trainer.id }) }, icon(chosen ? 'user-check' : 'user'), h('span', {}, trainer.name)),
          button(_('Sign out'), () => intents.removeTrainer(trainer.id), { icon: 'log-out', kind: 'button--quiet', disabled: held > 0, name: _('Sign out: {name}', trainer) }),
        );
      }),
    ),
    state.settings.trainer ? null : h('p', { class: 'aside-note' }, icon('user-x'), h('span', {}, _('Whoever used this phone is no trainer here any more. What it holds is kept and sent. Choose who records now, or add a trainer.'))),
    held ? h('p', { class: 'aside-note' }, icon('shield-check'), h('span', {}, _('Signing out waits until everything recorded here has safely reached the office.'))) : null,
    h('details', { class: 'disclosure' }, h('summary', {}, _('Add a trainer')), h('div', { class: 'disclosure__body' }, pairForm(state, intents))),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function kiosk({ lock }, intents) {
  return h(
    'section',
    { class: 'settings__part', key: 'kiosk' },
    h('h2', {}, _('Kiosk')),
    h('p', {}, _('The phone on a stand at the door: people hold up their badges themselves, coming and going. Only the PIN leads back.')),
    lock ? button(_('Start the kiosk'), intents.startKiosk, { icon: 'tablet-smartphone', kind: 'button--quiet' }) : h('p', { class: 'aside-note' }, icon('lock-keyhole'), h('span', {}, _('Set a PIN first.'))),
  );
}

/**
 * @param {string} title
 * @param {string} current
 * @param {[string, string][]} options
 * @param {(value: string) => void} choose
 */
function choices(title, current, options, choose) {
  return h(
    'section',
    { class: 'settings__part', key: title },
    h('h2', {}, title),
    h(
      'div',
      { class: 'segments', role: 'group', 'aria-label': title },
      options.map(([value, label]) =>
        h('button', { type: 'button', class: 'segments__one', 'aria-pressed': String(value === current), lang: title === _('Language') ? value : null, onclick: () => choose(value) }, label),
      ),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function about(state, intents) {
  const { device } = state;
  const kept = device?.persisted
    ? _('The browser promised to keep what is recorded here.')
    : _('The browser did not promise to keep what is recorded here when space runs out. Install the page on the home screen, and send often.');
  return h(
    'section',
    { class: 'settings__part' },
    h('h2', {}, _('This phone')),
    h('p', {}, device?.name ?? '', h('br'), h('span', { class: 'muted' }, _('Version {version}', { version: state.version.slice(0, 8) }))),
    h('p', { class: 'aside-note' }, icon(device?.persisted ? 'shield-check' : 'triangle-alert'), h('span', {}, kept)),
    device?.persisted ? null : button(_('Ask the browser again'), intents.askToKeep, { icon: 'shield-check', kind: 'button--quiet' }),
    roomWords(state),
    state.updateReady ? button(_('Use the new version'), intents.update, { icon: 'refresh-cw', kind: 'button--quiet' }) : null,
  );
}

/** @param {State} state */
function roomWords({ freeBytes }) {
  if (freeBytes === null) return null;
  return h('p', { class: 'settings__room' }, icon('hard-drive'), h('span', {}, _('Room for records: {n} MB', { n: wholeNumber(Math.floor(freeBytes / 1_000_000), spokenLanguage()) })));
}
