/**
 * The other end of the wire for tests of sync: an office that keeps frames as the protocol says, loses nothing it
 * confirmed, and can be told to misbehave.
 */

import { createHash } from 'node:crypto';

const NONE = { seq: 0, hash: '0'.repeat(64) };

/** @typedef {{seq: number, hash: string, prev: string, bytes: Buffer}} Kept */

export class Office {
  constructor() {
    this.epoch = '01900000-0000-7000-8000-000000000001';
    /** @type {Map<string, Map<number, Kept>>} */
    this.chains = new Map();
    /** @type {Map<string, {seq: number, hash: string}>} */
    this.backedUp = new Map();
    /** Hashes of what both backups hold. @type {Set<string>} */
    this.safe = new Set();
    /** @type {any[]} */
    this.uploads = [];
    /** @type {((upload: any, honest: any) => any)|null} */
    this.twist = null;
    this.now = 1_776_000_000_000;
    /** @type {any} */
    this.packAnswer = null;
  }

  /** @param {any} upload */
  events = async (upload) => {
    this.uploads.push(structuredClone(upload));
    const chain = this.chains.get(upload.incarnation) ?? new Map();
    this.chains.set(upload.incarnation, chain);
    const results = upload.items.map((/** @type {any} */ item) => this.keep(chain, item));
    const answer = {
      epoch: this.epoch,
      now: this.now,
      results,
      have: this.have(upload.incarnation),
      missing: [],
      durable: this.backedUp.get(upload.incarnation) ?? NONE,
    };
    return this.twist ? this.twist(upload, answer) : { ok: true, data: answer };
  };

  pack = async () => ({ ok: true, data: this.packAnswer });

  /**
   * @param {Map<number, Kept>} chain
   * @param {{seq: number, hash: string, frame: string}} item
   */
  keep(chain, { seq, hash, frame }) {
    const bytes = Buffer.from(frame, 'base64url');
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return { seq, hash, verdict: 'retry', durable: false };
    const before = chain.get(seq);
    const prev = bytes.toString('utf8').split('|')[3];
    if (!before) chain.set(seq, { seq, hash, prev, bytes });
    const verdict = !before ? 'stored' : before.hash === hash ? 'duplicate' : 'fork';
    return { seq, hash, verdict, durable: this.safe.has(hash) };
  }

  /** @param {string} incarnation */
  have(incarnation) {
    const chain = this.chains.get(incarnation) ?? new Map();
    let mark = NONE;
    for (let next = chain.get(1); next && next.prev === mark.hash; next = chain.get(mark.seq + 1)) {
      mark = { seq: next.seq, hash: next.hash };
    }
    return mark;
  }

  /** Everything held is in both backups now. */
  backUp() {
    for (const [incarnation, chain] of this.chains) {
      this.backedUp.set(incarnation, this.have(incarnation));
      for (const { hash } of chain.values()) this.safe.add(hash);
    }
  }

  /** @returns {number} */
  get held() {
    return [...this.chains.values()].reduce((sum, chain) => sum + chain.size, 0);
  }
}
