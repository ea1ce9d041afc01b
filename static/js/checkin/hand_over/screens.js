/** Handing records from phone to phone by codes on a screen: one phone shows them in a loop, the other one reads. */

import { generate } from 'lean-qr';

import { h } from '../../lib/dom.js';
import { _, ngettext } from '../../lib/gettext.js';
import { bundleOf, parcelsIn } from '../bundle.js';
import { feel } from '../feel.js';
import { takeOver } from '../keeping.js';
import { button, icon, viewfinder } from '../ui/parts.js';
import { packed, unpacked } from './packing.js';
import { createCollector, seriesOf } from './series.js';

/**
 * @typedef {import('../desk.js').Desk} Desk
 * @typedef {import('../desk.js').DeskParts} DeskParts
 * @typedef {import('../ui/state.js').State} State
 * @typedef {import('../ui/state.js').Intents} Intents
 * @typedef {import('../later.js').Draw} Draw
 */

/** Slower than three changes a second, which can harm people; fast enough to wait for. */
const EACH_MS = 400;
const BLACK = /** @type {const} */ ([0, 0, 0]);
const WHITE = /** @type {const} */ ([255, 255, 255]);

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {{[screen: string]: Draw}}
 */
export function createScreens(parts, desk) {
  return { 'show-codes': showing(parts, desk), 'read-codes': reading(parts, desk) };
}

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Draw}
 */
function showing({ store, carried }, desk) {
  /** @type {string[]|null} */
  let codes = [];
  let place = 0;
  let paused = false;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;

  const step = () => {
    if (paused || !codes?.length) return;
    place = (place + 1) % codes.length;
    desk.show({});
  };
  const begin = async () => {
    clearInterval(timer);
    timer = setInterval(step, EACH_MS);
    desk.awake.begin();
    codes = await seriesOf(await packed(await bundleOf(store, carried)));
    place = 0;
    desk.show({});
  };
  const end = () => {
    clearInterval(timer);
    desk.awake.end();
    codes = [];
    paused = false;
  };
  const pause = () => {
    paused = !paused;
    desk.show({});
  };

  return (_state, intents) => [
    h('h1', { class: 'codes__head' }, _('Codes for another phone')),
    // First what the other phone must see whole, then what is read once.
    h('div', { class: 'codes', key: 'codes', mounted: begin, gone: end }, codes ? shownCode(codes, place) : tooMuch()),
    h('p', { class: 'muted' }, _('On the other phone choose Not sent, then Read codes. Hold it about a hand’s length above this screen until it has them all.')),
    codes && codes.length > 1 ? button(paused ? _('Continue') : _('Pause'), pause, { icon: paused ? 'play' : 'pause', kind: 'button--quiet button--wide' }) : null,
    h('p', { class: 'aside-note' }, icon('shield-check'), h('span', {}, _('Everything stays on this phone too, until the office has it.'))),
    back(intents),
  ];
}

/**
 * @param {string[]} codes
 * @param {number} place
 */
function shownCode(codes, place) {
  if (!codes.length) return h('p', { class: 'muted' }, _('Making the codes'));
  const words = _('Code {n} of {count}', { n: place + 1, count: codes.length });
  const draw = (/** @type {HTMLCanvasElement} */ canvas) => generate(codes[place]).toCanvas(canvas, { on: BLACK, off: WHITE });
  return [
    h('canvas', { class: 'codes__code', key: codes[place], role: 'img', 'aria-label': words, mounted: draw }),
    h('p', { class: 'codes__count' }, words),
  ];
}

function tooMuch() {
  return h('p', { class: 'field__error', role: 'alert' }, icon('circle-x'), h('span', {}, _('That is too much for codes. Save a file and send that instead.')));
}

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Draw}
 */
function reading(parts, desk) {
  let collector = createCollector();
  let seen = { have: 0, count: 0 };

  /** @param {string} text */
  const take = async (text) => {
    const now = collector.take(text);
    if (!now || (now.have === seen.have && now.count === seen.count)) return;
    seen = now;
    navigator.vibrate?.(20);
    desk.show({});
    if (now.have < now.count) return;
    const bytes = await collector.whole();
    const text_ = bytes && (await unpacked(bytes));
    seen = { have: 0, count: 0 };
    const taken = await takeOver(parts, desk, text_ === null ? null : parcelsIn(text_));
    if (desk.state().settings.sound) feel(taken ? 'in' : 'refused');
    if (taken) location.hash = '#/unsent';
  };
  /** @param {Intents} intents */
  const view = (intents) =>
    viewfinder(
      (video) => {
        collector = createCollector();
        seen = { have: 0, count: 0 };
        desk.listen((text) => void take(text));
        intents.cameraOn(video);
      },
      () => {
        desk.listen(null);
        intents.cameraOff();
      },
    );

  return (state, intents) => [
    h('div', { class: 'page-head' }, h('h1', {}, _('Read codes')), h('p', { class: 'muted' }, _('On the other phone choose Not sent, then Show codes. Hold this phone over its screen; the order does not matter.'))),
    h('div', { class: 'scan__view codes__view' }, view(intents), cameraWords(state, intents)),
    progress(seen),
    back(intents),
  ];
}

/** @param {{have: number, count: number}} seen */
function progress({ have, count }) {
  const words = count ? ngettext('{have} of {n} code', '{have} of {n} codes', count, { have }) : _('No code seen yet');
  return h(
    'div',
    { class: 'tally', role: 'status' },
    h('p', { class: 'tally__words' }, words),
    count ? h('progress', { class: 'tally__bar', max: count, value: have, 'aria-label': words }) : null,
  );
}

/**
 * @param {State} state
 * @param {Intents} intents
 */
function cameraWords({ scan }, intents) {
  if (scan.camera === 'on') return null;
  if (scan.camera === 'off' || scan.camera === 'starting') return h('div', { class: 'scan__notice' }, icon('camera', 'icon--large'), h('p', {}, _('Starting the camera')));
  return h(
    'div',
    { class: 'scan__notice', role: 'alert' },
    icon('camera-off', 'icon--large'),
    h('h2', {}, _('The camera cannot be used')),
    h('p', {}, _('Allow it in the browser’s settings for this page, or let the other phone save a file.')),
    button(_('Try the camera again'), intents.cameraAgain, { icon: 'rotate-ccw', kind: 'button--large' }),
  );
}

/** @param {Intents} intents */
function back(intents) {
  return button(_('Back'), () => intents.go('unsent'), { icon: 'arrow-left', kind: 'button--quiet button--wide' });
}
