/**
 * What a trainer does, turned into records: each of these resolves only once the record is on the phone's disk.
 * The screens call them; the store, the clocks and the trainer's name are handed in.
 */

import { badgeHash, badgeIdIn, shortCode, typedCode } from './domain/badge.js';
import { placeFor } from './domain/candidates.js';
import { correctedTime } from './domain/corrected_time.js';
import { badgesOf, enrollmentFinder, memberIn, told } from './domain/crew.js';
import { bodyOf, personKey } from './domain/events.js';
import { uuid7 } from './domain/ids.js';
import { isAsked } from './domain/initials.js';
import { kioskDirection } from './domain/kiosk.js';
import { alreadyIn, CAME_IN, NOT_A_BADGE, verdictOn } from './domain/verdicts.js';
import { standing as stillStanding } from './domain/voids.js';

/**
 * @typedef {import('./domain/types.js').Session} Session
 * @typedef {import('./domain/types.js').Fact} Fact
 * @typedef {import('./domain/types.js').Who} Who
 * @typedef {import('./domain/types.js').Method} Method
 * @typedef {import('./domain/types.js').Direction} Direction
 * @typedef {import('./domain/types.js').Body} Body
 * @typedef {import('./domain/types.js').Pack} Pack
 * @typedef {import('./domain/verdicts.js').Verdict} Verdict
 *
 * @typedef {object} Shown what the screen says about one badge
 * @property {Verdict} verdict
 * @property {string} name
 * @property {string} employer
 * @property {string} code the badge's short code, for people whose name the phone does not know
 * @property {Session|null} session
 * @property {Fact|null} fact
 * @property {string|null} key one word for the person, whatever names them
 * @property {number} at
 * @property {boolean} [asks] for initials, since the cohort does
 *
 * @typedef {object} Moment where and by whom something happens
 * @property {Session|null} card
 * @property {string|null} by
 *
 * @typedef {Direction|'kiosk'} Way told by the switch, or left to the kiosk's rule
 *
 * @typedef {ReturnType<typeof createActions>} Actions
 */

const TYPES = /** @type {const} */ ({ in: 'check_in', out: 'check_out' });
const ARRIVED = new Set(['check_in', 'walk_in']);

/**
 * @param {{store: import('./store/index.js').Store, clock: import('./sync/clock.js').Clock}} parts
 */
