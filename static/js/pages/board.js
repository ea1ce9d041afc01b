/**
 * The coordinator's board comes alive: drag or keys move what is placed and place what waits, conflicts are told
 * while it moves, and what was done can be undone. Without this script every deployment and request is a link.
 */

import { send } from './board/api.js';
import { Carry } from './board/carry.js';
import { dayNumber } from './board/days.js';
import { listenToDrags } from './board/drag.js';
import { Grid } from './board/grid.js';
import { isOf, leadsTo } from './board/keys.js';
import { showPanel } from './board/panel.js';
import { Picker } from './board/picking.js';
import { Troubles } from './board/troubles.js';
import { UndoButton } from './board/undo.js';

/** @typedef {import('./board/api.js').Target} Target */

const setUp = /** @type {HTMLElement} */ (document.getElementById('board-script'));
const board = /** @type {HTMLElement} */ (document.querySelector('.board'));
const scroll = /** @type {HTMLElement} */ (document.querySelector('.board__scroll'));
const panel = /** @type {HTMLElement} */ (document.getElementById('board-panel'));
const tray = /** @type {HTMLElement} */ (document.getElementById('board-tray'));
const voice = /** @type {HTMLElement} */ (document.getElementById('board-says'));
const { first = '', weeks = '6', width = '1', check: address = '', troubles: wrong = '', icons = '' } = setUp.dataset;
/** @type {{[name: string]: string}} */
const words = JSON.parse(setUp.dataset.words ?? '{}');
const token = setUp.querySelector('input')?.value ?? '';
const grid = new Grid(scroll, { first, weeks: Number(weeks), width: Number(width) });
const shortDay = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const undo = new UndoButton(/** @type {HTMLElement} */ (document.getElementById('board-undo')), words.undo ?? '', icons, takeBack);
const hands = { drop: () => void drop(), back, aim: aimAndReturn };
const carry = new Carry(address, { changed: draw, checked: tell });
const pick = new Picker(carry, grid, tray);
const troubles = new Troubles(/** @type {HTMLElement} */ (document.getElementById('board-troubles')), scroll, wrong, words, (stay) => {
  pick.deployment(stay);
  stay.focus();
});

/** @param {...string} parts */
function say(...parts) {
  voice.textContent = parts.filter(Boolean).join(' ');
}

/** @param {import('./board/carry.js').Held|null} held */
function draw(held) {
  showPanel(panel, held && { ...held, title: held.item.title, elsewhere: pick.elsewhere(held) }, hands, words, icons);
  scroll.classList.toggle('is-carrying', Boolean(held));
  if (!held?.target || !held.outline || held.check?.fixed || held.stale) return grid.hide();
  const { check, fresh, outline } = held;
  const day = (fresh && check?.days[0]) || held.target.first_on;
  // How long before its first day it is ready is known once the server has said so.
  if (fresh && check) held.lead = outline.train_x - grid.unitsOf(day);
  const begins = grid.unitsOf(day) + held.lead;
  const moved = { ...outline, x: outline.x + begins - outline.train_x, train_x: begins };
  const state = fresh && check ? (check.blocked ? 'blocked' : 'free') : 'unknown';
  grid.show(held.target.lab, moved, shortDay.format(dayNumber(day) * 86_400_000), state);
}

/**
 * @param {import('./board/carry.js').Held} held
 * @param {boolean} isFirst
 */
function tell(held, isFirst) {
  if (!held.fresh || !held.check) return say(words.lost ?? '');
  if (held.check.fixed) return say(held.check.subject.title, held.check.fixed);
  const picked = isFirst ? [(words.picked ?? '').replace('{what}', held.item.title), words.how ?? ''] : [];
  say(...picked, held.check.says);
  if (isFirst) grid.reveal();
}

/** @param {Target} target from the panel: then the keys are on the board again */
function aimAndReturn(target) {
  const held = carry.held;
  const inside = panel.contains(document.activeElement) && !(document.activeElement instanceof HTMLInputElement);
  carry.aim(target);
  grid.reveal();
  if (inside) held?.item.element.focus();
}

function back() {
  const element = carry.held?.item.element;
  const moved = carry.held && !carry.held.check?.fixed;
  carry.end();
  if (moved) say(words.back ?? '');
  element?.focus();
}

async function drop() {
  const held = carry.held;
  if (!held || held.busy || held.stale || held.check?.fixed) return;
  if (!held.fresh && !(await carry.look())) return;
  if (carry.held !== held || !held.check) return;
  if (carry.isHome) return back();
  if (held.check.blocked) {
    say(words.blocked ?? '', held.check.says);
    /** @type {HTMLElement|null} */ (panel.querySelector('.way, button'))?.focus();
    return;
  }
  held.busy = true;
  draw(held);
  const { lab, first_on, trainers } = held.check.target;
  const way = held.item.kind === 'deployment' ? `/deployments/${held.item.id}/moves` : `/bookings/${held.item.id}/placements`;
  const answer = await send(way, token, { lab, first_on, trainers: trainers ?? [], version: String(held.version) });
  held.busy = false;
  if (answer.data) return done(answer.data, held.item.kind === 'booking');
  await refused(held, answer.errors);
}

