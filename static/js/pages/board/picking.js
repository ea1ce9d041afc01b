/** Picking up: a deployment from its lane, a request from the tray, or either from weeks that were left. */

import { dayNumber, dayOf } from './days.js';

/** @typedef {import('./api.js').Target} Target */

export class Picker {
  /**
   * @param {import('./carry.js').Carry} carry
   * @param {import('./grid.js').Grid} grid
   * @param {HTMLElement} tray
   */
  constructor(carry, grid, tray) {
    this.carry = carry;
    this.grid = grid;
    this.tray = tray;
  }

  /** @param {HTMLElement} element a deployment on the board */
  deployment(element) {
    const shape = element.querySelector('rect');
    const day = element.dataset.day ?? this.grid.frame.first;
    const begins = this.grid.unitsOf(day);
    const [x = 0, width = 0] = ['x', 'width'].map((name) => Number(shape?.getAttribute(name)));
    const outline = { x, width, train_x: begins, train_width: Math.max(x + width - begins, 0) };
    const lab = /** @type {HTMLElement|null} */ (element.closest('tr[data-lab]'))?.dataset.lab ?? '';
    const item = { id: idOf(element), title: element.getAttribute('aria-label') ?? '', element };
    this.take({ ...item, kind: 'deployment' }, { lab, first_on: day, trainers: null }, outline);
  }

  /**
   * @param {HTMLElement} card a waiting request
   * @param {Target|null} target the server suggests one where there is none
   */
  booking(card, target) {
    const element = /** @type {HTMLElement} */ (card.querySelector('.tray__take') ?? card);
    const title = card.querySelector('h3')?.textContent ?? '';
    this.take({ kind: 'booking', id: card.dataset.booking ?? '', title, element }, target, this.outlineAt(target));
  }

  /**
   * @param {import('./carry.js').Item} item
   * @param {Target|null} target
   * @param {import('./api.js').Outline} outline
   */
  take(item, target, outline) {
    this.grid.measure();
    this.carry.pick(item, target, outline);
  }

  /**
   * What takes four days, until the server says how long it takes.
   * @param {Target|null} target
   */
  outlineAt(target) {
    const { first, width, weeks } = this.grid.frame;
    const [begins, unit] = [this.grid.unitsOf(target?.first_on ?? first), width / weeks / 7];
    return { x: begins - unit, width: 6 * unit, train_x: begins, train_width: 4 * unit };
  }

  /**
   * Where to go on with what would lie in weeks that are not shown.
   * @param {import('./carry.js').Held} held
   */
  elsewhere(held) {
    const { target, item, outline } = held;
    if (!target || !outline || !held.fresh || this.grid.holds(outline)) return null;
    const there = new URLSearchParams(location.search);
    there.set('from', dayOf(dayNumber(target.first_on) - 7));
    there.set('pick', `${item.kind}:${item.id}`);
    there.set('to_lab', target.lab);
    there.set('first_on', target.first_on);
    return `?${there}`;
  }

  /** Goes on with what was picked up on other weeks. */
  goOn() {
    const asked = new URLSearchParams(location.search);
    const [kind, id] = asked.get('pick')?.split(':') ?? [];
    const [lab, day] = [asked.get('to_lab'), asked.get('first_on')];
    if (!id) return;
    for (const name of ['pick', 'to_lab', 'first_on']) asked.delete(name);
    history.replaceState(null, '', `?${asked}`);
    const target = lab && day ? { lab, first_on: day, trainers: null } : null;
    const card = /** @type {HTMLElement|null} */ (this.tray.querySelector(`[data-booking="${CSS.escape(id)}"]`));
    if (kind === 'booking' && card) this.booking(card, target);
    else if (kind === 'deployment') {
      const stay = /** @type {HTMLElement|null} */ (this.grid.scroll.querySelector(`.stay[href$="${CSS.escape(id)}"]`));
      const element = stay ?? this.grid.scroll;
      this.take({ kind, id, title: '', element }, target, this.outlineAt(target));
    }
    this.carry.held?.item.element.focus();
  }
}

/** @param {HTMLElement} stay */
function idOf(stay) {
  return stay.getAttribute('href')?.split('/').at(-1) ?? '';
}