export function createActions({ store, clock }) {
  const reading = async () => ({ ...clock.reading(), sync: await store.syncReading() });
  // A phone's own clock may be days off; what the screen decides goes by the time the office would say it is.
  const now = async () => correctedTime(await reading()).at_ms;

  /**
   * @param {import('./domain/events.js').Telling[]} tellings
   * @param {import('./domain/corrected_time.js').TimeReading} [moment] when it happened; now, if it is not told
   * @returns {Promise<Fact[]>}
   */
  const write = async (tellings, moment) => {
    moment ??= await reading();
    return store.record(tellings.map((telling) => bodyOf(telling, moment)), correctedTime(moment).at_ms);
  };

  /**
   * Somebody known by badge or code comes or goes.
   * @param {{who: Who, hash: string|null, code: string, direction: Way, method: Method, written?: number|null} & Moment} coming
   * @returns {Promise<Shown>}
   */
  const pass = async ({ who, hash, code, direction: told, method, written = null, card, by }) => {
    const [pack, moment] = await Promise.all([store.pack(), written === null ? reading() : onPaper(written)]);
    const at = correctedTime(moment).at_ms;
    const place = placeIn({ pack, who, card, at });
    const facts = await store.journalOf(place.session?.id ?? null);
    const found = whereabouts({ pack, facts, who, ...place });
    const direction = told === 'kiosk' ? kioskDirection({ ...found, at }) : told;
    const verdict = direction === 'already' ? alreadyIn(found.since) : verdictOn({
      direction,
      known: found.enrollment !== null,
      revoked: hash !== null && pack.revoked.includes(hash),
      standing: found.session?.adHoc ? 'enrolled' : found.standing,
      state: found.state,
      lastSame: found.last[direction],
      at,
    });
    const { name = '', employer = '' } = found.enrollment ?? {};
    const shown = { verdict, name, employer, code, session: found.session, fact: null, key: found.key, at };
    if (!verdict.records || direction === 'already') return shown;
    const standing = { make_up: { make_up: true }, not_enrolled: { not_enrolled: true }, enrolled: {} }[found.standing];
    const more = written === null ? standing : { ...standing, recorded_ms: await now() };
    const named = found.enrollment ? { ...who, enrollment: found.enrollment.id } : who;
    const telling = { session: found.session, chosen: card, method, by, who: named, more };
    const [fact] = await write([{ type: TYPES[direction], ...telling }], moment);
    return { ...shown, fact, at: fact.at, asks: isAsked(pack.cohorts, found.enrollment, fact.body) };
  };

  return {
    now,

    /**
     * A text came from the camera or a reader.
     * @param {{text: string, hosts: readonly string[], direction: Way, method: Method, written?: number|null} & Moment} scan
     * @returns {Promise<Shown>}
     */
    async scanned({ text, hosts, ...coming }) {
      const id = badgeIdIn(text, hosts);
      if (!id) return refusal(NOT_A_BADGE, await now());
      const hash = await badgeHash(id);
      return pass({ ...coming, who: { badge_hash: hash }, hash, code: shortCode(hash) });
    },

    /**
     * A short code was typed.
     * @param {{typed: string, direction: Way, method?: Method, written?: number|null} & Moment} typing
     * @returns {Promise<Shown>}
     */
    async typed({ typed, method = 'code', ...coming }) {
      const code = typedCode(typed);
      if (!code) return refusal({ ...NOT_A_BADGE, code: 'mistyped' }, await now());
      const pack = await store.pack();
      const hash = [...pack.enrollments.flatMap(badgesOf), ...pack.revoked].find((one) => one.startsWith(code.hashStart)) ?? null;
      const who = hash ? { badge_hash: hash } : { badge_code: code.code };
      return pass({ ...coming, who, hash, code: code.code, method });
    },

    /**
     * The trainer knows the person and taps the name.
     * @param {{who: Who, direction: Direction, session: Session, reason: string} & Moment} tap
     * @returns {Promise<Fact>}
     */
    async moved({ who, direction, session, reason, card, by }) {
      const more = reason ? { reason } : {};
      const telling = { session, chosen: card, by, who, more, method: /** @type {const} */ ('manual') };
      const [fact] = await write([{ type: TYPES[direction], ...telling }]);
      return fact;
    },

    /**
     * All of these people at once.
     * @param {{whos: readonly Who[], direction: Direction, session: Session} & Moment} crew
     * @returns {Promise<Fact[]>}
     */
    crewMoved({ whos, direction, session, card, by }) {
      const type = TYPES[direction];
      return write(whos.map((who) => ({ type, session, chosen: card, method: 'crew', by, who })));
    },

    /**
     * Somebody who is on no list; with ``written`` as it stands on a sheet of paper.
     * @param {{name: string, employer: string, session: Session|null, written?: number|null} & Moment} guest
     * @returns {Promise<Shown>}
     */
    async walkedIn({ name, employer, session, written = null, card, by }) {
      const at = await now();
      const who = { walk_in: { id: uuid7(at), name, employer } };
      const telling = { type: /** @type {const} */ ('walk_in'), session, chosen: card, by, who };
      const [fact] = written === null
        ? await write([{ ...telling, method: 'manual' }])
        : await write([{ ...telling, method: 'paper', more: { recorded_ms: at } }], onPaper(written));
      const key = personKey(who, () => null);
      return { verdict: CAME_IN, name, employer, code: '', session, fact, key, at: fact.at };
    },

    /**
     * A recorded fact was wrong. It stays, and this stands against it.
     * @param {{fact: Fact, session: Session|null, reason: string} & Moment} mistake
     * @returns {Promise<Fact>}
     */
    async undone({ fact, session, reason, card, by }) {
      const more = { target: fact.id, reason };
      const [undoing] = await write([{ type: 'void', session, chosen: card, method: 'manual', by, more }]);
      return undoing;
    },

    /**
     * Whoever came in gave initials, or none: a record of its own that names the check-in.
     * @param {{fact: Fact, session: Session|null, letters: string|null} & Moment} answer
     * @returns {Promise<Fact>}
     */
    async initialed({ fact, session, letters, card, by }) {
      const { method, badge_hash, badge_code, enrollment, make_up, not_enrolled } = fact.body;
      const who = JSON.parse(JSON.stringify({ badge_hash, badge_code, enrollment }));
      const more = { target: fact.id, ...(make_up ? { make_up } : {}), ...(not_enrolled ? { not_enrolled } : {}), ...(letters ? { text: letters } : {}) };
      const [given] = await write([{ type: 'initials', session, chosen: card, method, by, who, more }]);
      return given;
    },

    /**
     * Any other word about a session or one of its people.
     * @param {{type: import('./domain/types.js').EventType, session: Session, who?: Who, more?: Partial<Body>} & Moment} word
     * @returns {Promise<Fact>}
     */
    async noted({ type, session, who, more, card, by }) {
      const [fact] = await write([{ type, session, chosen: card, method: 'manual', by, who, more }]);
      return fact;
    },

    /**
     * A session that the phone has no roster for. Its place may be one of the pack's, and is in the same zone then.
     * @param {{course: string, place: string, zone: string}} told
     * @returns {Promise<Session>}
     */
    async adHocSession({ course, place, zone }) {
      const [at, { sessions }] = await Promise.all([now(), store.pack()]);
      const id = uuid7(at);
      const known = sessions.find((one) => !one.adHoc && one.place === place.trim());
      const hours = { startsAt: at, endsAt: at + 8 * 60 * 60 * 1000, breaks: [], cancelled: false };
      const where = { courseId: id, course, placeId: known?.placeId ?? id, place, zone: known?.zone ?? zone };
      const session = { id, cohort: id, ...where, ...hours, adHoc: true };
      await store.addAdHocSession(session);
      return session;
    },
  };
}

