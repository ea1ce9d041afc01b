/** Not sent: what waits, what the server took, and what it set aside and why. */

import { dayAndTime, dayKey } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, ngettext, spokenLanguage } from '../../lib/gettext.js';
import { checksWaiting } from './checks_line.js';
import { button, clock, icon, keptNote } from './parts.js';
import { factWords, setAsideWords } from './fact_words.js';
import { zoneHere } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Intents} Intents
 * @typedef {import('./state.js').Fact} Fact
 */

const MOST_SHOWN = 50;
const ASIDE = new Set(['quarantined', 'conflict', 'fork']);

/**
 * @param {State} state
 * @param {Intents} intents
 */
export function unsentScreen(state, intents) {
  const waiting = state.facts.filter((fact) => state.unsent.has(fact.hash));
  const aside = state.facts.filter((fact) => fact.verdict && ASIDE.has(fact.verdict));
  const taken = state.facts.filter((fact) => !state.unsent.has(fact.hash) && !ASIDE.has(fact.verdict ?? ''));
  return [
    h('div', { class: 'page-head' }, h('h1', {}, _('Not sent'))),
    sending(state, intents),
    checksWaiting(state),
    keptLine(state),
    waiting.length ? list(state, _('Waiting'), 'clock', waiting) : null,
    forOthers(state),
    aside.length ? list(state, _('Set aside by the office'), 'flag', aside) : null,
    taken.length ? list(state, _('The office has'), 'check-check', taken) : null,
    handOver(state, intents),
  ];
}

/**
 * How many wait, and what can be done about it.
 * @param {State} state
 * @param {Intents} intents
 */
function sending(state, intents) {
  const waiting = state.counts.waiting + state.counts.carried;
  return h(
    'div',
    { class: `sending ${waiting ? 'has-unsent' : ''}` },
    waiting ? h('p', { class: 'sending__number' }, waiting) : icon('circle-check', 'sending__done'),
    h('p', { class: 'sending__words' }, waiting ? ngettext('record waits on this phone', 'records wait on this phone', waiting) : _('Everything recorded here has reached the office.')),
    h('p', { class: 'muted' }, syncWords(state)),
    h(
      'div',
      { class: 'sending__actions' },
      button(state.sync.running ? _('Sending') : _('Send now'), intents.sendNow, { icon: 'send', kind: waiting ? 'button--large' : 'button--large button--quiet', disabled: state.sync.running }),
    ),
  );
}

/**
 * @param {State} state
 * @returns {string}
 */
function syncWords(state) {
  const { problem, lastOkAt } = state.sync;
  if (state.device?.revoked) return _('The office revoked this phone. What it holds is still sent, and a coordinator decides.');
  if (problem === 'offline') return _('No connection to the office now. It is tried again by itself; nothing is lost.');
  if (problem === 'refused') return _('The office does not recognize this phone. Nothing is lost; ask the coordinator.');
  if (problem === 'busy') return _('The office is busy. It is tried again by itself.');
  if (problem) return _('Something other than the office answered, such as a sign-in page of this Wi-Fi. Nothing is lost.');
  return lastOkAt ? _('Last heard from the office at {time}.', { time: clock(lastOkAt, zoneHere(state)) }) : _('Not heard from the office yet.');
}

/**
 * What other phones handed over, and how far it has come.
 * @param {State} state
 */
function forOthers({ parcels }) {
  if (!parcels.length) return null;
  return h(
    'section',
    { class: 'records', key: 'carried' },
    h('h2', {}, icon('smartphone'), h('span', {}, _('From other phones'))),
    h(
      'ul',
      { class: 'plain-list' },
      parcels.map((parcel) => {
        const reason = Object.values(parcel.told).find(({ verdict, code }) => code || ASIDE.has(verdict));
        return h(
          'li',
          { class: 'records__row', key: parcel.id },
          h('span', {}, h('strong', {}, h('bdi', {}, parcel.from ? _('From {name}’s phone', { name: parcel.from }) : _('From another phone'))), h('span', {}, carriedWords(parcel))),
          reason ? h('p', { class: 'records__why' }, setAsideWords(reason)) : null,
        );
      }),
    ),
  );
}

/**
 * @param {State['parcels'][number]} parcel
 * @returns {string}
 */
function carriedWords({ items, waits }) {
  const count = ngettext('{n} record', '{n} records', items.length);
  return `${count} · ${waits ? _('not sent yet') : _('the office has it, kept until it is backed up')}`;
}

