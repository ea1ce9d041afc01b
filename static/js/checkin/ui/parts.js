/** Small things that several screens show. */

import { dayKey, dayName, timeOfDay } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, ngettext, spokenLanguage } from '../../lib/gettext.js';
import { iconId } from './icons.js';
import { unsentCount, zoneHere } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Session} Session
 * @typedef {import('./state.js').Member} Member
 */

/**
 * @param {string} name
 * @param {string} [more] further classes
 */
export function icon(name, more = '') {
  return h(
    'svg',
    { class: `icon ${more}`.trim(), 'aria-hidden': 'true', focusable: 'false' },
    h('use', { href: `#${iconId(name)}` }),
  );
}

/**
 * @param {string} label
 * @param {(event: any) => unknown} onclick
 * @param {{icon?: string, kind?: string, disabled?: boolean, type?: string, name?: string}} [more]
 */
export function button(label, onclick, { icon: image, kind = '', disabled = false, type = 'button', name } = {}) {
  return h(
    'button',
    { type, class: `button ${kind}`.trim(), onclick: singly(onclick), disabled, 'aria-label': name },
    image ? icon(image) : null,
    h('span', {}, label),
  );
}

/**
 * A second tap while the first is still at work is a glove's, and no second wish.
 * @param {(event: any) => unknown} work
 * @returns {(event: any) => Promise<void>}
 */
export function singly(work) {
  return async (event) => {
    const element = event.currentTarget;
    if (element.ariaBusy === 'true') return;
    element.ariaBusy = 'true';
    try {
      await work(event);
    } finally {
      element.ariaBusy = null;
    }
  };
}

/** @type {{[state: string]: {icon: string, chip: string}}} */
const STATES = {
  in: { icon: 'circle-check', chip: 'chip--in' },
  out: { icon: 'circle-arrow-right', chip: 'chip--out' },
  away: { icon: 'circle-dashed', chip: 'chip--outline' },
  excused: { icon: 'circle-minus', chip: 'chip--look' },
};

/**
 * A person's state as its word, its icon and since when.
 * @param {Member} member
 * @param {string} zone
 */
export function stateChip(member, zone) {
  const { icon: image, chip } = STATES[member.state];
  const since = member.since === null ? '' : ` ${clock(member.since, zone)}`;
  return h('span', { class: `chip ${chip}` }, icon(image), h('span', {}, stateWord(member.state) + since));
}

/**
 * @param {Member['state']} state
 * @returns {string}
 */
export function stateWord(state) {
  if (state === 'in') return _('In');
  if (state === 'out') return _('Left');
  return state === 'excused' ? _('Excused') : _('Not here yet');
}

/**
 * Whether this one of a group of choices is the one in force.
 * @param {string} label
 * @param {boolean} chosen
 * @param {() => void} onclick
 */
export function choiceButton(label, chosen, onclick) {
  return h('button', { type: 'button', class: `button ${chosen ? '' : 'button--quiet'}`, 'aria-pressed': String(chosen), onclick }, chosen ? icon('check') : null, h('span', {}, label));
}

/**
 * What to call somebody whose name the phone does not know.
 * @param {{name: string, code?: string}} person
 * @returns {string}
 */
export function nameOf({ name, code }) {
  if (name) return name;
  return code ? _('Badge {code}', { code: spaced(code) }) : _('Unknown badge');
}

/**
 * The same as part of a page: a name written from right to left stays where names stand.
 * @param {{name: string, code?: string}} person
 */
export function personName(person) {
  return h('bdi', {}, nameOf(person));
}

/**
 * A short code as it is printed under the badge.
 * @param {string} code
 * @returns {string}
 */
