/** Scan: the camera fills the screen; a badge turns the lower half into a verdict that an arm's length can read. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { initialsForm } from './initials.js';
import { button, clock, courseName, icon, personName, viewfinder } from './parts.js';
import { recentPeople } from './recent.js';
import { openCard, openness } from './state.js';
import { paperStrip } from './paper.js';
import { verdictFace } from './verdict_words.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Shown} Shown
 */

/** Names with more letters, or a longer word, are set smaller so that they stay whole on a phone. */
const LONG = { name: 26, word: 14 };
const VERY_LONG = { name: 46, word: 20 };

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function scanScreen(state, intents) {
  const { scan } = state;
  const { kiosk, nameless } = openness(state);
  const open = !kiosk && !nameless;
  return h(
    'div',
    { class: kiosk ? 'scan is-kiosk' : `scan is-${scan.direction}` },
    h('h1', { class: 'for-ears' }, _('Scan')),
    open ? chooser(state, intents) : null,
    state.paper && open ? paperStrip(state, state.paper, intents) : kiosk ? null : directionSwitch(state, intents),
    h(
      'div',
      { class: 'scan__view' },
      viewfinder(intents.cameraOn, intents.cameraOff),
      scan.camera === 'on' ? h('div', { class: 'scan__frame', 'aria-hidden': 'true' }) : cameraNotice(state, intents, open),
    ),
    h('div', { class: 'verdict-place', role: 'status', key: 'verdict' }, scan.shown ? verdict(state, intents, scan.shown) : scan.asking ? verdict(state, intents, scan.asking.shown, scan.asking) : null),
    // A verdict lies over what stands below the camera, so that the camera stays in sight for the next badge.
    h(
      'div',
      { class: 'tools scan__tools', inert: (scan.shown ?? scan.asking) !== null },
      scan.torch === null
        ? null
        : button(scan.torch ? _('Light off') : _('Light on'), intents.torch, { icon: scan.torch ? 'flashlight-off' : 'flashlight', kind: 'button--quiet' }),
      button(_('Type a code'), () => intents.open({ kind: 'code' }), { icon: 'keyboard', kind: 'button--quiet' }),
      open && !state.paper ? button(_('Find by name'), intents.find, { icon: 'search', kind: 'button--quiet' }) : null,
      open && state.paper?.direction !== 'out' ? button(_('Walk-in'), () => intents.open({ kind: 'walk_in' }), { icon: 'user-plus', kind: 'button--quiet' }) : null,
    ),
    open && scan.recent.length ? recentPeople(scan, intents) : h('p', { class: 'recent recent--none', key: 'none' }, _('Hold a badge up to the camera.')),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function chooser(state, intents) {
  const card = openCard(state);
  return h(
    'button',
    { type: 'button', class: 'scan__card', onclick: () => intents.open({ kind: 'choose_card' }) },
    h(
      'span',
      { class: 'scan__card-text' },
      h('strong', {}, card ? courseName(card) : _('Any session')),
      h('span', {}, card ? `${clock(card.startsAt, card.zone)} · ${card.place}` : _('the badge decides')),
    ),
    icon('chevron-down'),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function directionSwitch(state, intents) {
  const ways = [
    { direction: /** @type {const} */ ('in'), label: _('Arriving'), icon: 'log-in' },
    { direction: /** @type {const} */ ('out'), label: _('Leaving'), icon: 'log-out' },
  ];
  return h(
    'div',
    { class: 'ways', role: 'group', 'aria-label': _('Arriving or leaving') },
    ways.map((way) =>
      h(
        'button',
        {
          type: 'button',
          class: `ways__way ways__way--${way.direction}`,
          'aria-pressed': String(state.scan.direction === way.direction),
          onclick: () => intents.direction(way.direction),
        },
        icon(way.icon),
        h('span', {}, way.label),
      ),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {boolean} open names may be looked for
 */
function cameraNotice(state, intents, open) {
  const { camera } = state.scan;
  if (camera === 'off' || camera === 'starting' || camera === 'on') {
    return h('div', { class: 'scan__notice' }, icon('camera', 'icon--large'), h('p', {}, _('Starting the camera')));
  }
  const [title, text] = {
    refused: [_('The camera was refused'), _('Allow it in the browser’s settings for this page. Until then type the code under the badge, or find the person by name.')],
    missing: [_('No camera here'), _('Type the code under the badge, use a reader, or find the person by name.')],
    no_decoder: [_('The camera works, and what reads badges is missing'), _('It comes to this phone with the next good signal. Until then type the code under the badge, or find the person by name.')],
    broken: [_('The camera does not answer'), _('Another program may be using it. Type the code under the badge, or find the person by name.')],
  }[camera];
  return h(
    'div',
    { class: 'scan__notice', role: 'alert' },
    icon('camera-off', 'icon--large'),
    h('h2', {}, title),
    h('p', {}, open ? text : _('Type the code under the badge.')),
    h(
      'div',
      { class: 'scan__notice-actions' },
      button(_('Type a code'), () => intents.open({ kind: 'code' }), { icon: 'keyboard', kind: 'button--large' }),
      open ? button(_('Find by name'), intents.find, { icon: 'search', kind: 'button--large button--quiet' }) : null,
      button(_('Try the camera again'), intents.cameraAgain, { icon: 'rotate-ccw', kind: 'button--link' }),
    ),
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Shown} shown
 * @param {import('./state.js').Question} [question] about initials, in the place of what else may be done
 */
function verdict(state, intents, shown, question) {
  const face = verdictFace(shown);
  const card = openCard(state);
  const elsewhere = shown.session && card && shown.session.id !== card.id;
  const { fact } = shown;
  const { kiosk, nameless } = openness(state);
  const undo = fact ? button(_('Undo'), () => intents.undo(fact, _('scanned by mistake')), { icon: 'undo-2', kind: 'button--quiet button--large' }) : null;
  return h(
    'div',
    { class: `verdict verdict--${face.colour}`, key: `${shown.at}${shown.name}${shown.code}` },
    h('p', { class: 'verdict__state' }, icon(face.icon), h('span', {}, face.word), shown.session || fact ? h('span', { class: 'verdict__time' }, clock(shown.verdict.since ?? shown.at, shown.session?.zone)) : null),
    shown.verdict.kind === 'refused' || nameless ? null : h('p', { class: `verdict__name ${shown.name ? sizeOf(shown.name) : 'is-long is-code'}` }, personName(shown)),
    shown.employer && !nameless ? h('p', { class: 'verdict__employer' }, shown.employer) : null,
    face.note ? h('p', { class: 'verdict__note' }, face.note) : null,
    elsewhere && shown.session ? h('p', { class: 'verdict__note' }, _('Belongs to {course}, {place}', { course: courseName(shown.session), place: shown.session.place })) : null,
    question ? initialsForm(question, intents, undo) : h(
      'div',
      { class: 'verdict__actions' },
      undo,
      fact?.body.method === 'code' && !kiosk ? nextCode(intents) : button(_('Next'), intents.dismissVerdict, { icon: 'scan-line', kind: 'button--quiet button--large' }),
    ),
  );
}

/**
 * Who types one code, because the camera is of no use, types the next one too.
 * @param {Intents} intents
 */
function nextCode(intents) {
  const begin = () => {
    intents.dismissVerdict();
    intents.open({ kind: 'code' });
  };
  return button(_('Next code'), begin, { icon: 'keyboard', kind: 'button--quiet button--large' });
}

/**
 * How large a name is written.
 * @param {string} name
 * @returns {string}
 */
function sizeOf(name) {
  const longest = Math.max(...name.split(/[\s-]/).map((word) => word.length));
  const exceeds = (/** @type {{name: number, word: number}} */ limit) => name.length > limit.name || longest > limit.word;
  if (exceeds(VERY_LONG)) return 'is-very-long';
  return exceeds(LONG) ? 'is-long' : '';
}
