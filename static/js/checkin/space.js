/** Room on this phone for what is recorded, and the browser's promise to keep it. */

/** Far more than a season of records; below it a phone may refuse to write at any moment. */
export const LITTLE_BYTES = 20_000_000;

/**
 * How many bytes this page may still write; null where the browser does not tell.
 * @param {Pick<StorageManager, 'estimate'>|undefined} [storage]
 * @returns {Promise<number|null>}
 */
export async function freeBytes(storage = navigator.storage) {
  const told = await storage?.estimate?.().catch(() => null);
  return told?.quota === undefined ? null : Math.max(0, told.quota - (told.usage ?? 0));
}

/**
 * Asks the browser for its promise never to clear what is kept here.
 * @param {Pick<StorageManager, 'persist'>|undefined} [storage]
 * @returns {Promise<boolean>}
 */
export async function promiseToKeep(storage = navigator.storage) {
  return (await storage?.persist?.().catch(() => false)) ?? false;
}

/**
 * Asks for the promise again where it was refused: a browser gives it to pages that it has come to know.
 * @param {Pick<import('./store/index.js').Store, 'device'|'changeDevice'>} store
 * @param {Pick<StorageManager, 'persist'>|undefined} [storage]
 * @returns {Promise<boolean>} whether it was given just now
 */
export async function askToKeep(store, storage = navigator.storage) {
  const device = await store.device();
  if (!device || device.persisted) return false;
  const promised = await promiseToKeep(storage);
  if (promised) await store.changeDevice({ persisted: true });
  return promised;
}
