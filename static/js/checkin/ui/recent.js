/** The last three people below the camera: whom they were, each a way to undo it. */

import { h } from '../../lib/dom.js';
import { _ } from '../../lib/gettext.js';
import { clock, icon, nameOf, spaced } from './parts.js';
import { verdictFace } from './verdict_words.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Shown} Shown
 */

/** What fits into a third of a narrow phone's width, in two lines. */
const FITS = { name: 20, word: 10 };
const MOST_INITIALS = 2;

/**
 * @param {State['scan']} scan
 * @param {Intents} intents
 */
export function recentPeople({ recent, shown, asking }, intents) {
  return h(
    'ul',
    { class: 'recent', key: 'recent', inert: (shown ?? asking) !== null, 'aria-label': _('The last three people') },
    recent.map((one) => {
      const face = verdictFace(one);
      const short = shortName(one);
      const whole = `${nameOf(one)}, ${face.word} ${clock(one.at, one.session?.zone)}`;
      // Who speaks to the phone says what stands there.
      const words = whole.includes(short) ? whole : `${whole}, ${short}`;
      return h(
        'li',
        { key: `${one.fact?.id}` },
        h(
          'button',
          { type: 'button', class: `chip chip--${face.colour} ${short.split(' ').some((word) => word.length > FITS.word) ? 'is-long' : ''}`.trim(), 'aria-label': words, onclick: () => one.fact && intents.open({ kind: 'undo', fact: one.fact }) },
          icon(face.icon),
          h('span', {}, h('bdi', {}, short)),
        ),
      );
    }),
  );
}

/**
 * A name for little room: the whole name if it fits, else the first one and initials of the last ones.
 * Nobody's name is cut in the middle of a word; the whole one is what a screen reader says, and one tap away.
 * @param {{name: string, code?: string}} person
 * @returns {string}
 */
export function shortName({ name, code }) {
  if (!name) return code ? spaced(code) : nameOf({ name });
  const words = name.split(/\s+/).filter(Boolean);
  if (name.length <= FITS.name && words.every((word) => word.length <= FITS.word)) return name;
  const [first, ...others] = words;
  const initials = others
    .filter((word) => word !== word.toLocaleLowerCase())
    .slice(-MOST_INITIALS)
    .map((word) => `${[...word][0]}.`);
  return [first, ...initials].join(' ');
}
