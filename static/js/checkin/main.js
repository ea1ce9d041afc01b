/** Puts the parts of the client together. */

import { h, render } from '../lib/dom.js';
import { _ } from '../lib/gettext.js';
import { holdBackWhileTyping } from '../lib/ssn.js';
import { createActions } from './actions.js';
import { createApi } from './api.js';
import { createDesk, speakCatalog } from './desk.js';
import { randomHex } from './domain/bytes.js';
import { keepShellFresh } from './shell_version.js';
import { createCarried, openCarried } from './store/carried.js';
import { openDatabase } from './store/database.js';
import { beginFreshLog } from './store/fresh_log.js';
import { createStore } from './store/index.js';
import { createClock } from './sync/clock.js';
import { createSync } from './sync/loop.js';
import { bringIcons } from './ui/icons.js';

const root = /** @type {Element} */ (document.getElementById('client'));

/**
 * @param {import('./store/database.js').Database} database
 * @param {Awaited<ReturnType<typeof openCarried>>} parcels
 */
async function start(database, parcels) {
  const store = createStore(database);
  const carried = createCarried(parcels);
  const clock = createClock(randomHex(8));
  const api = createApi({ token: async () => (await store.device())?.token ?? null });
  const appVersion = document.documentElement.dataset.version ?? '';
  const sync = createSync({
    store,
    carried,
    api,
    clock,
    sign: store.sign,
    appVersion,
    alone: (work) =>
      navigator.locks.request('labtracker-sync', { ifAvailable: true }, (lock) =>
        lock ? work() : Promise.resolve(null),
      ),
    onChange: (state) => void desk.synced(state),
  });
  const desk = createDesk({
    store,
    carried,
    api,
    clock,
    actions: createActions({ store, clock }),
    sync,
    root,
    appVersion,
    update: () => shell.update(),
  });
  const shell = keepShellFresh({
    onReady: () => desk.shellReady(),
    onUpdate: () => desk.updateReady(),
    onSyncAsked: () => void sync.now(),
  });
  await desk.start();
  window.requestIdleCallback?.(() => void beginFreshLog().catch(console.error));
  window.addEventListener('online', () => void sync.now());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void sync.now();
  });
}

/**
 * Better no client than one that could lose what it says yes to.
 * @param {() => string} words
 */
async function refuse(words) {
  await speakCatalog(document.documentElement.lang);
  render(root, [h('p', { class: 'client__main', role: 'alert' }, words())]);
}

holdBackWhileTyping(document, () =>
  _('This looks like a Social Security number. Please take it out: we never need one, and it is not kept.'),
);
void bringIcons();
if (!window.isSecureContext) {
  await refuse(() => _('This page needs a secure address (https). Ask the office for it.'));
} else {
  const [database, parcels] = await Promise.all([openDatabase(), openCarried()]).catch(() => [null, null]);
  if (database && parcels) await start(database, parcels);
  else {
    await refuse(() =>
      _('This browser does not let the page keep anything, so nothing could be recorded safely. Leave private browsing, or use another browser.'),
    );
  }
}
