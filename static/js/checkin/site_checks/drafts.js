/** What a draft of a site's check is, and what becomes of it: no disk, no line, no screen. */

import { dayKey } from '../../lib/dates.js';
import { uuid7 } from '../domain/ids.js';

/**
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Changes} Changes
 * @typedef {import('./store.js').Fault} Fault
 * @typedef {import('./store.js').Visit} Visit
 * @typedef {import('./store.js').Question} Question
 */

/**
 * The draft that a trainer goes on with for a visit.
 * @param {Draft[]} drafts
 * @param {{lab: string, site: {id: string}}} visit
 * @param {string|null} trainer
 * @returns {Draft|undefined}
 */
export function draftFor(drafts, { lab, site }, trainer) {
  return drafts.findLast((one) => one.by === trainer && !one.final && one.lab.id === lab && one.site.id === site.id);
}

/**
 * @param {{visit: Visit, lab: import('./store.js').Lab, trainer: string, now: number}} parts
 * @returns {Draft}
 */
export function newDraft({ visit, lab, trainer, now }) {
  const asked = new Set(lab.questions.map(({ key }) => key));
  const answers = Object.fromEntries(Object.entries(visit.known).filter(([key]) => asked.has(key)));
  return {
    id: uuid7(now),
    by: trainer,
    lab: { id: lab.id, name: lab.name },
    site: visit.site,
    questions: lab.questions,
    answers,
    unclear: {},
    known: Object.keys(answers),
    notes: '',
    checkedOn: dayKey(now, visit.site.zone),
    revision: 0,
    sent: 0,
    sentAt: null,
    final: false,
    refusal: null,
    savedAt: now,
  };
}

/**
 * Whether something of it is on this phone alone.
 * @param {Draft} draft
 * @returns {boolean}
 */
export function waits({ revision, sent }) {
  return revision > sent;
}

/**
 * The office's refusal, if it is of the draft as it stands.
 * @param {Draft} draft
 * @returns {Fault[]}
 */
export function faultsOf({ refusal, revision }) {
  return refusal?.revision === revision ? refusal.faults : [];
}

/**
 * A draft after something was typed into it.
 * @param {Draft} draft
 * @param {Changes} changes
 * @param {number} at
 * @returns {Draft}
 */
export function changed(draft, { answers = {}, unclear = {}, ...rest }, at) {
  const touched = new Set([...Object.keys(answers), ...Object.keys(unclear)]);
  return {
    ...draft,
    ...rest,
    answers: without(draft.answers, answers),
    unclear: without(draft.unclear, unclear),
    known: draft.known.filter((key) => !touched.has(key)),
    revision: draft.revision + 1,
    savedAt: at,
  };
}

/**
 * @template T
 * @param {{[key: string]: T}} before
 * @param {{[key: string]: T|null}} changes
 * @returns {{[key: string]: T}}
 */
function without(before, changes) {
  const all = Object.entries({ ...before, ...changes });
  return /** @type {{[key: string]: T}} */ (Object.fromEntries(all.filter(([, value]) => value !== null)));
}

/**
 * How many of its questions are answered.
 * @param {Draft} draft
 * @returns {number}
 */
export function answeredIn({ questions, answers }) {
  return questions.filter(({ key }) => key in answers).length;
}

/**
 * A number as it was typed: the answer, or what is no answer and stays as it stands; nothing takes both away.
 * @param {string} text
 * @param {Question} question
 * @returns {{answer: number|null, unclear: string|null}}
 */
export function readNumber(text, { highest }) {
  const plain = text.trim();
  const number = /^\d{1,9}$/.test(plain) ? Number(plain) : NaN;
  if (number <= highest) return { answer: number, unclear: null };
  return { answer: null, unclear: plain ? text : null };
}
