/**
 * What this phone has recorded and must not lose. A row leaves only when the server's backups hold it; until then it
 * stays, whatever else happens.
 */

import { frameOf, HELD, NO_HASH } from '../domain/frame.js';
import { correctedTime, timeNote } from '../domain/corrected_time.js';
import { randomHex } from '../domain/bytes.js';
import { sessionOf } from '../domain/events.js';

/**
 * @typedef {import('./database.js').Database} Database
 * @typedef {import('./database.js').Row} Row
 * @typedef {import('./database.js').ChainEnd} ChainEnd
 * @typedef {import('../domain/types.js').Body} Body
 * @typedef {import('../domain/types.js').Fact} Fact
 *
 * @typedef {object} Applied what an answer of the server changes here
 * @property {string} incarnation
 * @property {{seq: number, hash: string}} have
 * @property {{seq: number, hash: string}} durable
 * @property {{seq: number, hash: string, verdict: string, code?: string, durable: boolean}[]} results
 * @property {boolean} onChain whether the incarnation is the one that this phone writes now
 */

/** Kept whole on disk before a transaction counts as done. */
const STRICT = /** @type {const} */ ({ durability: 'strict' });
const MOST_TRIES = 20;
/** Where this window last tied a frame on: a guess that saves a reading, since the transaction looks for itself. */
const lastEnds = /** @type {WeakMap<Database, ChainEnd>} */ (new WeakMap());

/**
 * Writes bodies down, one frame each, in one transaction. Once this resolves they are on the disk.
 * @param {Database} database
 * @param {readonly Body[]} bodies
 * @param {number} atMs
 * @returns {Promise<Fact[]>}
 */
export async function record(database, bodies, atMs) {
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const facts = await tryToRecord(database, bodies, atMs);
    if (facts) return facts;
  }
  throw new Error('The chain of records kept moving while this was being written.');
}

/**
 * Frames are hashed before the transaction, since it would end while the hash is awaited; so it first looks whether
 * the chain still ends where they were tied on.
 * @param {Database} database
 * @param {readonly Body[]} bodies
 * @param {number} atMs
 * @returns {Promise<Fact[]|null>}
 */
async function tryToRecord(database, bodies, atMs) {
  const end = lastEnds.get(database) ?? (await chainEnd(database));
  const { rows, facts, last } = await framed(end, bodies, atMs);
  const transaction = database.transaction(['meta', 'outbox', 'journal'], 'readwrite', STRICT);
  const now = await transaction.objectStore('meta').get('chain');
  if (now?.incarnation !== end.incarnation || now.hash !== end.hash) {
    lastEnds.delete(database);
    await transaction.done;
    return null;
  }
  await Promise.all([
    ...rows.map((row) => transaction.objectStore('outbox').add(row)),
    ...facts.map((fact) => transaction.objectStore('journal').put(fact)),
    transaction.objectStore('meta').put(last, 'chain'),
    transaction.done,
  ]);
  lastEnds.set(database, last);
  return facts;
}

/**
 * @param {ChainEnd} end
 * @param {readonly Body[]} bodies
 * @param {number} atMs
 * @returns {Promise<{rows: Row[], facts: Fact[], last: ChainEnd}>}
 */
async function framed(end, bodies, atMs) {
  let last = end;
  /** @type {Row[]} */
  const rows = [];
  /** @type {Fact[]} */
  const facts = [];
  for (const body of bodies) {
    const seq = last.seq + 1;
    const { device, incarnation } = last;
    const { bytes, hash } = await frameOf({ device, incarnation, seq, prev: last.hash }, body);
    rows.push({ incarnation, seq, hash, bytes, state: 'waiting', damagedReplies: 0, savedAt: atMs });
    facts.push(factOf(body, { hash, incarnation, seq }));
    last = { device, incarnation, seq, hash };
  }
  return { rows, facts, last };
}

/**
 * @param {Body} body
 * @param {{hash: string, incarnation: string, seq: number}} place
 * @returns {Fact}
 */
function factOf(body, { hash, incarnation, seq }) {
  const { at_ms: at } = correctedTime(body);
  const session = sessionOf(body);
  const time = { at, timeNote: timeNote(body) };
  return { hash, id: body.id, incarnation, seq, body, session, ...time, verdict: null, code: null };
}

/**
 * What is known of a session; with null, of no session.
 * @param {Database} database
 * @param {string|null} session
 * @returns {Promise<Fact[]>}
 */
export async function factsOf(database, session) {
  if (session !== null) return database.getAllFromIndex('journal', 'session', session);
  return (await database.getAll('journal')).filter((fact) => fact.session === null);
}

