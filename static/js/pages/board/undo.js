/** The button that undoes one's last move or placement. */

import { h, render } from '../../lib/dom.js';

/** @typedef {import('./api.js').Undo} Undo */

export class UndoButton {
  /**
   * @param {HTMLElement} place holds the plain form that does the same without this script
   * @param {string} word
   * @param {string} icons address of the sprite
   * @param {(undo: Undo) => void} press
   */
  constructor(place, word, icons, press) {
    this.place = place;
    this.word = word;
    this.icons = icons;
    this.press = press;
    const { url, what } = place.dataset;
    place.replaceChildren();
    this.offer(url ? { url, what: what ?? '' } : null);
  }

  /** @param {Undo|null} undo what can be undone now */
  offer(undo) {
    this.undo = undo;
    const icon = h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, h('use', { href: `${this.icons}#undo-2` }));
    const label = h('span', {}, this.word, h('span', { class: 'for-ears' }, ` ${undo?.what ?? ''}`));
    const button = h('button', { class: 'button button--quiet', type: 'button', onclick: () => undo && this.press(undo) }, icon, label);
    render(this.place, undo ? [button] : []);
  }
}
