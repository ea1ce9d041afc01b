/**
 * Has the browser begin a new log, so that nothing new is written behind a torn end of the old one.
 *
 * Chromium keeps IndexedDB in a log (LevelDB). Where the power went in the middle of a write, the log may end in a torn
 * record. The next start passes over it and, to save time, goes on writing behind it; the start after that reads the
 * torn record and what follows as one, calls the log corrupt and throws the whole database away, whatever was
 * confirmed meanwhile. But once some 4 MB were written, the browser moves all that it holds into a table and leaves the
 * log. So after each start that much is written, and taken back: as long keys, which it packs small where they stay,
 * and in a database of its own, so that no record waits for it.
 */

import { openDB } from 'idb';

export const BALLAST_NAME = 'labtracker-ballast';
// With all that the browser notes beside a key this is twice what is needed.
const KEYS = 150;
const LENGTH = 4000;

/** Resolves once the old log is left. A browser of another make has no such log, and nothing is done. */
export async function beginFreshLog() {
  if (!('userAgentData' in navigator)) return;
  const database = await openDB(BALLAST_NAME, 1, { upgrade: (fresh) => void fresh.createObjectStore('ballast') });
  const change = async (/** @type {(store: any) => Promise<unknown>[]} */ changes) => {
    const { store, done } = database.transaction('ballast', 'readwrite', { durability: 'strict' });
    await Promise.all([...changes(store), done]);
  };
  try {
    const keys = Array.from({ length: KEYS }, (_none, number) => `${number}`.padStart(LENGTH));
    await change((store) => keys.map((key) => store.put(0, key)));
    await change((store) => [store.clear()]);
    // The browser tidies up after itself a little later. A last small write takes that to the disk, too: four
    // megabytes half on their way would be a torn log themselves.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await change((store) => [store.put(0, '')]);
  } finally {
    database.close();
  }
}
