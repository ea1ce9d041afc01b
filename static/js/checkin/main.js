/** Puts the parts of the client together. */

import { createActions } from './actions.js';
import { createApi } from './api.js';
import { randomHex } from './domain/bytes.js';
import { openDatabase } from './store/database.js';
import { createStore } from './store/index.js';
import { createClock } from './sync/clock.js';
import { createSync } from './sync/loop.js';
import { createDesk } from './desk.js';
import { keepShellFresh } from './shell_version.js';

const store = createStore(await openDatabase());
const clock = createClock(randomHex(8));
const api = createApi({ token: async () => (await store.device())?.token ?? null });
const actions = createActions({ store, clock });

const sync = createSync({
  store,
  api,
  clock,
  sign: async (bytes) => {
    const { privateKey } = await store.keys();
    const signed = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Uint8Array.from(bytes));
    return new Uint8Array(signed);
  },
  alone: (work) =>
    navigator.locks.request('labtracker-sync', { ifAvailable: true }, (lock) => (lock ? work() : Promise.resolve(null))),
  onChange: (state) => void desk.synced(state),
});

const desk = createDesk({
  store,
  api,
  clock,
  actions,
  sync,
  root: /** @type {Element} */ (document.getElementById('client')),
  appVersion: document.documentElement.dataset.version ?? '',
  update: () => shell.update(),
});

const shell = keepShellFresh({
  onReady: () => desk.shellReady(),
  onUpdate: () => desk.updateReady(),
  onSyncAsked: () => void sync.now(),
});

await desk.start();
window.addEventListener('online', () => void sync.now());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void sync.now();
});
