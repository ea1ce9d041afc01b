/**
 * Checks of sites: what is asked of the places where a trainer goes next, filled in with or without signal. It comes
 * after check-in in everything: it is loaded when the phone has nothing else to do, and sends when records are sent.
 */

import { _ } from '../../lib/gettext.js';
import { delayed } from '../../lib/timing.js';
import { uuid7 } from '../domain/ids.js';
import { draftFor, faultsOf, newDraft, waits } from './drafts.js';
import { formScreen } from './form.js';
import { listScreen } from './list.js';
import { createChecks, openChecks } from './store.js';
import { fetchLists, sendDrafts } from './sync.js';
import { createTyping } from './typing.js';

/**
 * @typedef {import('../desk.js').Desk} Desk
 * @typedef {import('../desk.js').DeskParts} DeskParts
 * @typedef {import('./store.js').Lists} Lists
 * @typedef {import('./store.js').Visit} Visit
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Changes} Changes
 *
 * @typedef {object} Shown what the screens draw
 * @property {Lists|null} lists
 * @property {Draft[]} drafts as they are typed
 * @property {boolean} keeping what was typed last is on its way to the disk
 * @property {boolean} unkept the disk did not take what was typed last
 *
 * @typedef {Awaited<ReturnType<typeof createSiteChecks>>} SiteChecks
 */

/** After the last letter; whoever still types is not sent in halves. */
const SEND_AFTER_MS = 4_000;
const STALE_MS = 30 * 60 * 1000;
/** Whoever opens the list wants to see what the office changed just now. */
const STALE_WHEN_LOOKED_AT_MS = 60 * 1000;

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 */
export async function createSiteChecks({ api, actions }, desk) {
  const checks = createChecks(await openChecks());
  const parts = { checks, api, now: actions.now };
  /** @type {Shown} */
  let shown = { lists: null, drafts: [], keeping: false, unkept: false };

  /** @param {Partial<Shown>} changes */
  const show = (changes) => {
    shown = { ...shown, ...changes };
    const { lists, drafts } = shown;
    const waiting = drafts.filter(waits);
    const refused = waiting.filter((draft) => faultsOf(draft).length > 0);
    const any = drafts.length > 0 || Boolean(lists?.visits.length);
    desk.show({ checks: { waiting: waiting.length, refused: refused.length, any } });
  };
  const typing = createTyping(checks, actions.now, {
    shown: () => shown,
    show,
    failed: () => desk.warn(_('NOT kept: this phone could not save it. What you typed still stands here; try again, or write it down.')),
  });
  const refresh = async () => {
    const [lists, drafts] = await Promise.all([checks.lists(), checks.drafts()]);
    // What is being typed is newer than what the disk gives.
    show(typing.isIdle() ? { lists, drafts } : { lists });
  };

  const send = (/** @type {{again?: boolean}} */ how = {}) =>
    alone(async () => {
      await typing.kept();
      await sendDrafts(parts, how);
      await refresh();
    });
  const sendLater = delayed(() => void send().catch(console.error));
  const fetchIfOlder = async (/** @type {number} */ ms) => {
    const age = (await actions.now()) - (shown.lists?.fetchedAt ?? 0);
    if (Math.abs(age) > ms && desk.state().device && (await fetchLists(parts))) await refresh();
  };

  await checks.tidy(await actions.now());
  await refresh();

  const own = {
    shown: () => shown,
    redraw: () => desk.show({}),
    /** The office was just heard: the moment for what waits here. */
    async synced() {
      await send();
      if (!desk.state().device?.revoked) return fetchIfOlder(STALE_MS);
      await checks.keepLists(null);
      await refresh();
    },
    lookedAt: () => void fetchIfOlder(STALE_WHEN_LOOKED_AT_MS).catch(console.error),
    send,
    /** @param {string} id @param {Changes} changes */
    async type(id, changes) {
      await typing.type(id, changes);
      sendLater.in(SEND_AFTER_MS);
    },
    /** Begins a draft, or goes on with the one that is here. @param {Visit} visit */
    async open(visit) {
      const { trainer } = desk.state().settings;
      const lab = shown.lists?.labs.find((one) => one.id === visit.lab);
      if (!lab || !trainer) return;
      const before = draftFor(shown.drafts, visit, trainer);
      if (before) await checks.ask(before.id, lab.questions);
      const draft = before ?? newDraft({ visit, lab, trainer, now: await actions.now() });
      if (!before) await checks.begin(draft);
      await refresh();
      location.hash = `#/site-check/${draft.id}`;
    },
    /** It is complete, as far as it can be: off it goes. @param {string} id */
    async done(id) {
      await typing.kept();
      await checks.done(id);
      await refresh();
      location.hash = '#/site-checks';
      void send().catch(console.error);
    },
    /** @param {string} id */
    async renew(id) {
      await checks.renew(id, uuid7(await actions.now()));
      await refresh();
      await send();
    },
    /** @param {string} id */
    async remove(id) {
      await checks.remove(id);
      await refresh();
    },
    /** Whether something of a trainer's is on this phone alone. @param {string} trainer */
    holds: (trainer) => shown.drafts.some((draft) => draft.by === trainer && waits(draft)),
    /** A trainer leaves the phone. @param {string} trainer @param {boolean} last nobody is left */
    async forget(trainer, last) {
      for (const draft of await checks.drafts()) if (draft.by === trainer && !waits(draft)) await checks.remove(draft.id);
      if (last) await checks.keepLists(null);
      await refresh();
    },
  };
  return { ...own, screens: { 'site-checks': listScreen(own), 'site-check': formScreen(own) } };
}

/**
 * One window of this phone at a time talks to the office of its drafts. Who comes meanwhile waits, since what was
 * typed after the first began is not what that one sends.
 * @param {() => Promise<void>} work
 * @returns {Promise<void>}
 */
function alone(work) {
  return navigator.locks.request('labtracker-site-checks', work);
}

/** @type {WeakMap<Desk, Promise<SiteChecks>>} */
const made = new WeakMap();

/**
 * The one of a desk, made when it is first asked for.
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Promise<SiteChecks>}
 */
export function siteChecksOf(parts, desk) {
  const before = made.get(desk);
  if (before) return before;
  const promise = createSiteChecks(parts, desk).catch((error) => {
    made.delete(desk);
    throw error;
  });
  made.set(desk, promise);
  return promise;
}

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 */
export async function createScreens(parts, desk) {
  return (await siteChecksOf(parts, desk)).screens;
}
