/**
 * Screens that are seldom wanted. Each comes when it is first opened; the service worker keeps them for offline once
 * the phone is ready to scan.
 */

/**
 * @typedef {import('./ui/state.js').State} State
 * @typedef {import('./ui/state.js').Intents} Intents
 * @typedef {(state: State, intents: Intents) => any} Draw
 *
 * @typedef {{createScreens: (parts: import('./desk.js').DeskParts, desk: import('./desk.js').Desk) => {[screen: string]: Draw}}} Module
 */

const handOver = () => import('./hand_over/screens.js');

/** @type {{[screen: string]: () => Promise<Module>}} */
const MODULES = { 'show-codes': handOver, 'read-codes': handOver };

export const LATER = Object.keys(MODULES);

/**
 * The screens of the module that has this one; null where it is neither here nor to be had now.
 * @param {string} screen
 * @param {import('./desk.js').DeskParts} parts
 * @param {import('./desk.js').Desk} desk
 * @returns {Promise<{[screen: string]: Draw}|null>}
 */
export async function screensWith(screen, parts, desk) {
  try {
    return (await MODULES[screen]()).createScreens(parts, desk);
  } catch (error) {
    console.error(error);
    return null;
  }
}
