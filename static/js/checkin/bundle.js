/**
 * Everything that this phone still holds, as the uploads that it would be: to be saved, sent, or read in by another
 * phone. Each upload is one unbroken run of a chain with its own seal, since a seal proves only what is tied to the
 * last record of its own upload.
 */

import { fromBase64url, sha256 } from './domain/bytes.js';
import { uploadOf } from './sync/batches.js';

/**
 * @typedef {import('./store/database.js').Row} Row
 * @typedef {import('./store/carried.js').Parcel} Parcel
 * @typedef {Omit<Parcel, 'id'>} Sealed an upload that says whose phone it is from
 * @typedef {{labtracker_bundle: 1, uploads: Sealed[]}} Bundle
 */

/** Well below what any proxy takes, since an upload that is cut in two loses its proof. */
const MOST_BYTES = 200_000;
const MOST_ITEMS = 500;
/** Other programs and older versions may have made larger ones: what no upload could hold is not taken over. */
const MOST_CARRIED_BYTES = 700_000;
const HASH = /^[0-9a-f]{64}$/;
const DEVICE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INCARNATION = /^[0-9a-f]{1,16}$/;
const FRAME = /^[\w-]+$/;

/**
 * What this phone recorded, and what it carries for others.
 * @param {import('./store/index.js').Store} store
 * @param {import('./store/carried.js').CarriedStore} carried
 * @returns {Promise<Bundle>}
 */
export async function bundleOf(store, carried) {
  const [{ device }, rows, trainers, settings] = await Promise.all([
    store.chainEnd(), store.rows(), store.trainers(), store.settings(),
  ]);
  const from = trainers.find((one) => one.id === settings.trainer)?.name ?? '';
  const before = await store.seals();
  /** @type {{[hash: string]: string}} */
  const seals = {};
  /** @type {Sealed[]} */
  const uploads = [];
  for (const batch of runs(rows, before)) {
    const { hash } = batch[batch.length - 1];
    // A signature is another one each time. Given again, the same records are the same parcel, and pile up nowhere.
    const sign = hash in before ? async () => fromBase64url(before[hash]) : store.sign;
    const upload = await uploadOf({ device, incarnation: batch[0].incarnation, batch, lost: [], sign });
    seals[hash] = /** @type {string} */ (upload.seal);
    uploads.push({ from, .../** @type {Omit<Sealed, 'from'>} */ (upload) });
  }
  await store.keepSeals(seals).catch(() => undefined); // giving matters more than giving the same
  for (const { from: whose, device: other, incarnation, items, seal } of await carried.all()) {
    uploads.push({ from: whose, device: other, incarnation, items, ...(seal ? { seal } : {}) });
  }
  return { labtracker_bundle: 1, uploads };
}

/**
 * Rows in runs that one seal each can prove: without a gap, and not too much for one upload. Where one ended before, it
 * ends again, so what was recorded since goes in a run of its own.
 * @param {readonly Row[]} rows by incarnation and number
 * @param {{[hash: string]: string}} seals of the last records of earlier runs, by hash
 * @returns {Row[][]}
 */
function runs(rows, seals) {
  /** @type {Row[][]} */
  const found = [];
  let bytes = 0;
  /** @type {Row|null} */
  let before = null;
  for (const row of rows) {
    const goesOn = before?.incarnation === row.incarnation && before.seq + 1 === row.seq && !(before.hash in seals);
    bytes += row.bytes.length * 1.4 + 120;
    if (goesOn && bytes <= MOST_BYTES) /** @type {Row[]} */ (found.at(-1)).push(row);
    else {
      found.push([row]);
      bytes = row.bytes.length * 1.4 + 120;
    }
    before = row;
  }
  return found;
}

/**
 * The parcels in what another phone gave; null where it is nothing of ours, or not whole.
 * @param {string} text
 * @returns {Parcel[]|null}
 */
export function parcelsIn(text) {
  let bundle;
  try {
    bundle = JSON.parse(text);
  } catch {
    return null;
  }
  if (bundle?.labtracker_bundle !== 1 || !Array.isArray(bundle.uploads)) return null;
  const wanted = bundle.uploads.filter((/** @type {any} */ upload) => upload?.items?.length !== 0);
  if (!wanted.every(isUpload)) return null;
  return wanted.flatMap(parcelsOf);
}

/**
 * Whether each frame is the one that its hash names. Otherwise somebody could hand over other bytes under the name of
 * real records, which would then be taken for known. What is called damaged differs from its hash by what it is.
 * @param {readonly Parcel[]} parcels
 * @returns {Promise<boolean>}
 */
export async function areTrue(parcels) {
  const checks = parcels.flatMap(({ items }) => items).map(
    async ({ frame, hash, damaged }) => damaged === true || (await sha256(fromBase64url(frame))) === hash,
  );
  return Promise.all(checks).then((all) => all.every(Boolean), () => false);
}

/** @param {any} upload @returns {boolean} */
function isUpload(upload) {
  return (
    fits(DEVICE, upload?.device) &&
    fits(INCARNATION, upload.incarnation) &&
    (upload.seal === undefined || fits(FRAME, upload.seal)) &&
    Array.isArray(upload.items) &&
    upload.items.every(isItem)
  );
}

/** A pattern alone would take a number for its digits. @param {RegExp} pattern @param {unknown} value @returns {boolean} */
function fits(pattern, value) {
  return typeof value === 'string' && pattern.test(value);
}

/** @param {any} item @returns {boolean} */
function isItem(item) {
  return Number.isSafeInteger(item?.seq) && item.seq > 0 && fits(HASH, item.hash) && fits(FRAME, item.frame) && item.frame.length <= MOST_CARRIED_BYTES;
}

/**
 * How many items, counted from the last one, go into one upload.
 * @param {readonly import('./store/carried.js').Item[]} items
 * @returns {number} at least 1
 */
function fitting(items) {
  let [count, bytes] = [0, 0];
  while (count < Math.min(items.length, MOST_ITEMS)) {
    bytes += items[items.length - 1 - count].frame.length + 120;
    if (count && bytes > MOST_CARRIED_BYTES) break;
    count += 1;
  }
  return count;
}

/**
 * One parcel as a rule. What is too much for one upload goes in several, of which the last one keeps the seal; that is
 * why it is cut here and never on the way, where the part before would lose its proof.
 * @param {Sealed} upload
 * @returns {Parcel[]}
 */
function parcelsOf({ from, device, incarnation, items, seal }) {
  /** @type {Parcel[]} */
  const parcels = [];
  let end = items.length;
  while (end > 0) {
    const some = items.slice(end - fitting(items.slice(0, end)), end);
    const last = some[some.length - 1];
    const damaged = some.filter((item) => item.damaged).length;
    const content = [...(damaged ? [`damaged-${damaged}`] : []), device, incarnation, last.seq, last.hash, some.length].join(' ');
    const parcel = {
      id: content,
      from: typeof from === 'string' ? from.slice(0, 200) : '',
      device,
      incarnation,
      items: some.map(({ seq, hash, frame, damaged }) => ({ seq, hash, frame, ...(damaged ? { damaged } : {}) })),
    };
    parcels.unshift(end === items.length && seal ? { ...parcel, id: `${content} ${seal}`, seal } : parcel);
    end -= some.length;
  }
  return parcels;
}
