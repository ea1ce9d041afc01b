/** A recorded fact in words. */

import { _ } from '../../lib/gettext.js';
import { enrollmentFinder } from '../domain/crew.js';
import { shortCode } from '../domain/badge.js';
import { skillName, spaced } from './parts.js';

/**
 * @typedef {import('../domain/types.js').Fact} Fact
 * @typedef {import('../domain/types.js').Body} Body
 * @typedef {import('../domain/types.js').Pack} Pack
 */

/**
 * @param {Pack} pack
 * @param {readonly Fact[]} facts
 * @param {Fact} fact
 * @returns {{who: string, what: string}}
 */
export function factWords(pack, facts, fact) {
  const { body } = fact;
  if (body.type !== 'void') return { who: personWords(pack, body), what: typeWords(pack, body) };
  const target = facts.find((one) => one.id === body.target);
  if (!target) return { who: '', what: _('Undone') };
  return { who: personWords(pack, target.body), what: _('Undone: {what}', { what: typeWords(pack, target.body) }) };
}

/**
 * @param {Pack} pack
 * @param {Body} body
 * @returns {string}
 */
function personWords(pack, body) {
  if (body.walk_in) return body.walk_in.name;
  const { enrollment: named, badge_hash: hash, badge_code: code } = body;
  const id = enrollmentFinder(pack)(named ? { enrollment: named } : { hash, code }) ?? named;
  const enrollment = pack.enrollments.find((one) => one.id === id);
  if (enrollment) return enrollment.name;
  const shown = code ?? (hash ? shortCode(hash) : '');
  return shown ? _('Badge {code}', { code: spaced(shown) }) : '';
}

/**
 * @param {Pack} pack
 * @param {Body} body
 * @returns {string}
 */
function signOffWords(pack, body) {
  const skill = pack.cohorts.flatMap((cohort) => cohort.skills).find((one) => one.id === body.skill);
  if (!skill) return _('Skill signed off');
  const name = skillName(skill);
  return body.level ? _('Signed off: {name}, level {level}', { name, level: body.level }) : _('Signed off: {name}', { name });
}

/**
 * @param {Pack} pack
 * @param {Body} body
 * @returns {string}
 */
function typeWords(pack, body) {
  /** @type {{[type: string]: string}} */
  const words = {
    check_in: _('In'),
    check_out: _('Left'),
    walk_in: _('Walk-in'),
    excuse: _('Excused'),
    session_open: _('Session opened'),
    session_close: _('Session closed'),
    session_reopen: _('Session opened again'),
    session_cancel: _('Session ended early'),
    assessment: _('Assessment {score}', { score: body.score ?? '' }),
    sign_off: signOffWords(pack, body),
    consent: body.granted ? _('Release witnessed') : _('Release taken back'),
    initials: body.text ? _('Initials {letters}', { letters: body.text }) : _('Initials not given'),
    note: _('Note: {text}', { text: body.text ?? '' }),
  };
  return words[body.type] ?? body.type;
}

/**
 * Why the office set a record aside.
 * @param {{verdict: string|null, code?: string|null}} told
 * @returns {string}
 */
export function setAsideWords({ verdict, code }) {
  if (verdict === 'conflict' || verdict === 'fork') return _('The office has another record in the same place. Both are kept; a coordinator looks at them.');
  const unknownSession = _('The office does not know the session. A coordinator finds the right one.');
  const damaged = _('It arrived damaged. The office keeps it as it is and looks at it.');
  /** @type {{[code: string]: string}} */
  const words = {
    no_such_session: unknownSession,
    no_session: unknownSession,
    device_revoked: _('This phone was revoked. A coordinator decides.'),
    unknown_schema: _('The office’s program is older than this phone’s. It is read after the next update.'),
    damaged_frame: damaged,
    damaged_json: damaged,
    wrong_header: damaged,
    malformed: damaged,
    unproved_relay: _('It does not bear that phone’s seal. The office keeps it, and a coordinator decides.'),
    trainer_left: _('It came after its trainer had left. A coordinator looks at it.'),
    impossible_time: _('This phone’s clock was far off. A coordinator looks at it.'),
  };
  return words[code ?? ''] ?? _('Kept for a coordinator to look at.');
}
