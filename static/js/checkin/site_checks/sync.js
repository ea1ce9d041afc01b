/** Between this phone and the office, for checks of sites: apart from the records, and after them. */

import { readLists, wordOn } from './answers.js';
import { faultsOf, waits } from './drafts.js';

/**
 * @typedef {import('./store.js').CheckStore} CheckStore
 * @typedef {import('./store.js').Draft} Draft
 *
 * @typedef {object} Parts
 * @property {CheckStore} checks
 * @property {Pick<import('../api.js').Api, 'siteChecks'|'keepSiteCheck'>} api
 * @property {() => Promise<number>} now
 */

/**
 * Fetches what is asked of the coming sites. What is here stays where the office does not answer.
 * @param {Parts} parts
 * @returns {Promise<boolean>} whether it answered
 */
export async function fetchLists({ checks, api }) {
  const reply = await api.siteChecks();
  const lists = reply.ok ? readLists(reply.data) : null;
  if (!lists) return false;
  await checks.keepLists(lists === 'revoked' ? null : lists);
  return true;
}

/**
 * Sends every draft that the office lacks. One that it refuses stays, with its reason, and keeps no other from going.
 * @param {Parts} parts
 * @param {{again?: boolean}} [how] again: also those that were refused as they stand
 * @returns {Promise<void>}
 */
export async function sendDrafts({ checks, api, now }, { again = false } = {}) {
  for (const draft of await checks.drafts()) {
    if (!waits(draft) || (faultsOf(draft).length && !again)) continue;
    const word = wordOn(draft, await api.keepSiteCheck(uploadOf(draft)));
    if (word) await checks.settle(draft.id, draft.revision, word, await now());
  }
}

/** @param {Draft} draft */
function uploadOf({ id, revision, by, site, lab, checkedOn, answers, questions, notes }) {
  const asked = new Set(questions.map(({ key }) => key));
  const own = Object.entries(answers).filter(([key]) => asked.has(key));
  return { id, revision, by, site: site.id, lab: lab.id, checked_on: checkedOn, answers: Object.fromEntries(own), notes };
}
