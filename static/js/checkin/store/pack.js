/** The coming days' sessions and people, as the office last told them. */

import { badgesOf } from '../domain/crew.js';

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {import('./database.js').PackState} PackState
 * @typedef {import('../domain/types.js').Pack} Pack
 *
 * @typedef {Pack & {gone: string[]}} Changes
 */

const STORES = /** @type {const} */ (['meta', 'sessions', 'cohorts', 'enrollments', 'revoked', 'journal', 'outbox']);
const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_AFTER_END_MS = 14 * DAY_MS;
// A clock that has gone further since the office was heard is more likely wrong than that long without signal.
const BELIEVED_MS = 60 * DAY_MS;

/**
 * @param {Database} database
 * @returns {Promise<Pack>}
 */
async function readPack(database) {
  const [sessions, cohorts, enrollments, revoked] = await Promise.all([
    database.getAll('sessions'),
    database.getAll('cohorts'),
    database.getAll('enrollments'),
    database.getAll('revoked'),
  ]);
  sessions.sort((one, other) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1));
  return { sessions, cohorts, enrollments, revoked: revoked.map((row) => row.hash) };
}

/**
 * How far the office's changes are here.
 * @param {Database} database
 * @returns {Promise<PackState|null>}
 */
export async function readPackState(database) {
  return (await database.get('meta', 'pack')) ?? null;
}

/**
 * The pack, read anew only when it has changed, in another window too: whatever the office changes comes with a new
 * state. What this phone changes itself must say so (`forget`).
 * @param {Database} database
 * @returns {{read: () => Promise<Pack>, forget: () => void}}
 */
export function rememberPack(database) {
  /** @type {{state: string, pack: Promise<Pack>}|null} */
  let kept = null;
  const forget = () => {
    kept = null;
  };
  const failed = (/** @type {unknown} */ error) => {
    forget();
    throw error;
  };
  return {
    async read() {
      const state = JSON.stringify(await readPackState(database));
      if (kept?.state !== state) kept = { state, pack: readPack(database).catch(failed) };
      return kept.pack;
    },
    forget,
  };
}

/**
 * Rows and the cursor that stands for them change in one transaction, or not at all.
 * @param {Database} database
 * @param {object} page
 * @param {boolean} page.reset begin anew
 * @param {Changes} page.changes
 * @param {PackState} page.state
 * @returns {Promise<void>}
 */
export async function applyPack(database, { reset, changes, state }) {
  const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
  if (reset) await clear(transaction);
  for (const id of changes.gone) {
    for (const name of /** @type {const} */ (['sessions', 'cohorts', 'enrollments'])) {
      await transaction.objectStore(name).delete(id);
    }
  }
  for (const session of changes.sessions) await transaction.objectStore('sessions').put(session);
  for (const cohort of changes.cohorts) await transaction.objectStore('cohorts').put(cohort);
  for (const enrollment of changes.enrollments) {
    await transaction.objectStore('enrollments').put(enrollment);
    // A badge that was revoked and is somebody's again was brought back by the office.
    for (const hash of badgesOf(enrollment)) await transaction.objectStore('revoked').delete(hash);
  }
  for (const hash of changes.revoked) await transaction.objectStore('revoked').put({ hash });
  await transaction.objectStore('meta').put(state, 'pack');
  await transaction.done;
}

/**
 * Empties what the office told, and keeps made-up sessions and every record.
 * @param {import('idb').IDBPTransaction<import('./database.js').Schema, any, 'readwrite'>} transaction
 */
async function clear(transaction) {
  const sessions = transaction.objectStore('sessions');
  for (const session of await sessions.getAll()) if (!session.adHoc) await sessions.delete(session.id);
  await transaction.objectStore('cohorts').clear();
  await transaction.objectStore('enrollments').clear();
  await transaction.objectStore('revoked').clear();
}

/**
 * A revoked phone forgets names and badges; what it recorded stays until it is sent.
 * @param {Database} database
 * @returns {Promise<void>}
 */
export async function wipePack(database) {
  const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
  await clear(transaction);
  await transaction.objectStore('meta').delete('pack');
  await transaction.done;
}

/**
 * Lets go of what is long over: old sessions with their people, and facts that the outbox no longer needs to explain.
 * Where something still waits for the office, who it was stays to be seen. A clock that stands months ahead takes
 * nothing from a trainer who has no signal to get it back.
 * @param {Database} database
 * @param {number} nowMs
 * @returns {Promise<void>}
 */
export async function tidyPack(database, nowMs) {
  const transaction = database.transaction(STORES, 'readwrite');
  const heard = await transaction.objectStore('meta').get('pack');
  if (heard && nowMs - heard.fetchedAt > BELIEVED_MS) return transaction.done;
  const before = nowMs - KEPT_AFTER_END_MS;
  const rows = await transaction.objectStore('outbox').getAll();
  const kept = new Set(rows.map((row) => row.hash));
  const waiting = new Set(rows.filter((row) => row.state === 'waiting').map((row) => row.hash));
  const journal = transaction.objectStore('journal');
  const facts = await journal.getAll();
  const unsent = facts.filter((fact) => waiting.has(fact.hash));
  await forgetSessions(transaction, before, unsent);
  for (const fact of facts) if (fact.at < before && !kept.has(fact.hash)) await journal.delete(fact.hash);
  await transaction.done;
}

/**
 * Names and badges go with their cohort's last session. The cursor goes too: a clock that was wrong may have ended
 * it, and then the next signal brings all of it back.
 * @param {import('idb').IDBPTransaction<import('./database.js').Schema, typeof STORES, 'readwrite'>} transaction
 * @param {number} before when a session must have ended
 * @param {readonly import('../domain/types.js').Fact[]} unsent
 */
async function forgetSessions(transaction, before, unsent) {
  const sessions = transaction.objectStore('sessions');
  const named = new Set(unsent.map((fact) => fact.session));
  const people = new Set(unsent.map((fact) => fact.body.enrollment));
  const needed = new Set();
  for (const session of await sessions.getAll()) {
    if (session.endsAt >= before || named.has(session.id)) needed.add(session.cohort);
    else await sessions.delete(session.id);
  }
  const enrollments = await transaction.objectStore('enrollments').getAll();
  for (const one of enrollments) {
    if ([one.id, ...(one.otherEnrollments ?? [])].some((id) => people.has(id))) needed.add(one.cohort);
  }
  const cohorts = transaction.objectStore('cohorts');
  const over = new Set((await cohorts.getAllKeys()).filter((id) => !needed.has(id)));
  for (const one of enrollments) if (over.has(one.cohort)) await transaction.objectStore('enrollments').delete(one.id);
  for (const id of over) await cohorts.delete(id);
  const meta = transaction.objectStore('meta');
  const state = await meta.get('pack');
  if (over.size && state) await meta.put({ ...state, cursor: '' }, 'pack');
}

/**
 * Keeps a session that this phone made up because it has no roster for it.
 * @param {Database} database
 * @param {import('../domain/types.js').Session} session
 * @returns {Promise<void>}
 */
export async function addAdHocSession(database, session) {
  const transaction = database.transaction('sessions', 'readwrite', { durability: 'strict' });
  await Promise.all([transaction.store.put(session), transaction.done]);
}
