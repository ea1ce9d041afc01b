/** A phone for tests: the real store on an IndexedDB in memory, real clocks that no two readings find alike, a real key. */

import 'fake-indexeddb/auto';

import { createActions } from '../../static/js/checkin/actions.js';
import { createCarried, openCarried } from '../../static/js/checkin/store/carried.js';
import { openDatabase } from '../../static/js/checkin/store/database.js';
import { createStore } from '../../static/js/checkin/store/index.js';
import { createClock } from '../../static/js/checkin/sync/clock.js';

let phones = 0;

/**
 * A test taps faster than any thumb: whoever comes and goes in one millisecond has no order.
 * @param {() => number} source
 */
function ticking(source) {
  let last = -Infinity;
  return () => (last = Math.max(last + 1, source()));
}

/** @typedef {Awaited<ReturnType<typeof pairedPhone>>} Phone */

/** The trainer of all these phones. */
export const TRAINER = '01900000-0000-7000-8000-00000000aaaa';

/**
 * @param {import('./office.js').Office} office
 * @param {{id?: string, trainer?: string}} [who]
 */
export async function pairedPhone(office, { id = '01900000-0000-7000-8000-0000000000dd', trainer = 'Tom Baca' } = {}) {
  phones += 1;
  const name = `phone-${process.pid}-${phones}`;
  const store = createStore(await openDatabase(name));
  const clock = createClock('b00t', { wall: ticking(Date.now), mono: ticking(() => performance.now()) });
  const keys = await store.keys();
  await store.keepPairing({
    device: {
      id,
      token: 'secret',
      name: 'Phone',
      badgeHosts: ['127.0.0.1:8000'],
      persisted: true,
      revoked: false,
    },
    trainer: { id: TRAINER, name: trainer },
  });
  const carried = createCarried(await openCarried(`${name}-carried`));
  return { name, store, carried, clock, keys, sign: store.sign, api: office, actions: createActions({ store, clock }) };
}

/**
 * @param {Phone} phone
 * @param {number} count
 */
export async function walkIns(phone, count) {
  for (let index = 0; index < count; index += 1) {
    await phone.actions.walkedIn({ name: `Guest ${index}`, employer: 'Mill', session: null, card: null, by: TRAINER });
  }
}
