/** Fetches the roster's changes: all pages first, then everything at once with the cursor that stands for it. */

import { badgesOf } from '../domain/crew.js';
import { readPackPage } from './answers.js';
import { failure } from './push.js';

/**
 * @typedef {import('./push.js').Outcome} Outcome
 * @typedef {import('./push.js').Parts} Parts
 * @typedef {import('./answers.js').PackPage} PackPage
 * @typedef {import('../store/pack.js').Changes} Changes
 */

const MOST_PAGES = 500;

/**
 * @param {Parts} parts
 * @returns {Promise<Outcome>}
 */
export async function pull(parts) {
  const known = await parts.store.packState();
  const fetched = await fetchPages(parts, { epoch: known?.epoch ?? '', cursor: known?.cursor ?? '' });
  if (!fetched.pages) return fetched.failed;
  if (fetched.revoked) {
    await parts.store.wipePack();
    await parts.store.changeDevice({ revoked: true });
    return { ok: true };
  }
  const last = fetched.pages[fetched.pages.length - 1];
  const reset = fetched.pages[0].reset || !known || last.epoch !== known.epoch;
  await parts.store.applyPack({
    reset,
    changes: joined(fetched.pages),
    state: { epoch: last.epoch, cursor: last.cursor, fetchedAt: last.now },
  });
  const { badgeHosts, trainersGone } = last;
  await parts.store.dropTrainers(trainersGone);
  await parts.store.changeDevice({ revoked: false, ...(badgeHosts ? { badgeHosts } : {}) });
  return { ok: true };
}

/**
 * @param {Parts} parts
 * @param {{epoch: string, cursor: string}} from
 * @returns {Promise<{pages: PackPage[], revoked?: boolean} | {pages: null, failed: Outcome}>}
 */
async function fetchPages(parts, from) {
  /** @type {PackPage[]} */
  const pages = [];
  let place = from;
  while (pages.length < MOST_PAGES) {
    const asked = parts.clock.reading();
    const reply = await parts.api.pack(place);
    if (!reply.ok) return { pages: null, failed: failure(reply) };
    const page = readPackPage(reply.data);
    if (!page) return { pages: null, failed: { ok: false, why: 'not_ours' } };
    if (page.deviceRevoked) return { pages: [], revoked: true };
    if (page.epoch < from.epoch || (await parts.store.serverState())?.epoch.localeCompare(page.epoch) === 1) {
      return { pages: null, failed: { ok: false, why: 'old' } };
    }
    if (pages.length && (page.reset || page.epoch !== place.epoch)) pages.length = 0;
    pages.push(page);
    await parts.store.keepSyncReading(parts.clock.syncedAt(asked, page.now));
    if (!page.more) return { pages };
    place = { epoch: page.epoch, cursor: page.cursor };
  }
  return { pages: null, failed: { ok: false, why: 'not_ours' } };
}

/**
 * Later pages win over earlier ones, also where one brings back what another took away.
 * @param {readonly PackPage[]} pages
 * @returns {Changes}
 */
function joined(pages) {
  /** @type {{sessions: Map<string, any>, cohorts: Map<string, any>, enrollments: Map<string, any>}} */
  const rows = { sessions: new Map(), cohorts: new Map(), enrollments: new Map() };
  /** @type {Set<string>} */
  const gone = new Set();
  /** @type {Set<string>} */
  const revoked = new Set();
  for (const { changes } of pages) {
    for (const id of changes.gone) {
      gone.add(id);
      for (const kind of Object.values(rows)) kind.delete(id);
    }
    for (const kind of /** @type {const} */ (['sessions', 'cohorts', 'enrollments'])) {
      for (const row of changes[kind]) rows[kind].set(row.id, row);
    }
    // Whose badge it is again: the office brought it back.
    for (const hash of changes.enrollments.flatMap(badgesOf)) revoked.delete(hash);
    for (const hash of changes.revoked) revoked.add(hash);
  }
  return {
    sessions: [...rows.sessions.values()],
    cohorts: [...rows.cohorts.values()],
    enrollments: [...rows.enrollments.values()],
    revoked: [...revoked],
    gone: [...gone],
  };
}
