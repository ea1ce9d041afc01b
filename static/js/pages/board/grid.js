/** The board's rows and columns on the screen, and the outline of what is held in hand. */

import { dayNumber, dayOf, within } from './days.js';

/** @typedef {{lab: string, name: string, top: number, height: number}} Lane */

const MARGIN = 48; // that much of the board stays in sight around what moves, in pixels

export class Grid {
  /**
   * @param {HTMLElement} scroll what scrolls
   * @param {{first: string, weeks: number, width: number}} frame
   */
  constructor(scroll, frame) {
    this.scroll = scroll;
    this.frame = frame;
    this.last = dayOf(dayNumber(frame.first) + frame.weeks * 7 - 1);
    /** @type {Lane[]} */
    this.lanes = [];
    this.left = 0;
    this.scale = 1;
    this.ghost = scroll.appendChild(document.createElement('div'));
    this.ghost.className = 'ghost';
    this.ghost.hidden = true;
    this.ghost.append(document.createElement('div'), document.createElement('span'));
  }

  /** Learns where everything is; what is known stays true while one scrolls. */
  measure() {
    const around = this.scroll.getBoundingClientRect();
    const [dx, dy] = [this.scroll.scrollLeft - around.left, this.scroll.scrollTop - around.top];
    this.lanes = [...this.scroll.querySelectorAll('tr[data-lab]')].map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return {
        lab: /** @type {HTMLElement} */ (row).dataset.lab ?? '',
        name: row.querySelector('th a')?.textContent ?? '',
        top: top + dy,
        height,
      };
    });
    const lane = this.scroll.querySelector('.lane')?.getBoundingClientRect();
    this.left = (lane?.left ?? 0) + dx;
    this.scale = (lane?.width ?? this.frame.width) / this.frame.width;
    return this;
  }

  /** @returns {string[]} */
  get labs() {
    return this.lanes.map((lane) => lane.lab);
  }

  /**
   * The day and the lab under a point of the window.
   * @param {number} clientX
   * @param {number} clientY
   * @returns {{day: string, lab: string}}
   */
  at(clientX, clientY) {
    const around = this.scroll.getBoundingClientRect();
    const x = clientX - around.left + this.scroll.scrollLeft - this.left;
    const y = clientY - around.top + this.scroll.scrollTop;
    const lane = this.lanes.find((one) => y < one.top + one.height) ?? this.lanes.at(-1);
    return { day: this.clamped(Math.floor(x / this.dayWidth) + dayNumber(this.frame.first)), lab: lane?.lab ?? '' };
  }

  /** Pixels from one day to the next. */
  get dayWidth() {
    return (this.frame.width / this.frame.weeks / 7) * this.scale;
  }

  /**
   * @param {number} number days since 1970
   * @returns {string}
   */
  clamped(number) {
    return within(dayOf(number), this.frame.first, this.last);
  }

  /**
   * Where a day begins, in the board's own units.
   * @param {string} day
   */
  unitsOf(day) {
    return ((dayNumber(day) - dayNumber(this.frame.first)) * this.frame.width) / this.frame.weeks / 7;
  }

  /**
   * Shows where something would lie.
   * @param {string} lab
   * @param {import('./api.js').Outline} outline
   * @param {string} words
   * @param {'free'|'blocked'|'unknown'} state
   */
  show(lab, outline, words, state) {
    const lane = this.lanes.find((one) => one.lab === lab);
    this.ghost.hidden = !lane || !this.holds(outline);
    if (!lane) return;
    const style = this.ghost.style;
    style.setProperty('--x', `${this.left + outline.x * this.scale}px`);
    style.setProperty('--y', `${lane.top}px`);
    style.setProperty('--w', `${outline.width * this.scale}px`);
    style.setProperty('--h', `${lane.height}px`);
    style.setProperty('--train-x', `${(outline.train_x - outline.x) * this.scale}px`);
    style.setProperty('--train-w', `${outline.train_width * this.scale}px`);
    this.ghost.dataset.state = state;
    const label = /** @type {HTMLElement} */ (this.ghost.lastElementChild);
    if (label.textContent !== words) label.textContent = words;
  }

  /**
   * Whether something of an outline lies on this board.
   * @param {import('./api.js').Outline} outline
   */
  holds(outline) {
    return outline.x < this.frame.width && outline.x + outline.width > 0;
  }

  hide() {
    this.ghost.hidden = true;
  }

  /** Scrolls so that the outline can be seen. */
  reveal() {
    if (this.ghost.hidden) return;
    const style = this.ghost.style;
    const [x, y, w, h] = ['--x', '--y', '--w', '--h'].map((name) => Number.parseFloat(style.getPropertyValue(name)));
    const box = this.scroll;
    if (x - MARGIN - this.left < box.scrollLeft) box.scrollLeft = x - MARGIN - this.left;
    else if (x + w + MARGIN > box.scrollLeft + box.clientWidth) box.scrollLeft = x + w + MARGIN - box.clientWidth;
    if (y - MARGIN < box.scrollTop) box.scrollTop = y - MARGIN;
    else if (y + h > box.scrollTop + box.clientHeight) box.scrollTop = y + h - box.clientHeight;
  }
}
