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
const FILES = new Set(release.files.map((file) => file.url));

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const answer = fromHere(event.request);
  if (answer) event.respondWith(answer);
});
worker.addEventListener('message', (event) => {
  if (event.data?.type === 'take over') event.waitUntil(worker.skipWaiting());
  if (event.data?.type === 'keep the rest') event.waitUntil(keepTheRest());
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

/** What the first visit did not wait for. Without signal it is tried again at the next start. */
async function keepTheRest() {
  const cache = await caches.open(CACHE);
  for (const file of release.files) {
    if (file.later && !(await cache.match(file.url))) await cache.put(file.url, await fetched(file, new Map()));
  }
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
    const list = await (await cache.match(LIST))?.json();
    for (const { url, hash } of list?.files ?? []) {
      const response = hash && (await cache.match(url));
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
  if (kept) return kept;
  // The page has just loaded most of them: what the browser holds of this version need not come a second time.
  const held = await fetch(url, { cache: 'force-cache', redirect: 'error' });
  if (await isOfThisVersion(held, hash)) return held;
  const response = await fetch(url, { cache: 'reload', redirect: 'error' });
  if (await isOfThisVersion(response, hash)) return response;
  throw new Error(`${url} is not of this version: ${response.status}`);
}

/**
 * @param {Response} response
 * @param {string|null} hash
 * @returns {Promise<boolean>}
 */
async function isOfThisVersion(response, hash) {
  if (!response.ok) return false;
  const bytes = await response.clone().arrayBuffer();
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
  const cache = await caches.open(CACHE);
  return (await cache.match(url, { ignoreVary: true })) ?? fetch(request);
}

/** The signal is back: windows that are open are told. They send; nothing is sent from here. */
async function wakeWindows() {
  for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage({ type: 'sync' });
}