/**
 * @param {import('./board/carry.js').Held} held
 * @param {import('./board/api.js').Refusal[]} errors
 */
async function refused(held, errors) {
  const [error] = errors;
  // Somebody was quicker: the same question again says what lies there now.
  if (error?.code === 'conflict') {
    held.fresh = false;
    return void (await carry.look());
  }
  held.stale = Boolean(error);
  held.message = error?.message ?? words.lost ?? '';
  draw(held);
  say(held.message);
}

/**
 * What the server drew, read by a parser that runs no scripts.
 * @param {string} html
 * @returns {ChildNode[]}
 */
function drawn(html) {
  return [...new DOMParser().parseFromString(html, 'text/html').body.childNodes];
}

/**
 * @param {import('./board/api.js').Done} data
 * @param {boolean} fromTray
 */
function done(data, fromTray) {
  const cards = [...tray.querySelectorAll('[data-booking]')];
  const place = cards.findIndex((card) => card.querySelector('.is-carried'));
  carry.end();
  for (const [lab, picture] of Object.entries(data.lanes)) {
    const lane = scroll.querySelector(`tr[data-lab="${lab}"] .board__lane`);
    lane?.replaceChildren(...drawn(picture));
  }
  if (data.tray !== null) {
    tray.replaceChildren(...drawn(data.tray));
    showTakers();
  }
  undo.offer(data.undo);
  void troubles.look();
  say(data.says);
  // The next request is under the hand; what was moved stays under it.
  const takers = /** @type {NodeListOf<HTMLElement>} */ (tray.querySelectorAll('.tray__take'));
  const next = takers[Math.min(Math.max(place, 0), takers.length - 1)];
  const moved = /** @type {HTMLElement|null} */ (scroll.querySelector(`.stay[href$="${data.deployment}"]`));
  (fromTray ? (next ?? moved) : moved)?.focus({ preventScroll: true });
}

/** @param {import('./board/api.js').Undo} what */
async function takeBack(what) {
  const answer = await send(what.url, token, {});
  if (answer.data) return done(answer.data, false);
  say(answer.errors[0]?.message ?? words.lost ?? '');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { held } = carry;
  if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !isOf(event, 'input:not([type=checkbox]), select, textarea')) {
    event.preventDefault();
    if (held) back();
    else if (undo.undo) void takeBack(undo.undo);
    else say(words.nothing ?? '');
  }
  if (!held || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    back();
  } else if (!isOf(event, 'a, button, input, select, summary', held.item.element)) {
    if (event.key === 'Enter') {
      event.preventDefault();
      void drop();
    } else step(event, held);
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {import('./board/carry.js').Held} held
 */
function step(event, held) {
  if (!held.target) return;
  const target = leadsTo(event, held.target, grid.labs, held.check?.subject.weekdays ?? []);
  if (!target) return;
  event.preventDefault();
  if (target.lab === held.target.lab && target.first_on === held.target.first_on) return say(words.edge ?? '');
  carry.aim(target);
  grid.reveal();
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
  const stay = /** @type {HTMLElement|null} */ (event.target.closest('.stay'));
  const taker = event.target.closest('.tray__take');
  const lane = event.target.closest('.board__lane');
  if (stay) {
    event.preventDefault();
    if (carry.held?.item.element !== stay) pick.deployment(stay);
  } else if (taker) {
    const card = /** @type {HTMLElement} */ (taker.closest('[data-booking]'));
    if (carry.held?.item.element !== taker) pick.booking(card, null);
  } else if (lane && carry.held?.target) {
    event.preventDefault();
    const { day, lab } = grid.at(event.clientX, event.clientY);
    carry.aim({ ...carry.held.target, lab, first_on: day });
  }
}

/** Days between where it was taken hold of and where its training begins. */
let grip = 0;

listenToDrags(board, scroll, {
  begin(element, event) {
    if (element.dataset.booking) {
      grip = 0;
      pick.booking(element, null);
    } else {
      pick.deployment(element);
      grip = dayNumber(element.dataset.day ?? first) - dayNumber(grid.at(event.clientX, event.clientY).day);
    }
    return true;
  },
  over(event) {
    const held = carry.held;
    if (!held) return;
    const { day, lab } = grid.at(event.clientX, event.clientY);
    const box = scroll.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY > box.bottom) return;
    const target = { lab, first_on: grid.clamped(dayNumber(day) + grip), trainers: held.target?.trainers ?? null };
    if (held.target?.lab !== target.lab || held.target.first_on !== target.first_on) carry.aim(target);
  },
  end: () => void drop(),
  cancel: back,
});

/** Buttons that only this script makes work. */
function showTakers() {
  for (const taker of tray.querySelectorAll('.tray__take')) taker.removeAttribute('hidden');
}

board.addEventListener('click', onClick);
document.addEventListener('keydown', onKey);
addEventListener('resize', () => carry.held && draw((grid.measure(), carry.held)));
showTakers();
document.getElementById('board-how')?.removeAttribute('hidden');
pick.goOn();
void troubles.look();
