/** Holds what the screens show, keeps it true to the phone's memory, and draws it. */

import { render } from '../lib/dom.js';
import { _, speak } from '../lib/gettext.js';
import { delayed, idle } from '../lib/timing.js';
import { createIntents } from './intents.js';
import { LATER, screensWith, siteChecksOn } from './later.js';
import { createAwake } from './scanner/awake.js';
import { camerasHere, createCamera } from './scanner/camera.js';
import { createRepeats } from './scanner/repeats.js';
import { locksAfter } from './domain/pin.js';
import { listenToReader } from './scanner/wedge.js';
import { askToKeep, freeBytes } from './space.js';
import { page } from './ui/shell.js';
import { openness } from './ui/state.js';

/**
 * @typedef {import('./ui/state.js').State} State
 * @typedef {import('./ui/state.js').Screen} Screen
 *
 * @typedef {object} DeskParts
 * @property {import('./store/index.js').Store} store
 * @property {import('./store/carried.js').CarriedStore} carried
 * @property {import('./api.js').Api} api
 * @property {import('./sync/clock.js').Clock} clock
 * @property {import('./actions.js').Actions} actions
 * @property {ReturnType<typeof import('./sync/loop.js').createSync>} sync
 * @property {Element} root
 * @property {string} appVersion
 * @property {() => void} update
 *
 * @typedef {object} Desk what the intents may do with the screen
 * @property {() => State} state
 * @property {(changes: Partial<State>) => void} show
 * @property {(changes: Partial<State['scan']>) => void} showScan
 * @property {() => Promise<void>} refresh
 * @property {(text: string) => void} say a short word that goes by itself
 * @property {(text: string) => void} warn a word that stays longer: something did not happen
 * @property {(language: string|null) => Promise<void>} speakLanguage
 * @property {(hear: ((text: string) => void)|null) => void} listen who else than the scan screen wants what the camera reads
 * @property {() => Promise<import('./site_checks/index.js').SiteChecks|null>} siteChecks null where that part cannot be had
 * @property {ReturnType<typeof createCamera>} camera
 * @property {ReturnType<typeof createAwake>} awake
 * @property {ReturnType<typeof createRepeats>} repeats
 */

const SCREENS = new Set(['today', 'scan', 'crew', 'session', 'unsent', 'settings', 'pair', ...LATER]);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOAST_MS = 3_500;
const WARNING_MS = 12_000;

/** @returns {State} */
function blank() {
  return {
    screen: 'today',
    pairingCode: '',
    now: Date.now(),
    online: navigator.onLine,
    device: null,
    trainers: [],
    settings: { language: null, theme: 'system', sound: true, trainer: null, card: null, cardChosenAt: null, camera: null, kiosk: false },
    cameras: [],
    freeBytes: null,
    paper: null,
    lock: null,
    locked: false,
    pack: { sessions: [], cohorts: [], enrollments: [], revoked: [] },
    packState: null,
    server: null,
    facts: [],
    unsent: new Set(),
    counts: { waiting: 0, kept: 0, carried: 0 },
    parcels: [],
    checks: { waiting: 0, refused: 0, any: false },
    sync: { running: false, lastOkAt: null, problem: null },
    scan: { direction: 'in', shown: null, asking: null, recent: [], camera: 'off', torch: null },
    dialog: null,
    search: '',
    finding: false,
    pairing: { busy: false, problem: null },
    toast: null,
    version: document.documentElement.dataset.version ?? '',
    updateReady: false,
    offlineReady: false,
    later: {},
  };
}

