/** What the screens say of a check: how far it is, where it is, why the office does not take it. */

import { dayAndTime, shortDay } from '../../lib/dates.js';
import { h } from '../../lib/dom.js';
import { _, ngettext, spokenLanguage } from '../../lib/gettext.js';
import { icon } from '../ui/parts.js';
import { answeredIn, faultsOf, waits } from './drafts.js';

/**
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Fault} Fault
 * @typedef {import('./store.js').Question} Question
 * @typedef {import('./store.js').Words} Words
 */

/**
 * A question in the language that is spoken.
 * @param {Question} question
 * @returns {Words}
 */
export function wordsOf({ words }) {
  return words[spokenLanguage()] ?? words.en;
}

/**
 * A day of the calendar, wherever it is.
 * @param {string} day
 * @returns {string}
 */
export function dayWords(day) {
  return shortDay(Date.parse(`${day}T12:00:00Z`), spokenLanguage(), 'UTC');
}

/**
 * How far it is, in words and for the eye.
 * @param {Draft} draft
 */
export function progressOf(draft) {
  const answered = answeredIn(draft);
  const words = ngettext('{answered} of {n} answered', '{answered} of {n} answered', draft.questions.length, { answered });
  return [
    h('p', { class: 'check-progress__words' }, words),
    h('progress', { class: 'tally__bar', max: draft.questions.length, value: answered, 'aria-label': words }),
  ];
}

/**
 * Where it is now: on this phone alone, at the office, refused, decided on.
 * @param {Draft} draft
 */
export function whereabouts(draft) {
  const { final, sentAt, revision, site } = draft;
  const at = sentAt === null ? '' : dayAndTime(sentAt, spokenLanguage(), site.zone);
  if (faultsOf(draft).length) return chip('look', 'triangle-alert', _('The office does not take it'));
  if (final) return chip('in', 'circle-check', _('A coordinator made it final'));
  if (waits(draft)) return chip('look', 'smartphone', _('Kept on this phone, not sent'));
  if (revision === 0) return chip('outline', 'smartphone', _('Kept on this phone'));
  return chip('in', 'check-check', _('Sent {when}', { when: at }));
}

/** What is not yet on the disk is not called kept. */
export function onItsWay() {
  return chip('outline', 'smartphone', _('Being kept…'));
}

/**
 * @param {'in'|'look'|'refused'|'outline'} kind
 * @param {string} image
 * @param {string} words
 */
export function chip(kind, image, words) {
  return h('p', { class: `chip chip--${kind} check-state` }, icon(image), h('span', {}, words));
}

/**
 * Why the office does not take a draft, in the language of the phone where that is known.
 * @param {Draft} draft
 * @returns {string[]}
 */
export function reasonsOf(draft) {
  return faultsOf(draft).map((fault) => {
    const question = draft.questions.find(({ key }) => fault.field === `answers.${key}`);
    const words = reasonOf(fault);
    return question ? `${wordsOf(question).label}: ${words}` : words;
  });
}

/**
 * @param {Fault} fault
 * @returns {string}
 */
function reasonOf({ code, message }) {
  if (code === 'check_final') return _('A coordinator made it final before this came. What you typed since is still here.');
  if (code === 'check_discarded') return _('The office threw this draft away. What you typed is still here.');
  if (code === 'check_overtaken' || code === 'id_taken') return _('The office has something else under this draft’s number. What you typed is still here.');
  if (code === 'no_such_site') return _('You are not on the crew of a visit there any more. Ask the coordinator.');
  if (code === 'no_such_lab' || code === 'nothing_asked') return _('This lab asks for no check any more. Ask the coordinator.');
  if (code === 'not_a_trainer_here') return _('Whoever filled it in is no trainer on this phone any more.');
  if (code === 'device_revoked') return _('The office revoked this phone.');
  if (code === 'checked_in_future') return _('The day of the check lies in the future.');
  return message;
}

/** Whether the office would take it under a new number. @param {Draft} draft */
export function canBeRenewed(draft) {
  const codes = new Set(['check_final', 'check_discarded', 'check_overtaken', 'id_taken']);
  return faultsOf(draft).some(({ code }) => codes.has(code));
}
