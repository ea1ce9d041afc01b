/** What the trainer asks of the phone itself: to be paired, to send, to save, to look and speak otherwise. */

import { _ } from '../lib/gettext.js';
import { bundleOf } from './bundle.js';
import { pairPhone } from './sync/pairing.js';

/**
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {import('./desk.js').DeskParts} DeskParts
 * @typedef {import('./ui/state.js').Intents} Intents
 */

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Pick<Intents, 'pair'|'sendNow'|'saveFile'|'settings'|'removeTrainer'|'update'>}
 */
export function createKeeping(parts, desk) {
  const { store, sync } = parts;
  return {
    async pair({ code, name }) {
      desk.show({ pairing: { busy: true, problem: null } });
      const persist = async () => (await navigator.storage?.persist?.()) ?? false;
      const paired = await pairPhone({ ...parts, persist }, { code, name });
      desk.show({ pairing: { busy: false, problem: paired.ok ? null : problemOf(paired) } });
      if (!paired.ok) return;
      desk.show({ pairingCode: '' });
      await desk.refresh();
      desk.say(_('Paired'));
      location.hash = '#/today';
      void sync.now();
    },
    sendNow: () => void sync.now(),
    async saveFile() {
      const bundle = await bundleOf(store);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(bundle)], { type: 'application/json' }));
      link.download = `labtracker-${new Date().toISOString().slice(0, 16).replace(':', '')}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    async settings(changes) {
      await store.changeSettings(changes);
      await desk.refresh();
      if (changes.language) await desk.speakLanguage(changes.language);
    },
    async removeTrainer(id) {
      const done = await store.removeTrainer(id);
      await desk.refresh();
      if (done) desk.say(_('Signed out'));
      else desk.warn(_('Not signed out: records here have not safely reached the office yet.'));
    },
    update: parts.update,
  };
}

/**
 * @param {{network: boolean, message: string|null}} failure
 * @returns {string}
 */
function problemOf({ network, message }) {
  if (network) return _('The office cannot be reached. Pairing needs signal, once.');
  return message ?? _('That did not work. Ask for a new code and try again.');
}
