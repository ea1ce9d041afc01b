/**
 * Records made small enough for a few codes on a screen. A frame says nothing twice that the one before it or its
 * place in the chain says already; what cannot be told that way goes as it is.
 */

import { base64url, fromBase64url, sha256 } from '../domain/bytes.js';
import { NO_HASH } from '../domain/frame.js';

/**
 * @typedef {import('../bundle.js').Bundle} Bundle
 * @typedef {import('../bundle.js').Sealed} Sealed
 * @typedef {import('../store/carried.js').Item} Item
 */

const FORM = 1;

/**
 * @param {Bundle} bundle
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function packed({ uploads }) {
  const small = [];
  for (const { from, device, incarnation, items, seal } of uploads) {
    /** @type {(string|Item)[]} */
    const said = [];
    let before = { seq: items[0].seq - 1, hash: NO_HASH };
    for (const item of items) {
      said.push((await shortOf(item, { device, incarnation }, before)) ?? item);
      before = item;
    }
    small.push([from, device, incarnation, items[0].seq, seal ?? '', said]);
  }
  return streamed(new TextEncoder().encode(JSON.stringify([FORM, small])), new CompressionStream('gzip'));
}

/**
 * The text of a bundle again, exactly as the other phone would have saved it; null where the bytes are something else.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string|null>}
 */
export async function unpacked(bytes) {
  try {
    const text = new TextDecoder().decode(await streamed(bytes, new DecompressionStream('gzip')));
    const [form, small] = JSON.parse(text);
    if (form !== FORM) return null;
    const uploads = await Promise.all(small.map(longUpload));
    return JSON.stringify({ labtracker_bundle: 1, uploads });
  } catch {
    return null;
  }
}

/**
 * A frame as the hash before it, where that is another than one would think, and its body.
 * @param {Item} item
 * @param {{device: string, incarnation: string}} chain
 * @param {{seq: number, hash: string}} before
 * @returns {Promise<string|null>} null where the item would not come out the same
 */
async function shortOf(item, chain, before) {
  const text = new TextDecoder().decode(fromBase64url(item.frame));
  const head = headOf(chain, before.seq + 1);
  if (item.damaged || !text.startsWith(head)) return null;
  const rest = text.slice(head.length);
  const short = rest.startsWith(`${before.hash}|`) ? rest.slice(before.hash.length) : rest;
  const again = await itemOf(short, chain, before);
  return again.seq === item.seq && again.hash === item.hash && again.frame === item.frame ? short : null;
}

/**
 * @param {[string, string, string, number, string, (string|Item)[]]} small
 * @returns {Promise<Sealed>}
 */
async function longUpload([from, device, incarnation, first, seal, said]) {
  /** @type {Item[]} */
  const items = [];
  let before = { seq: first - 1, hash: NO_HASH };
  for (const one of said) {
    const item = typeof one === 'string' ? await itemOf(one, { device, incarnation }, before) : one;
    items.push(item);
    before = item;
  }
  return { from, device, incarnation, items, ...(seal ? { seal } : {}) };
}

/**
 * @param {string} short
 * @param {{device: string, incarnation: string}} chain
 * @param {{seq: number, hash: string}} before
 * @returns {Promise<Item>}
 */
async function itemOf(short, chain, before) {
  const seq = before.seq + 1;
  const rest = short.startsWith('|') ? before.hash + short : short;
  const bytes = new TextEncoder().encode(headOf(chain, seq) + rest);
  return { seq, hash: await sha256(bytes), frame: base64url(bytes) };
}

/**
 * @param {{device: string, incarnation: string}} chain
 * @param {number} seq
 * @returns {string}
 */
function headOf({ device, incarnation }, seq) {
  return `${device}|${incarnation}|${seq}|`;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream|DecompressionStream} through
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function streamed(bytes, through) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}
