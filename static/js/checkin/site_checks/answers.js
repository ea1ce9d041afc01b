/** Reads what the office answers about checks of sites. What is not exactly such an answer teaches nothing. */

/**
 * @typedef {import('./store.js').Lists} Lists
 * @typedef {import('./store.js').Draft} Draft
 * @typedef {import('./store.js').Word} Word
 */

const KINDS = new Set(['number', 'choice', 'yes']);

/** What only a person can do something about. Any other refusal may pass by itself. */
const REFUSALS = new Set([
  'bad_envelope', 'bad_answer', 'too_long', 'too_large', 'checked_in_future', 'expires_before_check',
  'no_such_site', 'no_such_lab', 'nothing_asked', 'not_a_trainer_here', 'device_revoked',
  'check_final', 'check_discarded', 'check_overtaken', 'id_taken', 'too_many_drafts',
]);

/**
 * @param {any} data
 * @returns {Lists|'revoked'|null}
 */
export function readLists(data) {
  if (data?.device_revoked === true) return 'revoked';
  const whole =
    Number.isFinite(data?.now) && areAll(data.labs, isLab) && areAll(data.visits, (/** @type {any} */ visit) => isVisit(visit));
  if (!whole) return null;
  const visits = data.visits.map((/** @type {any} */ visit) => ({
    lab: visit.lab,
    site: visit.site,
    arrivesOn: visit.arrives_on,
    trainers: visit.trainers,
    known: visit.known,
    verdict: visit.verdict ?? null,
    holdsUntil: visit.holds_until ?? null,
  }));
  return { labs: data.labs, visits, fetchedAt: data.now };
}

/**
 * What the office said of a draft; null where it was not the office, or it may say something else next time.
 * @param {Draft} draft as it was sent
 * @param {import('../api.js').Answer|import('../api.js').NoAnswer} reply
 * @returns {Word|null}
 */
export function wordOn({ id, revision }, reply) {
  if (reply.ok) {
    const { data } = reply;
    const meant = data.id === id && data.revision === revision && typeof data.final === 'boolean';
    return meant ? { sent: true, final: data.final } : null;
  }
  const faults = (reply.errors ?? []).map(({ code, field = null, message }) => ({ code, field, message: String(message) }));
  return faults.length && faults.every(({ code }) => REFUSALS.has(code)) ? { sent: false, faults } : null;
}

/**
 * @param {any} value
 * @param {(one: any) => boolean} is
 * @returns {boolean}
 */
function areAll(value, is) {
  return Array.isArray(value) && value.every(is);
}

/** @param {any} value */
function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** @param {any} lab */
function isLab(lab) {
  return isText(lab?.id) && isText(lab.name) && areAll(lab.questions, isQuestion);
}

/** @param {any} question */
function isQuestion(question) {
  return (
    isText(question?.key) && KINDS.has(question.kind) && Number.isFinite(question.highest) &&
    areAll(question.choices, isText) && typeof question.words?.en?.ask === 'string'
  );
}

/** @param {any} visit */
function isVisit(visit) {
  const { lab, site, arrives_on: day, trainers, known } = visit ?? {};
  return (
    isText(lab) && isText(site?.id) && isText(site.name) && isText(site.zone) && isText(day) &&
    areAll(trainers, isText) && known !== null && typeof known === 'object'
  );
}
