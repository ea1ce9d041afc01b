/** Everything that this phone still holds, as the uploads that it would be: to be saved, mailed, or read in elsewhere. */

import { uploadOf } from './sync/batches.js';

/**
 * One upload for each chain of records, all in one file.
 * @param {import('./store/index.js').Store} store
 * @returns {Promise<{labtracker_bundle: 1, uploads: object[]}>}
 */
export async function bundleOf(store) {
  const { device } = await store.chainEnd();
  const rows = await store.rows();
  const uploads = [];
  for (const incarnation of new Set(rows.map((row) => row.incarnation))) {
    const batch = rows.filter((row) => row.incarnation === incarnation);
    uploads.push(await uploadOf({ device, incarnation, batch, lost: [], sign: store.sign }));
  }
  return { labtracker_bundle: 1, uploads };
}
