/** Deployments that cannot be as they stand, such as when their lab broke down: marked, and listed at the side. */

import { h, render } from '../../lib/dom.js';
import { troubles } from './api.js';

export class Troubles {
  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} scroll
   * @param {string} address
   * @param {{[name: string]: string}} words
   * @param {(stay: HTMLElement) => void} pick
   */
  constructor(place, scroll, address, words, pick) {
    this.place = place;
    this.scroll = scroll;
    this.address = address;
    this.words = words;
    this.pick = pick;
  }

  /** Asks anew: the board is drawn first, and stays so while this is worked out. */
  async look() {
    const { data } = await troubles(this.address);
    if (!data) return;
    for (const stay of this.scroll.querySelectorAll('.is-wrong')) stay.classList.remove('is-wrong');
    const items = data.troubles.map((trouble) => this.item(trouble));
    const head = h('h2', {}, this.words.troubles);
    render(this.place, items.length ? [h('section', { class: 'section troubles' }, head, h('ul', { class: 'plain-list' }, items))] : []);
  }

  /** @param {import('./api.js').Trouble} trouble */
  item(trouble) {
    const stay = /** @type {HTMLElement|null} */ (this.scroll.querySelector(`.stay[href$="${CSS.escape(trouble.id)}"]`));
    const label = stay?.getAttribute('aria-label') ?? '';
    if (stay && !label.includes(this.words.cannot ?? '')) stay.setAttribute('aria-label', `${label}: ${this.words.cannot}`);
    stay?.classList.add('is-wrong');
    const title = `${trouble.lab}: ${trouble.title}`;
    return h(
      'li',
      { key: trouble.id },
      stay
        ? h('button', { class: 'button button--quiet way', type: 'button', onclick: () => this.pick(stay) }, title)
        : h('a', { href: `/deployments/${trouble.id}` }, title),
      trouble.messages.map((message) => h('p', { class: 'small' }, message)),
    );
  }
}
