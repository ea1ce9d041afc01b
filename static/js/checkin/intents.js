/** What the screens ask for, carried out: the record first, then the screen's yes. */

import { _ } from '../lib/gettext.js';
import { delayed, drawn, idle } from '../lib/timing.js';
import { createAsking } from './asking.js';
import { feel, makeReady } from './feel.js';
import { createKeeping } from './keeping.js';
import { createLocking } from './locking.js';
import { wakeWhenOnline } from './shell_version.js';
import { factWords } from './ui/fact_words.js';
import { openCard, openness } from './ui/state.js';

/**
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {import('./desk.js').DeskParts} DeskParts
 * @typedef {import('./ui/state.js').Intents} Intents
 * @typedef {import('./ui/state.js').Session} Session
 * @typedef {import('./actions.js').Shown} Shown
 * @typedef {import('./domain/types.js').Method} Method
 */

const VERDICT_MS = 2_000;
const LOOK_MS = 6_000;
/** So long a worker at the kiosk can take it back. */
const KIOSK_MS = 5_000;
const MOST_RECENT = 3;

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Intents & {scanned: (text: string, method: Method) => Promise<void>}}
 */
export function createIntents(parts, desk) {
  const asking = createAsking(parts, desk, { moment: () => moment(desk), recorded: () => recorded(desk, parts) });
  const judge = judging(parts, desk, asking);
  return {
    ...places(desk),
    ...scanning(parts, desk, judge),
    ...recording(parts, desk, judge, asking),
    ...asking.intents,
    ...createKeeping(parts, desk),
    ...createLocking(parts, desk),
  };
}

/**
 * Shows what became of a person at the door: large for a moment, then among the last three.
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @param {ReturnType<typeof createAsking>} asking
 * @returns {(shown: Shown) => Promise<void>}
 */
function judging(parts, desk, asking) {
  const fade = delayed(() => desk.showScan({ shown: null }));
  return async (shown) => {
    const { scan, settings } = desk.state();
    const others = scan.recent.filter((one) => one.key !== shown.key);
    desk.showScan({ shown, recent: shown.fact ? [shown, ...others].slice(0, MOST_RECENT) : scan.recent });
    asking.next(shown);
    if (settings.sound) feel(shown.verdict.kind);
    if (settings.kiosk) fade.in(KIOSK_MS);
    else fade.in(['in', 'out', 'already'].includes(shown.verdict.kind) ? VERDICT_MS : LOOK_MS);
    // Whoever stands there waits for nothing else: what follows begins once the verdict is seen.
    await drawn();
    if (shown.fact) void idle().then(() => recorded(desk, parts)).catch(console.error);
  };
}

/** Where a record is made, and by whom. @param {Desk} desk */
function moment(desk) {
  const state = desk.state();
  return { card: openCard(state), by: state.settings.trainer };
}

/**
 * Which way somebody goes, and when: as the switch says, the kiosk's rule, or a sheet of paper.
 * @param {import('./ui/state.js').State} state
 * @param {Method} method
 * @returns {{direction: import('./actions.js').Way, method: Method, written: number|null}}
 */
function wayOf({ settings, scan, paper }, method) {
  if (settings.kiosk) return { direction: 'kiosk', method, written: null };
  if (paper) return { direction: paper.direction, method: 'paper', written: paper.at };
  return { direction: scan.direction, method, written: null };
}

/**
 * @param {Desk} desk
 * @param {DeskParts['store']} store
 * @param {string|null} card
 */
async function openedCard(desk, store, card) {
  await store.changeSettings({ card, cardChosenAt: desk.state().now });
  await desk.refresh();
}

/** @param {Desk} desk @param {DeskParts} parts */
async function recorded(desk, { sync }) {
  await desk.refresh();
  sync.soon();
  void wakeWhenOnline();
}

/**
 * @param {Desk} desk
 * @returns {Pick<Intents, 'open'|'search'|'find'|'direction'|'dismissVerdict'|'paper'>}
 */
function places(desk) {
  return {
    open: (dialog) => {
      if (dialog !== desk.state().dialog) desk.show({ dialog });
    },
    search: (search) => desk.show({ search }),
    find: () => {
      desk.show({ finding: true });
      location.hash = '#/crew';
    },
    direction: (direction) => {
      // A badge that is still held up is not meant to go the other way.
      desk.showScan({ direction, shown: null });
    },
    paper: (paper) => {
      desk.show({ paper, dialog: null });
      desk.showScan({ shown: null });
      location.hash = paper ? '#/scan' : '#/session';
    },
    dismissVerdict: () => {
      desk.repeats.forget();
      desk.showScan({ shown: null });
    },
  };
}

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @param {(shown: Shown) => Promise<void>} judge
 */
