import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cardAt } from '../../static/js/checkin/domain/card.js';

const HOUR = 60 * 60 * 1000;
const NOW = Date.UTC(2026, 3, 14, 12);

/**
 * @param {string} id
 * @param {number} from hours after now
 * @param {Partial<import('../../static/js/checkin/domain/card.js').Carded>} [more]
 */
const session = (id, from, more = {}) => ({
  id, startsAt: NOW + from * HOUR, endsAt: NOW + (from + 8) * HOUR, cancelled: false, ...more,
});
const yesterday = session('yesterday', -24);
const today = session('today', 0.5);
const monday = session('monday', 72);

/** @param {string|null} chosen @param {number|null} hoursAgo @param {ReturnType<typeof session>[]} sessions */
const card = (chosen, hoursAgo, sessions = [yesterday, today, monday]) =>
  cardAt({ sessions, chosen, chosenAt: hoursAgo === null ? null : NOW - hoursAgo * HOUR, at: NOW })?.id ?? null;

test("yesterday's card gives way to the session that is about to begin", () => {
  assert.equal(card('yesterday', 24), 'today');
  assert.equal(card('monday', 20), 'today');
});

test('whoever chose a card just now means it, the old one and any session too', () => {
  assert.equal(card('yesterday', 1), 'yesterday');
  assert.equal(card('monday', 1), 'monday');
  assert.equal(card(null, 1), null);
});

test('a card holds as long as its session goes on', () => {
  assert.equal(card('today', 6), 'today');
});

test('on the first morning the only session near is open', () => {
  assert.equal(card(null, null), 'today');
  assert.equal(card(null, null, [yesterday, monday]), null);
});

test('of two sessions at once none is guessed', () => {
  assert.equal(card(null, null, [today, session('beside', 0)]), null);
  assert.equal(card('yesterday', 24, [yesterday, today, session('beside', 0)]), null);
});

test('one that was called off is not near', () => {
  assert.equal(card(null, null, [session('off', 0, { cancelled: true })]), null);
});

test('a session that is over and no other near: the badge decides; one yet to come stays open', () => {
  assert.equal(card('yesterday', 24, [yesterday]), null);
  assert.equal(card('monday', 24, [monday]), 'monday');
});

test('a choice that has left the phone is no choice', () => {
  assert.equal(card('gone', 1), 'today');
});
