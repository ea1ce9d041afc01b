/**
 * Bytes as a series of short texts, each for one QR code, to be read in any order: which series, which of how many,
 * and its piece. All characters are of the QR's narrow alphabet. The series is named by the hash of the whole, so
 * pieces of two series never mix, and a whole that came together wrong is noticed.
 */

import { bytesIn, writtenBytes } from '../domain/base32.js';

/** Pieces of this length make codes of 57 dots a side, which a phone reads from another's screen at arm's length. */
const PIECE = 300;
const NAME_LENGTH = 8;
const MOST_PIECES = 2000;
const CODE = /^LT1:([0-9A-Z]{8}):(\d{1,4}):(\d{1,4}):([0-9A-Z]+)$/;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string[]|null>} null where it is too much for codes
 */
export async function seriesOf(bytes) {
  const text = writtenBytes(bytes);
  const count = Math.ceil(text.length / PIECE);
  if (count > MOST_PIECES) return null;
  const name = await nameOf(bytes);
  return Array.from({ length: count }, (_, place) => {
    const piece = text.slice(place * PIECE, (place + 1) * PIECE);
    return `LT1:${name}:${place + 1}:${count}:${piece}`;
  });
}

/**
 * Collects the pieces that a camera sees.
 * @returns {{
 *   take: (text: string) => {have: number, count: number}|null,
 *   whole: () => Promise<Uint8Array<ArrayBuffer>|null>,
 * }} `take` tells how far the series is, or null for what is no piece of one; `whole` gives the bytes once all are
 *   there, and begins anew where they do not fit their name
 */
export function createCollector() {
  let name = '';
  let count = 0;
  /** @type {Map<number, string>} */
  const pieces = new Map();

  return {
    take(text) {
      const [, series, place, of, piece] = CODE.exec(text) ?? [];
      const number = Number(place);
      if (!series || number < 1 || number > Number(of) || Number(of) > MOST_PIECES) return null;
      if (series !== name || Number(of) !== count) {
        // The other phone shows something else now: what was collected before cannot be completed any more.
        pieces.clear();
        name = series;
        count = Number(of);
      }
      pieces.set(number, piece);
      return { have: pieces.size, count };
    },
    async whole() {
      if (!count || pieces.size < count) return null;
      const bytes = bytesIn(Array.from({ length: count }, (_, place) => pieces.get(place + 1)).join(''));
      if (bytes && (await nameOf(bytes)) === name) return bytes;
      pieces.clear();
      return null;
    },
  };
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} */
async function nameOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return writtenBytes(digest).slice(0, NAME_LENGTH);
}
