/**
 * Screens that are seldom wanted. Each comes when it is first opened; the service worker keeps them for offline once
 * the phone is ready to scan.
 */

/**
 * @typedef {import('./ui/state.js').State} State
 * @typedef {import('./ui/state.js').Intents} Intents
 * @typedef {(state: State, intents: Intents) => any} Draw
 *
 * @typedef {{[screen: string]: Draw}} Screens
 * @typedef {{createScreens: (parts: import('./desk.js').DeskParts, desk: import('./desk.js').Desk) => Screens|Promise<Screens>}} Module
 */

const seldom = () => import('./seldom.js');
const handOver = async () => (await seldom()).handOver;
const siteChecks = async () => (await seldom()).siteChecks;

/** @type {{[screen: string]: () => Promise<Module>}} */
const MODULES = { 'show-codes': handOver, 'read-codes': handOver, 'site-checks': siteChecks, 'site-check': siteChecks };

export const LATER = Object.keys(MODULES);

/**
 * The screens of the module that has this one; null where it is neither here nor to be had now.
 * @param {string} screen
 * @param {import('./desk.js').DeskParts} parts
 * @param {import('./desk.js').Desk} desk
 * @returns {Promise<Screens|null>}
 */
export function screensWith(screen, parts, desk) {
  return ifHad(async () => (await MODULES[screen]()).createScreens(parts, desk));
}

/**
 * The checks of sites that are filled in on this phone; null where that part is neither here nor to be had now.
 * @param {import('./desk.js').DeskParts} parts
 * @param {import('./desk.js').Desk} desk
 * @returns {Promise<import('./site_checks/index.js').SiteChecks|null>}
 */
export function siteChecksOn(parts, desk) {
  return ifHad(async () => (await siteChecks()).siteChecksOf(parts, desk));
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T|null>}
 */
async function ifHad(work) {
  try {
    return await work();
  } catch (error) {
    console.error(error);
    return null;
  }
}