/** @param {DeskParts} parts */
export function createDesk(parts) {
  const { store, carried, sync, actions, root } = parts;
  let state = blank();
  let drawing = false;

  const draw = () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      render(root, page(state, intents));
    });
  };
  /** @param {Partial<State>} changes */
  const show = (changes) => {
    state = { ...state, ...changes };
    draw();
  };
  /** @param {Partial<State['scan']>} changes */
  const showScan = (changes) => show({ scan: { ...state.scan, ...changes } });
  const endToast = delayed(() => show({ toast: null }));

  const refresh = async () => {
    const [now, device, trainers, settings, pack, packState, server, facts, rows, parcels, lock] = await Promise.all([
      actions.now(),
      store.device(), store.trainers(), store.settings(), store.pack(), store.packState(), store.serverState(),
      store.journal(), store.rows(), carried.all(), store.lock(),
    ]);
    const waiting = rows.filter((row) => row.state === 'waiting');
    const unsent = new Set(waiting.map((row) => row.hash));
    const carriedWaiting = new Set(parcels.filter((one) => one.waits).flatMap(({ items }) => items.map((item) => item.hash))).size;
    const counts = { waiting: waiting.length, kept: rows.length - waiting.length, carried: carriedWaiting };
    show({ device, trainers, settings, lock, pack, packState, server, facts, parcels, unsent, counts, now });
    applyTheme(settings.theme);
    follow();
  };

  /** @type {((text: string) => void)|null} */
  let hear = null;

  /** @type {Desk} */
  const desk = {
    state: () => state,
    show,
    showScan,
    refresh,
    say(text) {
      show({ toast: { text, warns: false } });
      endToast.in(TOAST_MS);
    },
    warn(text) {
      show({ toast: { text, warns: true } });
      endToast.in(WARNING_MS);
    },
    async speakLanguage(language) {
      await speakCatalog(language ?? document.documentElement.lang);
      draw();
    },
    listen(another) {
      hear = another;
    },
    siteChecks: () => siteChecksOn(parts, desk),
    camera: createCamera({
      onText: (text) => (hear ? hear(text) : intents.scanned(text, 'scan')),
      onState: (camera, torch) => showScan({ camera, torch }),
      chosen: () => state.settings.camera,
      onCameras: (cameras) => show({ cameras }),
    }),
    awake: createAwake(),
    repeats: createRepeats(() => performance.now()),
  };
  const intents = createIntents(parts, desk);

  const follow = () => {
    const { kiosk, nameless } = openness(state);
    const { screen: asked, pairingCode } = placeIn(location.hash);
    const screen = kiosk || nameless ? 'scan' : asked;
    if (screen === state.screen && !pairingCode) return;
    // Whoever leaves a sheet of paper is done with it: the next badge counts now, not at a time written yesterday.
    if (screen !== 'scan') show({ paper: null });
    show({ screen, dialog: null, search: '', finding: state.finding && screen === 'crew', ...(pairingCode ? { pairingCode } : {}) });
    window.scrollTo(0, 0);
    if (pairingCode) history.replaceState(null, '', '/checkin#/pair');
    if (LATER.includes(screen) && !state.later[screen]) void fetchScreen(screen);
  };
  /** @param {Screen} screen */
  const fetchScreen = async (screen) => {
    const screens = await screensWith(screen, parts, desk);
    if (screens) show({ later: { ...state.later, ...screens } });
    else desk.warn(_('This part is not on the phone yet. It comes with the next signal; try again then.'));
  };

  /** Records went first. */
  const checksSynced = async () => (await desk.siteChecks())?.synced();
  /** What the phone itself offers: its cameras, room for what is recorded, a promise to keep it. */
  const lookAround = async () => {
    show({ cameras: await camerasHere(), freeBytes: await freeBytes() });
    if (await askToKeep(store)) await refresh();
  };
  let leftAt = Date.now();
  const lockWhenBack = () => {
    if (document.hidden) leftAt = Date.now();
    else if (state.lock && locksAfter(state.lock, Date.now() - leftAt)) show({ locked: true, dialog: null });
  };

  return {
    async start() {
      await store.tidy(await actions.now());
      await refresh();
      show({ locked: state.lock !== null });
      await desk.speakLanguage(state.settings.language);
      follow();
      window.addEventListener('hashchange', follow);
      document.addEventListener('visibilitychange', lockWhenBack);
      window.addEventListener('online', () => show({ online: true }));
      window.addEventListener('offline', () => show({ online: false }));
      listenToReader((text) => void intents.scanned(text, 'reader'));
      setInterval(async () => show({ now: await actions.now() }), MINUTE_MS / 4);
      void lookAround();
      setInterval(() => void lookAround(), HOUR_MS);
      if (!state.device) return;
      void sync.now();
      void idle().then(desk.siteChecks);
    },
    /** @param {import('./sync/loop.js').SyncState} changed */
    async synced(changed) {
      show({ sync: changed });
      if (changed.running) return;
      await refresh();
      if (changed.lastOkAt !== null && !changed.problem) void idle().then(checksSynced).catch(console.error);
    },
    shellReady: () => show({ offlineReady: true }),
    updateReady: () => show({ updateReady: true }),
  };
}

/**
 * @param {string} hash of the address
 * @returns {{screen: Screen, pairingCode: string}}
 */
function placeIn(hash) {
  const code = /^#pair=([\w-]+)$/.exec(hash)?.[1] ?? '';
  const [name] = hash.replace(/^#\/?/, '').split('/');
  if (code || name === 'pair') return { screen: 'settings', pairingCode: code };
  return { screen: /** @type {Screen} */ (SCREENS.has(name) ? name : 'today'), pairingCode: '' };
}

/** @param {'system'|'light'|'dark'} theme */
function applyTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/**
 * Lets all that is said from now on be said in a language.
 * @param {string} language
 * @returns {Promise<void>}
 */
export async function speakCatalog(language) {
  speak(language, await catalog(language));
  document.documentElement.lang = language;
}

/**
 * The words of a language, from the server or from what the service worker kept.
 * @param {string} language
 * @returns {Promise<import('../lib/gettext.js').Catalog>}
 */
async function catalog(language) {
  if (language === 'en') return {};
  try {
    const response = await fetch(`/checkin/messages/${language}.json`);
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}
