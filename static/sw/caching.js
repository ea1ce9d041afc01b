/**
 * Keeps the client's own files for offline, all of one version. The server puts `RELEASE` before this text: the
 * version, and each file with its hash. No data and no upload ever pass through here.
 */

/**
 * @typedef {{url: string, hash: string|null, later: boolean}} ReleasedFile a null hash: a page, which must name the
 *   version; `later`: seldom wanted, and not waited for on the first visit
 */
/** @typedef {{version: string, files: ReleasedFile[]}} Release */

/** @type {Release} */
const release = /** @type {any} */ (self).RELEASE;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PREFIX = 'labtracker-client-';
const CACHE = PREFIX + release.version;
const LIST = '/checkin/release.json';
const SHELL = '/checkin';
/** As many as a browser sends to one server at a time over the older HTTP. */
const AT_ONCE = 6;
/** A start goes before a look at what is kept. */
const CHECK_AFTER_MS = 10_000;
const FILES = new Set(release.files.map((file) => file.url));

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const answer = fromHere(event.request);
  if (!answer) return;
  event.respondWith(answer);
  // Here, since a page whose script is damaged cannot ask for it.
  if (event.request.mode === 'navigate') event.waitUntil(checkLater());
});
worker.addEventListener('message', (event) => {
  if (event.data?.type === 'take over') event.waitUntil(worker.skipWaiting());
  if (event.data?.type === 'keep all') {
    event.waitUntil(keepAll().then((whole) => event.source?.postMessage({ type: 'kept', whole })));
  }
});
worker.addEventListener('sync', (/** @type {any} */ event) => event.waitUntil(wakeWindows()));

/**
 * All files or none: with one missing or wrong, the version before stays in charge. Where there is none before, the
 * phone is ready to scan without what it seldom wants; the page asks for that a little later.
 */
async function install() {
  const cache = await caches.open(CACHE);
  try {
    const before = await releaseBefore();
    const waiting = release.files.filter((file) => before.size > 0 || !file.later);
    const fetchSome = async () => {
      for (let file = waiting.shift(); file; file = waiting.shift()) await cache.put(file.url, await fetched(file, before));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
    await cache.put(LIST, new Response(JSON.stringify(release)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** @type {Promise<boolean>|null} */
let checking = null;

/**
 * Fetches what the first visit did not wait for, and what is gone or no longer what it was, as after a power cut. What
 * cannot be had stays as it is until it is asked for again: a server of another version changes nothing.
 * @returns {Promise<boolean>} whether every file of this version is here
 */
function keepAll() {
  checking ??= keepEach().finally(() => {
    checking = null;
  });
  return checking;
}

/** @returns {Promise<boolean>} */
async function keepEach() {
  const cache = await caches.open(CACHE);
  let whole = true;
  for (const file of release.files) {
    if (await isOfThisVersion(await keptIn(cache, file.url), file.hash)) continue;
    try {
      await cache.put(file.url, await fetched(file, new Map()));
    } catch {
      whole = false;
    }
  }
  if ((await listIn(cache))?.version !== release.version) await cache.put(LIST, new Response(JSON.stringify(release)));
  return whole;
}

let checkedLater = false;

/** Once for each start of this worker. */
async function checkLater() {
  if (checkedLater) return;
  checkedLater = true;
  await new Promise((resolve) => setTimeout(resolve, CHECK_AFTER_MS));
  await keepAll();
}

/**
 * What is kept of an address; nothing where it cannot be read.
 * @param {Cache} cache
 * @param {string} url
 * @returns {Promise<Response|undefined>}
 */
function keptIn(cache, url) {
  return cache.match(url, { ignoreVary: true }).catch(() => undefined);
}

/**
 * @param {Cache} cache
 * @returns {Promise<Release|undefined>}
 */
async function listIn(cache) {
  return (await keptIn(cache, LIST))?.json().catch(() => undefined);
}

/**
 * The files that another version kept already, by address and hash.
 * @returns {Promise<Map<string, Response>>}
 */
async function releaseBefore() {
  /** @type {Map<string, Response>} */
  const kept = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const cache = await caches.open(name);
    const list = await listIn(cache);
    for (const { url, hash } of list?.files ?? []) {
      const response = hash && (await keptIn(cache, url));
      if (response) kept.set(`${url} ${hash}`, response);
    }
  }
  return kept;
}

/**
 * @param {ReleasedFile} file
 * @param {Map<string, Response>} before
 * @returns {Promise<Response>}
 */
async function fetched({ url, hash }, before) {
  const kept = before.get(`${url} ${hash}`);
  if (kept && (await isOfThisVersion(kept, hash))) return kept;
  // The page has just loaded most of them: what the browser holds of this version need not come a second time.
  const held = await fetch(url, { cache: 'force-cache', redirect: 'error' });
  if (await isOfThisVersion(held, hash)) return held;
  const response = await fetch(url, { cache: 'reload', redirect: 'error' });
  if (await isOfThisVersion(response, hash)) return response;
  throw new Error(`${url} is not of this version: ${response.status}`);
}

/**
 * @param {Response|undefined} response
 * @param {string|null} hash
 * @returns {Promise<boolean>} whether it is whole, too
 */
async function isOfThisVersion(response, hash) {
  const bytes = response?.ok ? await response.clone().arrayBuffer().catch(() => null) : null;
  if (!bytes) return false;
  return hash === null ? new TextDecoder().decode(bytes).includes(release.version) : hash === (await sha256(bytes));
}

/**
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>}
 */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Other versions go only now, when no window uses them any more. */
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

/**
 * The kept answer for a file of this version; nothing for all else, which goes its usual way.
 * @param {Request} request
 * @returns {Promise<Response>|null}
 */
function fromHere(request) {
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return null;
  if (request.mode === 'navigate') return pathname === SHELL ? keptOr(SHELL, request) : null;
  return !search && FILES.has(pathname) ? keptOr(pathname, request) : null;
}

/**
 * @param {string} url
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function keptOr(url, request) {
  const kept = await keptIn(await caches.open(CACHE), url);
  // All else hangs on the page, which is small: that one is looked through each time.
  return kept && (url !== SHELL || (await isOfThisVersion(kept, null))) ? kept : fetch(request);
}

/** The signal is back: windows that are open are told. They send; nothing is sent from here. */
async function wakeWindows() {
  for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage({ type: 'sync' });
}
