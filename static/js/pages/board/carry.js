/**
 * Something held in hand: a deployment or a waiting request, picked up, moved about, dropped or put back.
 *
 * Nothing is saved before it is dropped. While it moves the server is asked, a moment after it came to rest, what
 * would be in the way; what is shown of an earlier place is never taken for the present one.
 */

import { delayed } from '../../lib/timing.js';
import { check as ask } from './api.js';

const REST_MS = 120;

/**
 * @typedef {import('./api.js').Target} Target
 * @typedef {import('./api.js').Check} Check
 * @typedef {import('./api.js').Outline} Outline
 * @typedef {{kind: 'deployment'|'booking', id: string, title: string, element: HTMLElement}} Item
 * @typedef {{item: Item, home: Target|null, version: number|null, target: Target|null, outline: Outline|null, lead: number,
 *   check: Check|null, fresh: boolean, busy: boolean, message: string, stale: boolean}} Held
 */

export class Carry {
  /**
   * @param {string} address where the server is asked
   * @param {{changed: (held: Held|null) => void, checked: (held: Held, first: boolean) => void}} listeners
   */
  constructor(address, listeners) {
    this.address = address;
    this.listeners = listeners;
    /** @type {Held|null} */
    this.held = null;
    this.rest = delayed(() => void this.look());
    /** @type {ReturnType<typeof ask>|null} */
    this.asking = null;
  }

  /**
   * @param {Item} item
   * @param {Target|null} target where it is or is to be; the server suggests a place where there is none
   * @param {Outline|null} outline how it is drawn until the server knows better
   */
  pick(item, target, outline) {
    this.end();
    this.held = {
      item,
      home: null,
      version: null,
      target,
      outline,
      lead: 0,
      check: null,
      fresh: false,
      busy: false,
      message: '',
      stale: false,
    };
    item.element.classList.add('is-carried');
    this.listeners.changed(this.held);
    void this.look();
  }

  /** @param {Target} target */
  aim(target) {
    const { held } = this;
    if (!held || held.busy || held.stale || held.check?.fixed) return;
    held.target = target;
    held.fresh = false;
    held.message = '';
    this.listeners.changed(held);
    this.rest.in(REST_MS);
  }

  /**
   * Asks the server about the present place; gives whether it answered for just that.
   *
   * One question at a time, however fast it moves: whoever drags does not keep the server busy for others.
   */
  async look() {
    this.rest.cancel();
    const { held } = this;
    while (this.asking) await this.asking;
    if (!held || this.held !== held) return false;
    if (held.fresh) return true;
    const target = held.target;
    this.asking = ask(this.address, held.item.kind, held.item.id, target ?? {});
    const { data } = await this.asking;
    this.asking = null;
    if (this.held !== held || held.target !== target) return false;
    if (!data) return this.lose(held);
    this.learn(held, data);
    return true;
  }

  /**
   * @param {Held} held
   * @param {Check} data
   */
  learn(held, data) {
    const first = held.version === null;
    held.check = data;
    held.fresh = true;
    held.version ??= data.subject.version;
    held.home ??= data.subject.stands ?? null;
    if (data.target) held.target = { ...data.target, trainers: held.target?.trainers ?? null };
    held.outline = data.outline ?? held.outline;
    this.listeners.changed(held);
    this.listeners.checked(held, first);
  }

  /** @param {Held} held */
  lose(held) {
    held.fresh = false;
    this.listeners.changed(held);
    this.listeners.checked(held, false);
    return false;
  }

  /** Whether it lies where it was picked up. */
  get isHome() {
    const { home, check } = this.held ?? {};
    return Boolean(home && check?.target && JSON.stringify(home) === JSON.stringify(check.target));
  }

  /** Lets go of it, wherever it is. */
  end() {
    this.rest.cancel();
    this.held?.item.element.classList.remove('is-carried');
    this.held = null;
    this.listeners.changed(null);
  }
}
