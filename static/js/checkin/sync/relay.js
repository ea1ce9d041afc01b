/**
 * Brings to the server what this phone carries for other phones. Each parcel goes whole, with the seal of the phone
 * that made it; it stays here until the office's backups hold every record in it.
 */

import { DAMAGED_AFTER } from './batches.js';
import { answered } from './push.js';

/**
 * @typedef {import('./push.js').Outcome} Outcome
 * @typedef {import('../store/carried.js').Carried} Carried
 */

/**
 * @param {import('./push.js').Parts & {carried: import('../store/carried.js').CarriedStore}} parts
 * @param {{thorough?: boolean}} [how] thorough: also ask after parcels that the server holds but may not have backed up
 * @returns {Promise<Outcome>}
 */
export async function relay(parts, { thorough = false } = {}) {
  for (const parcel of await parts.carried.all()) {
    if (!parcel.waits && !thorough) continue;
    const reply = await answered(parts, uploadFrom(parcel));
    // One parcel that is not taken stays, and keeps no other from going. It is never cut: without its end it has no proof.
    if (reply.halve) continue;
    if (!reply.answer && reply.failed.why === 'refused') continue;
    if (!reply.answer) return reply.failed;
    await parts.carried.applyAnswer(parcel.id, reply.answer.results);
  }
  return { ok: true };
}

/** @param {Carried} parcel */
function uploadFrom({ device, incarnation, items, seal, damagedReplies }) {
  const sent = items.map((item) =>
    (damagedReplies[item.hash] ?? 0) >= DAMAGED_AFTER ? { ...item, damaged: /** @type {const} */ (true) } : item,
  );
  // Also where this phone's own name stands on it: somebody else may have written that.
  return { device, incarnation, items: sent, carried: true, ...(seal ? { seal } : {}) };
}