function scanning(parts, desk, judge) {
  const { actions, store } = parts;
  /** Camera and reader may both bring a badge: each waits until the one before stands on the screen. */
  let before = Promise.resolve();

  /** @param {string} text @param {Method} method */
  const scanned = async (text, method) => {
    const { device, screen, dialog } = desk.state();
    const heard = screen === 'scan' && !dialog;
    if (openness(desk.state()).asks) {
      desk.warn(_('Locked. Nothing was recorded: open this phone with the PIN first.'));
      return;
    }
    if (!device || (!heard && method === 'scan') || (method === 'scan' && !desk.repeats.isNew(text))) return;
    if (!heard) location.hash = '#/scan';
    try {
      await judge(await actions.scanned({ text, hosts: device.badgeHosts, ...wayOf(desk.state(), method), ...moment(desk) }));
    } catch (error) {
      desk.repeats.forget();
      notKept(desk, error);
    }
  };

  return {
    /** @param {string} text @param {Method} method */
    scanned(text, method) {
      before = before.then(() => scanned(text, method));
      return before;
    },
    /** @param {string} typed */
    async typed(typed) {
      try {
        const shown = await actions.typed({ typed, ...wayOf(desk.state(), 'code'), ...moment(desk) });
        if (shown.verdict.kind === 'refused') return false;
        await judge(shown);
      } catch (error) {
        notKept(desk, error);
      }
      return true;
    },
    /** @param {HTMLVideoElement} video */
    cameraOn: (video) => {
      desk.awake.begin();
      makeReady();
      void desk.camera.start(video);
    },
    cameraOff: () => {
      desk.awake.end();
      desk.camera.stop();
    },
    cameraAgain: () => void desk.camera.again(),
    torch: () => void desk.camera.toggleTorch().catch(() => {}),
    /** @param {import('./ui/state.js').Screen} screen @param {string} [card] */
    async go(screen, card) {
      // A disk that is full must not bar the way to the camera: without a card the badge finds its session.
      if (card) await openedCard(desk, store, card).catch(console.error);
      location.hash = `#/${screen}`;
    },
    /** @param {string|null} card */
    async chooseCard(card) {
      // A sheet of paper is one session's.
      desk.show({ dialog: null, paper: null });
      await openedCard(desk, store, card);
    },
  };
}

/**
 * The screen must never say yes to what the disk did not take.
 * @param {Desk} desk
 * @param {unknown} error
 */
function notKept(desk, error) {
  console.error(error);
  if (desk.state().settings.sound) feel('refused');
  desk.warn(_('NOT recorded: this phone could not save it. Try again, or write it down on paper.'));
}

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @param {(shown: Shown) => Promise<void>} judge
 * @param {ReturnType<typeof createAsking>} asking
 * @returns {Pick<Intents, 'undo'|'move'|'excuse'|'moveAll'|'walkIn'|'adHoc'|'turn'|'note'|'assess'|'signOff'|'consent'>}
 */
function recording(parts, desk, judge, asking) {
  const { actions, store } = parts;
  /** @param {Promise<any>} work @param {string} words @param {boolean} [stay] keep the dialog */
  const keep = async (work, words, stay = false) => {
    try {
      await work;
      desk.show(stay ? {} : { dialog: null });
      desk.say(words);
      await recorded(desk, parts);
    } catch (error) {
      notKept(desk, error);
    }
  };
  /** @param {import('./domain/types.js').EventType} type @param {Session} session @param {{who?: import('./domain/types.js').Who, more?: Partial<import('./domain/types.js').Body>}} [rest] */
  const noted = (type, session, rest = {}) => actions.noted({ type, session, ...rest, ...moment(desk) });

  return {
    undo: (fact, reason) => {
      const session = desk.state().pack.sessions.find((one) => one.id === fact.session) ?? null;
      const work = async () => {
        await actions.undone({ fact, session, reason, ...moment(desk) });
        asking.forget(fact);
        const { recent } = desk.state().scan;
        desk.showScan({ shown: null, recent: recent.filter((shown) => shown.fact?.id !== fact.id) });
      };
      const { who } = factWords(desk.state().pack, desk.state().facts, fact);
      return keep(work(), who ? _('Undone: {what}', { what: who }) : _('Undone'));
    },
    move: ({ who, name }, session, direction, reason) => {
      const words = direction === 'in' ? _('{name}: in', { name }) : _('{name}: left', { name });
      return keep(actions.moved({ who, direction, session, reason, ...moment(desk) }), words);
    },
    excuse: ({ who, name }, session, reason) =>
      keep(noted('excuse', session, { who, more: { reason } }), _('{name}: excused', { name })),
    moveAll: (members, session, direction) => {
      const whos = members.map((member) => member.who);
      return keep(actions.crewMoved({ whos, session, direction, ...moment(desk) }), _('Recorded'));
    },
    walkIn: async (guest) => {
      const { paper } = desk.state();
      const coming = actions.walkedIn({ ...guest, session: moment(desk).card, written: paper?.at, ...moment(desk) });
      if (desk.state().screen !== 'scan') return keep(coming, _('{name}: in', guest));
      try {
        const shown = await coming;
        desk.show({ dialog: null });
        await judge(shown);
      } catch (error) {
        notKept(desk, error);
      }
    },
    adHoc: async (told) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const session = await actions.adHocSession({ ...told, zone });
      await openedCard(desk, store, session.id);
      desk.show({ dialog: null });
      location.hash = '#/scan';
    },
    turn: (session, type, note, leaving) => {
      const work = async () => {
        const whos = leaving.map((member) => member.who);
        if (whos.length) await actions.crewMoved({ whos, session, direction: 'out', ...moment(desk) });
        await noted(type, session, { more: note ? { note } : {} });
      };
      return keep(work(), type === 'session_close' ? _('Session closed') : _('Session open'));
    },
    note: (session, text) => keep(noted('note', session, { more: { text } }), _('Note kept')),
    assess: ({ who }, session, score) =>
      keep(noted('assessment', session, { who, more: { score } }), _('Assessment recorded'), true),
    signOff: ({ who }, session, skill, level) =>
      keep(noted('sign_off', session, { who, more: level ? { skill, level } : { skill } }), _('Signed off'), true),
    consent: ({ who }, session, granted) =>
      keep(noted('consent', session, { who, more: { granted } }), _('Recorded'), true),
  };
}