/**
 * A time that was written down by hand: no clock of this phone has a say in it.
 * @param {number} at
 * @returns {import('./domain/corrected_time.js').TimeReading}
 */
function onPaper(at) {
  const clock = { wall_ms: at, mono_ms: 0, boot: 'paper' };
  return { ...clock, sync: { server_ms: at, ...clock } };
}

/**
 * @param {Verdict} verdict
 * @param {number} at
 * @returns {Shown}
 */
function refusal(verdict, at) {
  return { verdict, name: '', employer: '', code: '', session: null, fact: null, key: null, at };
}

/**
 * Which session a person belongs to now, and as whom.
 * @param {{pack: Pack, who: Who, card: Session|null, at: number}} question
 */
function placeIn({ pack, who, card, at }) {
  const own = pack.enrollments.filter(
    (one) => who.badge_hash !== undefined && badgesOf(one).includes(who.badge_hash) && one.status !== 'withdrawn',
  );
  const courseOf = new Map(pack.cohorts.map((cohort) => [cohort.id, cohort.courseId]));
  const cohorts = new Map(own.map((one) => [one.cohort, courseOf.get(one.cohort) ?? '']));
  const { session, cohort, standing } = placeFor({ sessions: pack.sessions, card, cohorts, at });
  return { session, standing, enrollment: own.find((one) => one.cohort === cohort) ?? own[0] ?? null };
}

/**
 * What this phone knows of a person in their session.
 * @param {{pack: Pack, facts: readonly Fact[], who: Who} & ReturnType<typeof placeIn>} question
 */
function whereabouts({ pack, facts: here, who, session, standing, enrollment }) {
  const enrollmentOf = enrollmentFinder(pack);
  const key = personKey(enrollment ? { enrollment: enrollment.id } : who, enrollmentOf);
  const { state, since } = session ? memberIn(pack, session, here, key) : { state: /** @type {const} */ ('away'), since: null };
  return { session, standing, enrollment, key, state, since, last: lastMoves(here, key, enrollmentOf) };
}

/**
 * When the person last came and last went, undone records aside.
 * @param {readonly Fact[]} facts
 * @param {string|null} key
 * @param {ReturnType<typeof enrollmentFinder>} enrollmentOf
 * @returns {{in: number|null, out: number|null}}
 */
function lastMoves(facts, key, enrollmentOf) {
  const events = stillStanding(facts.map(told)).filter((event) => personKey(event.body, enrollmentOf) === key);
  return {
    in: events.findLast((event) => ARRIVED.has(event.type))?.at ?? null,
    out: events.findLast((event) => event.type === 'check_out')?.at ?? null,
  };
}
