/**
 * Brings what this phone recorded to the server. What to send again is the server's word (`have`), never the phone's
 * own memory; and nothing but a well-formed answer changes anything here.
 */

import { readEventsAnswer } from './answers.js';
import { firstBatch, lostNumbers, MOST_ITEMS, uploadOf } from './batches.js';

/**
 * @typedef {import('../store/index.js').Store} Store
 * @typedef {import('../store/database.js').Row} Row
 * @typedef {import('../store/database.js').ChainEnd} ChainEnd
 * @typedef {import('./answers.js').EventsAnswer} EventsAnswer
 *
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {'offline'|'not_ours'|'refused'|'busy'|'old'} [why] what went wrong
 * @property {number} [retryAfterMs] when many send at once: how long the office asked to wait
 *
 * @typedef {{answer: EventsAnswer, halve: false} | {answer: null, halve: boolean, failed: Outcome}} Answered
 *
 * @typedef {object} Parts
 * @property {Store} store
 * @property {Pick<import('../api.js').Api, 'events'|'pack'>} api
 * @property {import('./clock.js').Clock} clock
 * @property {(bytes: Uint8Array) => Promise<Uint8Array>} sign
 * @property {string} [appVersion] which version of the client runs here
 */

const MOST_ROUNDS = 200;

/**
 * @param {Parts} parts
 * @param {{thorough?: boolean}} [how] thorough: also ask after old rows that the server holds but may not have backed up
 * @returns {Promise<Outcome>}
 */
export async function push(parts, { thorough = false } = {}) {
  const end = await parts.store.chainEnd();
  const rows = await parts.store.rows();
  const older = new Set(rows.filter((row) => row.incarnation !== end.incarnation).map((row) => row.incarnation));
  const current = await pushChain(parts, end.incarnation);
  if (!current.ok) return current;
  for (const incarnation of older) {
    const outcome = await pushOlder(parts, incarnation, thorough);
    if (!outcome.ok) return outcome;
  }
  return { ok: true };
}

/**
 * Uploads the chain that this phone writes now, until the server has all of it or stops moving.
 * @param {Parts} parts
 * @param {string} incarnation
 * @returns {Promise<Outcome>}
 */
async function pushChain(parts, incarnation) {
  let most = MOST_ITEMS;
  /** @type {EventsAnswer|null} */
  let before = null;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const own = (await parts.store.rows()).filter((row) => row.incarnation === incarnation);
    const waiting = own.filter((row) => row.state === 'waiting');
    const lost = before ? lostNumbers(own, before, MOST_ITEMS) : [];
    if (before && !waiting.length && !lost.length) break;
    const batch = firstBatch(waiting, most);
    const reply = await send(parts, incarnation, batch, lost);
    if (reply.halve && batch.length > 1) {
      most = Math.floor(batch.length / 2);
      continue;
    }
    if (!reply.answer) return reply.failed;
    if (await wentBackInTime(parts.store, incarnation, reply.answer)) {
      await parts.store.startNewIncarnation();
      return { ok: true };
    }
    await parts.store.applyAnswer({ ...reply.answer, incarnation, onChain: true });
    if (before && standsStill(before, reply.answer)) break;
    before = reply.answer;
  }
  return { ok: true };
}

/**
 * Rows of a chain that this phone no longer writes go item by item: each needs its own word from the server.
 * @param {Parts} parts
 * @param {string} incarnation
 * @param {boolean} thorough
 * @returns {Promise<Outcome>}
 */
async function pushOlder(parts, incarnation, thorough) {
  const own = (await parts.store.rows()).filter((row) => row.incarnation === incarnation);
  let left = own.filter((row) => thorough || row.state === 'waiting');
  let most = MOST_ITEMS;
  while (left.length) {
    const batch = firstBatch(left, most);
    const reply = await send(parts, incarnation, batch, []);
    if (reply.halve && batch.length > 1) {
      most = Math.floor(batch.length / 2);
      continue;
    }
    if (!reply.answer) return reply.failed;
    await parts.store.applyAnswer({ ...reply.answer, incarnation, onChain: false });
    left = left.slice(batch.length);
  }
  return { ok: true };
}

/**
 * @param {Parts} parts
 * @param {string} incarnation
 * @param {readonly Row[]} batch
 * @param {readonly number[]} lost
 * @returns {Promise<Answered>}
 */