export function spaced(code) {
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

/**
 * @param {number} ms
 * @param {string} [zone]
 * @returns {string}
 */
export function clock(ms, zone) {
  return timeOfDay(ms, spokenLanguage(), zone);
}

/**
 * From when to when, with the day where it is not today.
 * @param {Session} session
 * @param {number} [now]
 * @returns {string}
 */
export function hours(session, now) {
  const span = `${clock(session.startsAt, session.zone)}\u00a0– ${clock(session.endsAt, session.zone)}`;
  const today = now === undefined || dayKey(now, session.zone) === dayKey(session.startsAt, session.zone);
  return today ? span : `${dayName(session.startsAt, spokenLanguage(), session.zone)}, ${span}`;
}

/**
 * The sentence that never lies: what this phone can do without signal, and what the office lacks.
 * @param {State} state
 */
export function statusLine(state) {
  const waiting = unsentCount(state);
  const ready = readiness(state);
  return h(
    'p',
    { class: `status-line ${waiting ? 'has-unsent' : ''}`, role: 'status' },
    icon(state.sync.running ? 'refresh-cw' : ready.icon),
    h('span', { class: 'status-line__words' }, h('span', {}, ready.text), h('span', { class: 'status-line__dot' }, ' · '), h('span', { class: 'status-line__roster' }, rosterWords(state))),
    h('span', { class: 'status-line__dot' }, ' · '),
    h('strong', {}, unsentText(waiting)),
  );
}

/**
 * @param {State} state
 * @returns {{text: string, icon: string}}
 */
function readiness(state) {
  if (state.device?.revoked) return { text: _('This phone was revoked'), icon: 'ban' };
  if (!state.settings.trainer) return { text: _('No trainer: see Settings'), icon: 'user-x' };
  if (!state.offlineReady) return { text: _('Not ready for offline yet'), icon: 'circle-dashed' };
  if (!state.online || state.sync.problem === 'offline') return { text: _('Offline: keep going'), icon: 'cloud-off' };
  if (state.sync.problem === 'busy') return { text: _('The office is busy: it sends by itself'), icon: 'clock' };
  if (state.sync.problem) return { text: _('The office cannot be reached'), icon: 'cloud-off' };
  return { text: state.packState ? _('Ready for offline') : _('Waiting for the roster'), icon: 'circle-check' };
}

/**
 * @param {State} state
 * @returns {string}
 */
function rosterWords(state) {
  if (state.packState) return _('roster from {time}', { time: rosterAge(state) });
  return state.device?.revoked ? _('no roster') : _('no roster on this phone yet');
}

/**
 * @param {State} state
 * @returns {string}
 */
function rosterAge(state) {
  const at = state.packState?.fetchedAt ?? 0;
  const zone = zoneHere(state);
  return dayKey(at, zone) === dayKey(state.now, zone) ? clock(at, zone) : dayName(at, spokenLanguage(), zone);
}

/**
 * @param {number} waiting
 * @returns {string}
 */
export function unsentText(waiting) {
  return waiting ? ngettext('{n} not sent', '{n} not sent', waiting) : _('all sent');
}

/** So much waits for a backup only where the office makes none. */
export const MANY_KEPT = 5000;

/**
 * What has arrived and stays until it is backed up; a great deal of it is a warning, and nothing more.
 * @param {number} kept
 */
export function keptNote(kept) {
  const words = ngettext('{n} record has arrived and is kept here until the office has backed it up.', '{n} records have arrived and are kept here until the office has backed them up.', kept);
  const many = kept > MANY_KEPT;
  const warning = many ? _('That is a lot: ask the coordinator about the backups.') : '';
  return h('p', { class: 'aside-note' }, icon(many ? 'triangle-alert' : 'shield-check'), h('span', {}, words, many ? ' ' : '', warning));
}

/**
 * @param {string} image
 * @param {string} title
 * @param {string} text
 * @param {...any} actions
 */
export function emptyState(image, title, text, ...actions) {
  return h('div', { class: 'empty-card' }, icon(image, 'icon--large'), h('h2', {}, title), h('p', {}, text), ...actions);
}

/**
 * What the camera sees; the camera is on while this is on the screen.
 * @param {(video: HTMLVideoElement) => void} mounted
 * @param {() => void} gone
 */
export function viewfinder(mounted, gone) {
  const attributes = { class: 'scan__video', key: 'video', playsinline: true, muted: true };
  return h('video', { ...attributes, 'aria-label': _('What the camera sees'), mounted, gone });
}

/**
 * What a session is about, in the reader's language where the office has it.
 * @param {{course: string, courseEs?: string}} session
 * @returns {string}
 */
export function courseName({ course, courseEs }) {
  return (spokenLanguage() === 'es' && courseEs) || course;
}

/**
 * What a skill is called, in the reader's language where the office has it.
 * @param {{name: string, nameEs?: string}} skill
 * @returns {string}
 */
export function skillName({ name, nameEs }) {
  return (spokenLanguage() === 'es' && nameEs) || name;
}
