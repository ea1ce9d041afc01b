/** Today: a card for each session, with how many are in and one large way to begin. */

import { dayKey, dayName } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, ngettext, spokenLanguage } from '../../lib/gettext.js';
import { counts, isClosed, lastTurn } from '../domain/crew.js';
import { LITTLE_BYTES } from '../space.js';
import { checksLink, checksWaiting } from './checks_line.js';
import { button, clock, courseName, emptyState, hours, icon, keptNote, MANY_KEPT } from './parts.js';
import { factsOf, membersOf, zoneHere } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Session} Session
 */

const MINUTE_MS = 60_000;
const MOST_COMING = 12;

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function todayScreen(state, intents) {
  const isToday = (/** @type {Session} */ session) =>
    dayKey(session.startsAt, session.zone) === dayKey(state.now, session.zone) ||
    (session.startsAt <= state.now && session.endsAt >= state.now);
  const today = state.pack.sessions.filter(isToday);
  const coming = state.pack.sessions.filter((session) => !isToday(session) && session.startsAt > state.now);
  return [
    h(
      'div',
      { class: 'page-head' },
      h('h1', {}, _('Today')),
      h('p', { class: 'muted' }, dayName(state.now, spokenLanguage(), zoneHere(state))),
    ),
    littleRoom(state),
    state.counts.kept > MANY_KEPT && !state.server?.durableIsDemo ? keptNote(state.counts.kept) : null,
    today.length ? today.map((session) => card(state, intents, session)) : nothingToday(state),
    checksWaiting(state),
    h(
      'div',
      { class: 'row-end' },
      button(_('Session that is not listed'), () => intents.open({ kind: 'ad_hoc' }), { icon: 'plus', kind: 'button--quiet' }),
      checksLink(state, intents),
    ),
    coming.length ? comingUp(state, coming) : null,
  ];
}

/**
 * A phone that is full says so before the day, not at the door.
 * @param {State} state
 */
function littleRoom({ freeBytes }) {
  if (freeBytes === null || freeBytes >= LITTLE_BYTES) return null;
  const words = _('This phone is nearly full: {n} MB are left. Delete some pictures before people come; a full phone cannot record anybody.', { n: Math.floor(freeBytes / 1_000_000) });
  return h('p', { class: 'aside-note', role: 'status' }, icon('triangle-alert'), h('span', {}, words));
}

/** @param {State} state */
function nothingToday(state) {
  if (state.device?.revoked) return emptyState('ban', _('This phone was revoked'), _('It holds no roster any more and gets none. You can still record people: add a session below. A coordinator decides what counts.'));
  return state.packState
    ? emptyState('calendar-days', _('No session today'), _('Sessions of your labs appear here by themselves. You can still record people: add a session below.'))
    : emptyState('download', _('The roster is not here yet'), _('It comes by itself as soon as there is signal. You can still record people: add a session below.'));
}

/**
 * @param {State} state
 * @param {Intents} intents
 * @param {Session} session
 */
function card(state, intents, session) {
  const facts = factsOf(state, session);
  const closed = isClosed(facts) || session.cancelled;
  return h(
    'article',
    { class: `session-card ${closed ? 'is-closed' : ''}`, key: session.id },
    h('p', { class: 'session-card__hours' }, icon('clock'), h('span', {}, hours(session, state.now)), moment(session, closed, state.now), session.adHoc ? h('span', { class: 'chip chip--look' }, _('Not listed')) : null),
    h('h2', { class: 'session-card__course' }, courseName(session)),
    h('p', { class: 'session-card__place' }, icon('map-pin'), h('span', {}, session.place)),
    tally(state, session, closed),
    closed ? closedLine(facts, session) : null,
    h(
      'div',
      { class: 'session-card__actions' },
      closed ? null : button(_('Scan'), () => intents.go('scan', session.id), { icon: 'scan-line', kind: 'button--large session-card__scan', name: _('Scan: {course}, {place}', { course: courseName(session), place: session.place }) }),
      button(_('Crew'), () => intents.go('crew', session.id), { icon: 'users', kind: 'button--quiet' }),
      button(closed ? _('Results') : _('Session'), () => intents.go('session', session.id), { icon: 'clipboard-check', kind: 'button--quiet' }),
    ),
  );
}

/**
 * What the hour means for the session, where it means something.
 * @param {Session} session
 * @param {boolean} closed
 * @param {number} now
 */
function moment(session, closed, now) {
  if (closed) return null;
  const before = Math.ceil((session.startsAt - now) / MINUTE_MS);
  if (before > 0) return before <= 60 ? h('span', { class: 'chip chip--brand' }, _('in {n} min', { n: before })) : null;
  if (now <= session.endsAt) return h('span', { class: 'chip chip--brand' }, _('now'));
  return h('span', { class: 'chip chip--look' }, icon('triangle-alert'), h('span', {}, _('over, not closed yet')));
}

/**
 * How many of how many, large, with a bar for the eye.
 * @param {State} state
 * @param {Session} session
 * @param {boolean} closed
 */
function tally(state, session, closed) {
  const { expected, present, guests, came, left } = counts(membersOf(state, session));
  const number = closed ? came : present;
  const words = closed
    ? ngettext('{came} of {n} came', '{came} of {n} came', expected, { came: number })
    : ngettext('{present} of {n} in', '{present} of {n} in', expected, { present: number });
  const besides = [
    guests ? ngettext('and {n} guest', 'and {n} guests', guests) : '',
    left && !closed ? ngettext('{n} left', '{n} left', left) : '',
  ].filter(Boolean);
  return h(
    'div',
    { class: 'tally' },
    h('p', { class: 'tally__words' }, expected ? words : ngettext('{n} in', '{n} in', guests), expected && besides.length ? h('small', {}, besides.join(' · ')) : null),
    expected ? h('progress', { class: 'tally__bar', max: expected, value: Math.min(number, expected), 'aria-label': words }) : null,
  );
}

/**
 * @param {import('../domain/types.js').Fact[]} facts
 * @param {Session} session
 */
function closedLine(facts, session) {
  if (session.cancelled) return h('p', { class: 'chip chip--look' }, icon('ban'), h('span', {}, _('Called off by the office')));
  const at = lastTurn(facts)?.at ?? session.endsAt;
  return h('p', { class: 'chip chip--outline' }, icon('lock'), _('Closed at {time}', { time: clock(at, session.zone) }));
}

/**
 * @param {State} state
 * @param {Session[]} coming
 */
function comingUp(state, coming) {
  const days = new Set(coming.map((session) => dayKey(session.startsAt, session.zone))).size;
  return h(
    'section',
    { class: 'coming' },
    h('h2', {}, _('Coming up')),
    h('p', { class: 'muted' }, ngettext('This phone holds {n} more day of work.', 'This phone holds {n} more days of work.', days)),
    h(
      'ul',
      { class: 'plain-list' },
      coming.slice(0, MOST_COMING).map((session) =>
        h(
          'li',
          { class: 'coming__row', key: session.id },
          h('strong', {}, hours(session, state.now)),
          h('span', {}, `${courseName(session)} · ${session.place}`),
        ),
      ),
    ),
    coming.length > MOST_COMING ? h('p', { class: 'muted' }, ngettext('and {n} more', 'and {n} more', coming.length - MOST_COMING)) : null,
  );
}