async function send(parts, incarnation, batch, lost) {
  const { device } = await parts.store.chainEnd();
  const upload = await uploadOf({ device, incarnation, batch, lost, sign: parts.sign });
  return answered(parts, { ...upload, ...(await conditionOf(parts)) });
}

/**
 * What the office wants to know of this phone: which version runs, and whether the browser may clear its storage.
 * @param {Parts} parts
 * @returns {Promise<{app_version?: string, persisted?: boolean}>}
 */
async function conditionOf({ store, appVersion }) {
  const persisted = (await store.device())?.persisted;
  return { ...(appVersion ? { app_version: appVersion } : {}), ...(persisted === undefined ? {} : { persisted }) };
}

/**
 * Uploads, and gives the answer only if it is one: well-formed, to this upload, and of no older epoch.
 * @param {Pick<Parts, 'store'|'api'|'clock'>} parts
 * @param {import('./batches.js').Upload} upload
 * @returns {Promise<Answered>}
 */
export async function answered({ store, api, clock }, upload) {
  const sent = clock.reading();
  const reply = await api.events(upload);
  if (!reply.ok) return { answer: null, halve: reply.status === 413, failed: failure(reply) };
  const answer = readEventsAnswer(reply.data);
  if (!answer || !answersTo(answer, upload.items)) return unbelieved('not_ours');
  if (!(await keepServerState(store, answer, clock.reading().wall_ms))) return unbelieved('old');
  await store.keepSyncReading(clock.syncedAt(sent, answer.now));
  return { answer, halve: false };
}

/**
 * @param {Outcome['why']} why
 * @returns {Answered}
 */
function unbelieved(why) {
  return { answer: null, halve: false, failed: { ok: false, why } };
}

/**
 * An answer is to this upload only if it says something of every item that went, and of none that did not.
 * @param {EventsAnswer} answer
 * @param {readonly {seq: number, hash: string}[]} batch
 * @returns {boolean}
 */
function answersTo(answer, batch) {
  const sent = new Set(batch.map((row) => `${row.seq} ${row.hash}`));
  const told = new Set(answer.results.map((result) => `${result.seq} ${result.hash}`));
  return sent.size === told.size && [...sent].every((item) => told.has(item));
}

/**
 * Notes which server spoke. One of an older epoch is a ghost, and not believed.
 * @param {Store} store
 * @param {EventsAnswer} answer
 * @param {number} at
 * @returns {Promise<boolean>}
 */
async function keepServerState(store, answer, at) {
  const before = await store.serverState();
  if (before && answer.epoch < before.epoch) return false;
  await store.keepServerState({ epoch: answer.epoch, durableIsDemo: answer.durableIsDemo, at });
  return true;
}

/**
 * The server has more of this chain than the phone, or other bytes: the phone's own storage was put back.
 * @param {Store} store
 * @param {string} incarnation
 * @param {EventsAnswer} answer
 * @returns {Promise<boolean>}
 */
async function wentBackInTime(store, incarnation, { have }) {
  const end = await store.chainEnd();
  if (end.incarnation !== incarnation || have.seq === 0) return false;
  if (have.seq > end.seq) return true;
  if (have.seq === end.seq) return have.hash !== end.hash;
  const row = (await store.rows()).find((one) => one.incarnation === incarnation && one.seq === have.seq);
  return row !== undefined && row.hash !== have.hash;
}

/**
 * @param {EventsAnswer} before
 * @param {EventsAnswer} after
 * @returns {boolean}
 */
function standsStill(before, after) {
  const moved = after.results.some((result) => result.verdict !== 'duplicate');
  return !moved && before.have.seq === after.have.seq && before.durable.seq === after.durable.seq;
}

/**
 * @param {import('../api.js').NoAnswer} reply
 * @returns {Outcome}
 */
export function failure(reply) {
  const { retryAfterMs } = reply;
  return { ok: false, why: whyNot(reply), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/**
 * @param {import('../api.js').NoAnswer} reply
 * @returns {Outcome['why']}
 */
function whyNot(reply) {
  if (reply.network) return 'offline';
  if (reply.status === 429 || (reply.status ?? 0) >= 500) return 'busy';
  return reply.errors ? 'refused' : 'not_ours';
}