/**
 * Where the next frame is tied on.
 * @param {Database} database
 * @returns {Promise<ChainEnd>}
 */
export async function chainEnd(database) {
  const end = await database.get('meta', 'chain');
  if (!end) throw new Error('This phone is not paired.');
  return end;
}

/**
 * The first link of a chain.
 * @param {string} device
 * @returns {ChainEnd}
 */
export function freshChain(device) {
  return { device, incarnation: randomHex(8), seq: 0, hash: NO_HASH };
}

/**
 * Every row, oldest incarnation's first as the keys have it.
 * @param {Database} database
 * @returns {Promise<Row[]>}
 */
export function allRows(database) {
  return database.getAll('outbox');
}

/**
 * How many rows wait for the server, and how many it has but the office has not backed up.
 * @param {Database} database
 * @returns {Promise<{waiting: number, kept: number}>}
 */
export async function outboxCounts(database) {
  const rows = await allRows(database);
  const waiting = rows.filter((row) => row.state === 'waiting').length;
  return { waiting, kept: rows.length - waiting };
}

/**
 * Takes in what the server said: marks what it holds, forgets what its backups hold, and notes its verdicts.
 * @param {Database} database
 * @param {Applied} answer
 * @returns {Promise<void>}
 */
export async function applyAnswer(database, answer) {
  const transaction = database.transaction(['outbox', 'journal'], 'readwrite', STRICT);
  const outbox = transaction.objectStore('outbox');
  const range = IDBKeyRange.bound([answer.incarnation, 0], [answer.incarnation, Number.MAX_SAFE_INTEGER]);
  const rows = await outbox.getAll(range);
  const results = new Map(answer.results.map((result) => [`${result.seq} ${result.hash}`, result]));
  const chainAgrees = agrees(rows, answer.durable);
  for (const row of rows) {
    const result = results.get(`${row.seq} ${row.hash}`);
    if (mayForget(row, answer, result, chainAgrees)) await outbox.delete([row.incarnation, row.seq]);
    else await outbox.put(judged(row, answer, result));
  }
  const journal = transaction.objectStore('journal');
  for (const result of answer.results) {
    const fact = await journal.get(result.hash);
    if (fact && HELD.has(result.verdict)) {
      const verdict = result.verdict === 'duplicate' ? (fact.verdict ?? 'stored') : result.verdict;
      await journal.put({ ...fact, verdict, code: result.code ?? fact.code });
    }
  }
  await transaction.done;
}

/**
 * Whether the row at the backed-up mark is, byte for byte, the one that the server means. Without that row nothing can
 * be told, and nothing is forgotten.
 * @param {readonly Row[]} rows
 * @param {{seq: number, hash: string}} durable
 * @returns {boolean}
 */
function agrees(rows, durable) {
  return rows.some((row) => row.seq === durable.seq && row.hash === durable.hash);
}

/**
 * @param {Row} row
 * @param {Applied} answer
 * @param {Applied['results'][number]|undefined} result
 * @param {boolean} chainAgrees
 * @returns {boolean}
 */
function mayForget(row, answer, result, chainAgrees) {
  if (!answer.onChain) return result?.durable === true && HELD.has(result.verdict);
  return chainAgrees && row.seq <= answer.durable.seq;
}

/**
 * @param {Row} row
 * @param {Applied} answer
 * @param {Applied['results'][number]|undefined} result
 * @returns {Row}
 */
function judged(row, answer, result) {
  const held = result ? HELD.has(result.verdict) : answer.onChain ? row.seq <= answer.have.seq : row.state === 'taken';
  const damagedReplies = result?.verdict === 'retry' ? row.damagedReplies + 1 : row.damagedReplies;
  return { ...row, damagedReplies, state: held ? 'taken' : 'waiting' };
}

/**
 * Begins a new chain where this phone's storage has gone back in time. Rows of the old one stay as they are.
 * @param {Database} database
 * @returns {Promise<void>}
 */
export async function startNewIncarnation(database) {
  const transaction = database.transaction('meta', 'readwrite', STRICT);
  const end = await transaction.store.get('chain');
  if (end) await transaction.store.put(freshChain(end.device), 'chain');
  await transaction.done;
}

/**
 * The server's backups went back: what it no longer claims waits again.
 * @param {Database} database
 * @returns {Promise<void>}
 */
export async function everythingWaits(database) {
  const transaction = database.transaction('outbox', 'readwrite', STRICT);
  for (const row of await transaction.store.getAll()) await transaction.store.put({ ...row, state: 'waiting' });
  await transaction.done;
}
