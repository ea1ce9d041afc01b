/**
 * A frame is one recorded fact as bytes: who wrote it, its place in the chain, and the fact. The bytes are made once;
 * their hash is the fact's identity.
 */

import { sha256 } from './bytes.js';

export const NO_HASH = '0'.repeat(64);

/** The office's verdicts on a frame that it holds; with any other the frame has to come again. */
export const HELD = new Set(['stored', 'duplicate', 'quarantined', 'conflict', 'fork']);

/** @typedef {{device: string, incarnation: string, seq: number, prev: string}} Place */

/**
 * @param {Place} place
 * @param {object} body
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, hash: string}>}
 */
export async function frameOf(place, body) {
  return frameOfText(place, JSON.stringify(body));
}

/**
 * The same from a body that is text already.
 * @param {Place} place
 * @param {string} bodyText
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, hash: string}>}
 */
export async function frameOfText(place, bodyText) {
  const head = `${place.device}|${place.incarnation}|${place.seq}|${place.prev}|`;
  const bytes = new TextEncoder().encode(head + bodyText);
  return { bytes, hash: await sha256(bytes) };
}

/**
 * The words that a seal signs: through `prev`, the last frame vouches for all before it.
 * @param {{device: string, incarnation: string, seq: number, hash: string}} last
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function sealText({ device, incarnation, seq, hash }) {
  return new TextEncoder().encode(`labtracker-seal-1|${device}|${incarnation}|${seq}|${hash}`);
}
