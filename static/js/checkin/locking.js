/** What the trainer asks of the screen's lock and of the kiosk. */

import { _ } from '../lib/gettext.js';
import { isPin, lockWith } from './domain/pin.js';
import { feel } from './feel.js';
import { openness } from './ui/state.js';

/**
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {import('./desk.js').DeskParts} DeskParts
 * @typedef {import('./ui/state.js').Intents} Intents
 */

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Pick<Intents, 'unlock'|'setPin'|'removePin'|'startKiosk'|'leaveKiosk'>}
 */
export function createLocking({ store }, desk) {
  /** @param {string} pin @returns {Promise<boolean>} */
  const tried = async (pin) => {
    const right = await store.tryPin(pin);
    if (!right && desk.state().settings.sound) feel('refused');
    await desk.refresh();
    return right;
  };
  return {
    async unlock(pin) {
      if (await tried(pin)) desk.show({ locked: false });
    },
    async setPin(pin, minutes) {
      if (!isPin(pin)) {
        desk.warn(_('A PIN has four to eight digits. The old setting stays.'));
        return;
      }
      await store.keepLock(await lockWith(pin, minutes));
      await desk.refresh();
      desk.say(_('PIN set'));
    },
    async removePin() {
      await store.keepLock(null);
      await desk.refresh();
      desk.say(_('PIN removed'));
    },
    async startKiosk() {
      await store.changeSettings({ kiosk: true });
      await desk.refresh();
      location.hash = '#/scan';
      // Where the browser can, nothing else of the phone is in reach.
      await document.documentElement.requestFullscreen?.().catch(() => {});
    },
    async leaveKiosk(pin) {
      if (!(await tried(pin))) {
        // After the last try there is nothing left to ask for here: a trainer signs in below the camera.
        if (openness(desk.state()).nameless) desk.show({ dialog: null });
        return;
      }
      await store.changeSettings({ kiosk: false });
      desk.show({ dialog: null, locked: false });
      await desk.refresh();
      location.hash = '#/today';
      if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
    },
  };
}
