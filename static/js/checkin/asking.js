/** Asks whoever came in for initials. The check-in is on the disk before, and nothing waits for the answer. */

import { _ } from '../lib/gettext.js';
import { delayed } from '../lib/timing.js';
import { tidied } from './domain/initials.js';
import { openness } from './ui/state.js';

/**
 * @typedef {import('./desk.js').Desk} Desk
 * @typedef {import('./ui/state.js').Question} Question
 */

/** At the kiosk nobody is there to skip it for whoever walked on. */
const KIOSK_MS = 30_000;

/**
 * @param {Pick<import('./desk.js').DeskParts, 'actions'>} parts
 * @param {Desk} desk
 * @param {{moment: () => import('./actions.js').Moment, recorded: () => Promise<void>}} how
 */
export function createAsking({ actions }, desk, { moment, recorded }) {
  const walkedOn = delayed(() => finish(desk.state().scan.asking));

  /**
   * Writes down what was answered: letters, or that there were none.
   * @param {Question|null} question
   */
  const finish = (question) => {
    walkedOn.cancel();
    if (!question) return;
    if (desk.state().scan.asking === question) desk.showScan({ asking: null });
    const { fact, session } = question.shown;
    if (fact) void keep(actions.initialed({ fact, session, letters: tidied(question.typed), ...moment() }));
  };
  /** @param {Promise<any>} work */
  const keep = async (work) => {
    try {
      await work;
      await recorded();
    } catch (error) {
      console.error(error);
      desk.warn(_('The check-in is recorded. The initials are not: this phone could not save them.'));
    }
  };
  const patiently = () => {
    if (desk.state().settings.kiosk) walkedOn.in(KIOSK_MS);
  };

  return {
    /**
     * Somebody else stands there now: whoever was asked before has answered, or has not.
     * @param {import('./actions.js').Shown} shown
     */
    next(shown) {
      if (!shown.fact) return;
      finish(desk.state().scan.asking);
      // Who holds a phone that hides names is shown none by a question either.
      if (!shown.asks || openness(desk.state()).nameless) return;
      desk.showScan({ shown: null, asking: { shown, typed: '', wrong: false } });
      patiently();
    },
    /** @param {import('./domain/types.js').Fact} fact that was undone: its question is over, and unanswered */
    forget(fact) {
      if (desk.state().scan.asking?.shown.fact?.id !== fact.id) return;
      walkedOn.cancel();
      desk.showScan({ asking: null });
    },
    intents: {
      /** @param {string} typed */
      initialsTyped(typed) {
        const { asking } = desk.state().scan;
        if (!asking) return;
        desk.showScan({ asking: { ...asking, typed, wrong: false } });
        patiently();
      },
      initialsDone() {
        const { asking } = desk.state().scan;
        if (!asking) return;
        if (tidied(asking.typed)) finish(asking);
        else desk.showScan({ asking: { ...asking, wrong: true } });
      },
      initialsSkipped() {
        const { asking } = desk.state().scan;
        finish(asking && { ...asking, typed: '' });
        desk.showScan({ asking: null });
      },
    },
  };
}
