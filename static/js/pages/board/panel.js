/** What is held in hand, at the side: where it would lie, what is in the way, what would work. */

import { h, render } from '../../lib/dom.js';

/**
 * @typedef {import('./api.js').Target} Target
 * @typedef {{check: import('./api.js').Check|null, title: string, busy: boolean, message: string, stale: boolean,
 *   elsewhere: string|null}} Shown `elsewhere` is the address of the weeks in which it would lie
 * @typedef {{drop: () => void, back: () => void, aim: (target: Target) => void}} Hands
 * @typedef {{[name: string]: string}} Words
 */

/**
 * @param {Element} place
 * @param {Shown|null} shown
 * @param {Hands} hands
 * @param {Words} words
 * @param {string} icons address of the sprite
 */
export function showPanel(place, shown, hands, words, icons) {
  render(place, shown ? [panel(shown, hands, words, icons)] : []);
}

/**
 * @param {Shown} shown
 * @param {Hands} hands
 * @param {Words} words
 * @param {string} icons
 */
function panel(shown, hands, words, icons) {
  const { check } = shown;
  const movable = check && !check.fixed && !shown.stale;
  return h(
    'section',
    { class: 'section panel', 'aria-label': shown.title, 'aria-busy': shown.busy ? 'true' : 'false' },
    h('h2', {}, check?.subject.title ?? shown.title),
    check?.subject.lines && h('p', { class: 'panel__lines' }, check.subject.lines.join(' · ')),
    movable && h('p', { class: 'panel__place' }, h('strong', {}, check.lab_name), h('br'), check.when),
    movable && shown.elsewhere && h('p', {}, h('a', { href: shown.elsewhere }, words.elsewhere)),
    shown.message && notice('look', shown.message, icons),
    check?.fixed && notice('look', check.fixed, icons),
    movable && state(check, hands, words, icons),
    movable && trainers(check, hands, words),
    h(
      'div',
      { class: 'row' },
      movable &&
        h('button', { class: 'button', type: 'button', disabled: check.blocked || shown.busy, onclick: hands.drop }, words.drop),
      h('button', { class: 'button button--quiet', type: 'button', onclick: hands.back }, movable ? words.put_back : words.close),
      check && h('a', { class: 'button button--link', href: check.subject.url }, words.open),
    ),
  );
}

/**
 * @param {import('./api.js').Check} check
 * @param {Hands} hands
 * @param {Words} words
 * @param {string} icons
 */
function state(check, hands, words, icons) {
  if (!check.conflicts.length) return notice('in', words.free, icons);
  return check.conflicts.map((conflict) =>
    notice(
      conflict.blocks ? 'refused' : 'look',
      conflict.message,
      icons,
      conflict.ways_out.length > 0 && h('p', { class: 'small' }, words.ways),
      conflict.ways_out.map(({ message, target }) =>
        // What is settled on its own page is only told here.
        target
          ? h('button', { class: 'button button--quiet way', type: 'button', onclick: () => hands.aim(target) }, message)
          : h('p', { class: 'small' }, message),
      ),
    ),
  );
}

/**
 * @param {import('./api.js').Check} check
 * @param {Hands} hands
 * @param {Words} words
 */
function trainers(check, hands, words) {
  /**
   * @param {Event} event
   * @param {string} id
   */
  function turned(event, id) {
    const chosen = check.trainers.filter((one) => one.chosen !== (one.id === id)).map((one) => one.id);
    if (chosen.length) hands.aim({ ...check.target, trainers: chosen });
    // Somebody has to train: the last one stays.
    else /** @type {HTMLInputElement} */ (event.target).checked = true;
  }
  const names = check.trainers.filter((one) => one.chosen).map((one) => one.name);
  return h(
    'details',
    { class: 'disclosure' },
    h('summary', {}, `${words.trainers}: ${names.join(', ')}`),
    h(
      'div',
      { class: 'disclosure__body panel__trainers' },
      check.trainers.map((one) =>
        h(
          'label',
          { class: 'choice', key: one.id },
          h('input', { type: 'checkbox', checked: one.chosen, onchange: (/** @type {Event} */ event) => turned(event, one.id) }),
          h('span', {}, `${one.name} `, h('span', { class: 'muted small' }, one.free ? words.is_free : words.is_taken)),
        ),
      ),
    ),
  );
}

/**
 * @param {'in'|'look'|'refused'} kind
 * @param {string} text
 * @param {string} icons
 * @param {...import('../../lib/dom.js').Children} more
 */
function notice(kind, text, icons, ...more) {
  const name = { in: 'circle-check', look: 'triangle-alert', refused: 'circle-x' }[kind];
  return h(
    'div',
    { class: `notice notice--${kind}` },
    h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, h('use', { href: `${icons}#${name}` })),
    h('div', { class: 'notice__body' }, h('p', {}, text), ...more),
  );
}
