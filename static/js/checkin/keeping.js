/** What the trainer asks of the phone itself: to be paired, to send, to save, to look and speak otherwise. */

import { _, ngettext } from '../lib/gettext.js';
import { areTrue, bundleOf, parcelsIn } from './bundle.js';
import { askToKeep, promiseToKeep } from './space.js';
import { pairPhone } from './sync/pairing.js';

/**
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {import('./desk.js').DeskParts} DeskParts
 * @typedef {import('./ui/state.js').Intents} Intents
 */

/**
 * @param {DeskParts} parts
 * @param {Desk} desk
 * @returns {Pick<Intents, 'pair'|'askToKeep'|'sendNow'|'saveFile'|'shareFile'|'takeFile'|'settings'|'removeTrainer'|'update'>}
 */
export function createKeeping(parts, desk) {
  const { store, carried, sync } = parts;
  const written = async () => JSON.stringify(await bundleOf(store, carried));
  return {
    async pair({ code, name }) {
      desk.show({ pairing: { busy: true, problem: null } });
      const paired = await pairPhone({ ...parts, persist: promiseToKeep }, { code, name });
      desk.show({ pairing: { busy: false, problem: paired.ok ? null : problemOf(paired) } });
      if (!paired.ok) return;
      await store.forgetTries();
      desk.show({ pairingCode: '', locked: false });
      await desk.refresh();
      desk.say(_('Paired'));
      location.hash = '#/today';
      void sync.now();
    },
    async askToKeep() {
      if (!(await askToKeep(store))) desk.warn(_('The browser still does not promise it. Install the page on the home screen, then ask again.'));
      await desk.refresh();
    },
    async sendNow() {
      await sync.atOnce();
      await (await desk.siteChecks())?.send({ again: true });
    },
    async saveFile() {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([await written()], { type: 'application/json' }));
      link.download = `${fileName()}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    async shareFile() {
      // Browsers share text, and no JSON.
      const file = new File([await written()], `${fileName()}.txt`, { type: 'text/plain' });
      try {
        await navigator.share({ files: [file], title: file.name });
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'AbortError')) {
          desk.warn(_('It could not be shared. Nothing is lost: save a file instead.'));
        }
      }
    },
    async takeFile(file) {
      await takeOver(parts, desk, parcelsIn(await file.text()));
    },
    async settings(changes) {
      await store.changeSettings(changes);
      await desk.refresh();
      if (changes.language) await desk.speakLanguage(changes.language);
    },
    async removeTrainer(id) {
      const checks = await desk.siteChecks();
      const done = checks && !checks.holds(id) && !desk.state().counts.carried && (await store.removeTrainer(id));
      await desk.refresh();
      if (done) await checks.forget(id, desk.state().device === null);
      if (done) desk.say(_('Signed out'));
      else desk.warn(_('Not signed out: records here have not safely reached the office yet.'));
    },
    update: parts.update,
  };
}

/** @returns {string} */
function fileName() {
  return `labtracker-${new Date().toISOString().slice(0, 16).replace(':', '')}`;
}

/**
 * Takes over what another phone gave: on the disk first, then the screen's yes, then to the office.
 * @param {Pick<DeskParts, 'carried'|'sync'>} parts
 * @param {Pick<Desk, 'say'|'warn'|'refresh'>} desk
 * @param {import('./store/carried.js').Parcel[]|null} parcels
 * @returns {Promise<boolean>} whether it was taken
 */
export async function takeOver({ carried, sync }, desk, parcels) {
  if (!parcels?.length || !(await areTrue(parcels))) {
    desk.warn(parcels?.length === 0 ? _('There are no records in it.') : _('That is no file of this program, or not a whole one. Nothing was taken over; ask for it again.'));
    return false;
  }
  try {
    await carried.take(parcels);
  } catch (error) {
    console.error(error);
    desk.warn(_('NOT taken over: this phone could not save it. The other phone still has everything.'));
    return false;
  }
  const count = parcels.reduce((sum, { items }) => sum + items.length, 0);
  await desk.refresh();
  desk.say(ngettext('{n} record is on this phone too', '{n} records are on this phone too', count));
  sync.soon();
  return true;
}

/**
 * @param {{network: boolean, message: string|null}} failure
 * @returns {string}
 */
function problemOf({ network, message }) {
  if (network) return _('The office cannot be reached. Pairing needs signal, once.');
  return message ?? _('That did not work. Ask for a new code and try again.');
}