/**
 * Ways from phone to phone, for when one has no signal, or no battery.
 * @param {State} state
 * @param {Intents} intents
 */
function handOver(state, intents) {
  const { waiting, kept } = state.counts;
  const holds = waiting || kept || state.parcels.length;
  const read = (/** @type {any} */ { currentTarget: input }) => {
    const [file] = input.files;
    input.value = '';
    if (file) void intents.takeFile(file);
  };
  return h(
    'section',
    { class: 'records', key: 'hand-over' },
    h('h2', {}, icon('arrow-right-left'), h('span', {}, _('From phone to phone'))),
    h('p', { class: 'muted' }, holds ? _('Another phone can take these records to the office. They stay here as well, until the office has them.') : _('This phone can take another phone’s records to the office.')),
    h(
      'div',
      { class: 'sending__actions' },
      holds ? button(_('Show codes'), () => intents.go('show-codes'), { icon: 'qr-code', kind: 'button--quiet' }) : null,
      button(_('Read codes'), () => intents.go('read-codes'), { icon: 'scan-qr-code', kind: 'button--quiet' }),
      holds && canShare() ? button(_('Share a file'), intents.shareFile, { icon: 'share-2', kind: 'button--quiet' }) : null,
      holds ? button(_('Save a file'), intents.saveFile, { icon: 'file-down', kind: 'button--quiet' }) : null,
      button(_('Read another phone’s file'), ({ currentTarget }) => currentTarget.nextElementSibling.click(), { icon: 'file-up', kind: 'button--quiet' }),
      h('input', { type: 'file', hidden: true, accept: '.json,.txt,application/json,text/plain', onchange: read }),
    ),
  );
}

/** Whether the system's share sheet takes files from pages. @returns {boolean} */
function canShare() {
  return navigator.canShare?.({ files: [new File([], 'a.txt', { type: 'text/plain' })] }) ?? false;
}

/** @param {State} state */
function keptLine(state) {
  const { kept } = state.counts;
  if (state.server?.durableIsDemo) {
    return h('p', { class: 'aside-note' }, icon('info'), h('span', {}, _('Demo: records leave this phone as soon as the server has them. Outside the demo they stay until the office has backed them up twice.')));
  }
  return kept ? keptNote(kept) : null;
}

/**
 * @param {State} state
 * @param {string} title
 * @param {string} image
 * @param {Fact[]} facts
 */
function list(state, title, image, facts) {
  const newest = [...facts].sort((one, other) => other.at - one.at);
  return h(
    'section',
    { class: 'records', key: image },
    h('h2', {}, icon(image), h('span', {}, `${title} (${facts.length})`)),
    h('ul', { class: 'plain-list' }, newest.slice(0, MOST_SHOWN).map((fact) => line(state, fact))),
    facts.length > MOST_SHOWN ? h('p', { class: 'muted' }, ngettext('and {n} more', 'and {n} more', facts.length - MOST_SHOWN)) : null,
  );
}

/**
 * @param {State} state
 * @param {Fact} fact
 */
function line(state, fact) {
  const zone = state.pack.sessions.find((session) => session.id === fact.session)?.zone;
  const { who, what } = factWords(state.pack, state.facts, fact);
  return h(
    'li',
    { class: 'records__row', key: fact.hash },
    h(
      'span',
      {},
      h('strong', {}, h('bdi', {}, who || what)),
      h('span', {}, who ? `${what} · ` : '', h('time', { datetime: new Date(fact.at).toISOString() }, whenWords(state, fact.at, zone), noteOfTime(fact))),
    ),
    fact.verdict && ASIDE.has(fact.verdict) ? h('p', { class: 'records__why' }, setAsideWords(fact)) : null,
  );
}

/**
 * The time of today's records, day and time of older ones.
 * @param {State} state
 * @param {number} at
 * @param {string} [zone]
 * @returns {string}
 */
function whenWords(state, at, zone) {
  return dayKey(at, zone) === dayKey(state.now, zone) ? clock(at, zone) : dayAndTime(at, spokenLanguage(), zone);
}

/**
 * @param {Fact} fact
 * @returns {string}
 */
function noteOfTime({ timeNote }) {
  if (timeNote === 'corrected') return ` ${corrected()}`;
  return timeNote === 'unsure' ? ` ${unsure()}` : '';
}

const corrected = () => _('(time corrected)');
const unsure = () => _('(time unsure)');
