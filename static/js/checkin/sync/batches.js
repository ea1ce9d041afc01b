/** Which rows go into the next upload, and in what wrapping. */

import { base64url } from '../domain/bytes.js';
import { sealText } from '../domain/frame.js';

/**
 * @typedef {import('../store/database.js').Row} Row
 * @typedef {{seq: number, hash: string, frame: string, damaged?: true}} Item
 * @typedef {{device: string, incarnation: string, items: Item[], seal?: string, lost?: number[], carried?: boolean,
 *   app_version?: string, persisted?: boolean}} Upload
 */

export const MOST_ITEMS = 500;
const MOST_BYTES = 700_000;
/** After so many replies that an item came damaged, it goes as what it is. */
export const DAMAGED_AFTER = 3;
/** More than any phone records: behind so long a gap stands a number that somebody made up in this phone's name. */
const MOST_EVER = 1_000_000;

/**
 * As many of the rows, from the first on, as one upload holds.
 * @param {readonly Row[]} rows
 * @param {number} most
 * @returns {Row[]}
 */
export function firstBatch(rows, most) {
  /** @type {Row[]} */
  const batch = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += Math.ceil((row.bytes.length * 4) / 3) + 120;
    if (batch.length >= Math.min(most, MOST_ITEMS) || (batch.length && bytes > MOST_BYTES)) break;
    batch.push(row);
  }
  return batch;
}

/**
 * @param {Row} row
 * @returns {Item}
 */
export function itemOf({ seq, hash, bytes, damagedReplies }) {
  const item = { seq, hash, frame: base64url(bytes) };
  return damagedReplies >= DAMAGED_AFTER ? { ...item, damaged: true } : item;
}

/**
 * @param {{device: string, incarnation: string, batch: readonly Row[], lost: readonly number[],
 *   sign: (bytes: Uint8Array) => Promise<Uint8Array>}} parcel
 * @returns {Promise<Upload>}
 */
export async function uploadOf({ device, incarnation, batch, lost, sign }) {
  const last = batch.at(-1);
  const seal = last && base64url(await sign(sealText({ device, incarnation, seq: last.seq, hash: last.hash })));
  return {
    device,
    incarnation,
    items: batch.map(itemOf),
    ...(seal ? { seal } : {}),
    ...(lost.length ? { lost: [...lost] } : {}),
  };
}

/**
 * Numbers that the server lacks and this phone no longer has.
 * @param {readonly Row[]} rows
 * @param {{have: {seq: number}, missing: readonly [number, number][]}} answer
 * @param {number} most
 * @returns {number[]}
 */
export function lostNumbers(rows, { have, missing }, most) {
  const here = new Set(rows.map((row) => row.seq));
  const first = rows.find((row) => row.seq > have.seq)?.seq;
  /** @type {[number, number][]} */
  const gaps = first === undefined ? [...missing] : [[have.seq + 1, first - 1], ...missing];
  /** @type {Set<number>} */
  const lost = new Set();
  for (const [from, to] of gaps) {
    if (to - from > MOST_EVER) continue;
    for (let seq = from; seq <= to && lost.size < most; seq += 1) if (!here.has(seq)) lost.add(seq);
  }
  return [...lost].sort((one, other) => one - other);
}
