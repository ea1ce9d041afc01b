/**
 * What the screens draw, and what they may ask for.
 *
 * @typedef {import('../domain/types.js').Session} Session
 * @typedef {import('../domain/types.js').Fact} Fact
 * @typedef {import('../domain/types.js').Direction} Direction
 * @typedef {import('../domain/crew.js').Member} Member
 * @typedef {import('../actions.js').Shown} Shown
 *
 * @typedef {'today'|'scan'|'crew'|'session'|'unsent'|'settings'|'pair'|'show-codes'|'read-codes'|'site-checks'|'site-check'} Screen
 *
 * @typedef {{kind: 'person', session: string, key: string}
 *   | {kind: 'walk_in'} | {kind: 'ad_hoc'} | {kind: 'code'} | {kind: 'choose_card'}
 *   | {kind: 'undo', fact: Fact} | {kind: 'excuse', session: string, key: string} | {kind: 'close', session: string} | {kind: 'reopen', session: string}
 *   | {kind: 'crew', session: string, direction: Direction} | {kind: 'leave_kiosk'} | {kind: 'paper', session: string}} Dialog
 *
 * @typedef {object} ScanState
 * @property {Direction} direction
 * @property {Shown|null} shown
 * @property {Question|null} asking whoever came in last, for initials
 * @property {Shown[]} recent the last three people, the newest first
 * @property {import('../scanner/camera.js').CameraState} camera
 * @property {boolean|null} torch
 *
 * @typedef {{shown: Shown, typed: string, wrong: boolean}} Question what was typed so far, and whether it was no initials
 *
 * @typedef {{direction: Direction, at: number}} Paper which way its people went, and when, as it is written there
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {string} pairingCode a code that came with the address
 * @property {number} now
 * @property {boolean} online
 * @property {import('../store/database.js').Device|null} device
 * @property {import('../store/database.js').Trainer[]} trainers
 * @property {import('../store/identity.js').Settings} settings
 * @property {import('../domain/pin.js').Lock|null} lock of the screen, where the trainer set one
 * @property {boolean} locked the PIN is to be asked for
 * @property {import('../domain/types.js').Pack} pack
 * @property {import('../store/database.js').PackState|null} packState
 * @property {import('../store/database.js').ServerState|null} server
 * @property {Fact[]} facts
 * @property {Set<string>} unsent hashes of what waits
 * @property {{waiting: number, kept: number, carried: number}} counts `carried`: other phones' records that wait
 * @property {import('../store/carried.js').Carried[]} parcels what is carried for other phones
 * @property {{waiting: number, refused: number, any: boolean}} checks of sites: drafts that are on this phone alone, those of them that the office does not take, whether there is anything to see
 * @property {import('../sync/loop.js').SyncState} sync
 * @property {ScanState} scan
 * @property {import('../scanner/camera.js').Camera[]} cameras of this phone, as far as the page may know them
 * @property {number|null} freeBytes room for records; null where the browser does not tell
 * @property {Paper|null} paper the sign-in sheet that is being scanned row by row
 * @property {Dialog|null} dialog
 * @property {string} search
 * @property {boolean} finding the list was opened to find somebody by name
 * @property {{busy: boolean, problem: string|null}} pairing
 * @property {{text: string, warns: boolean}|null} toast
 * @property {string} version of the client
 * @property {boolean} updateReady
 * @property {boolean} offlineReady everything that scanning needs is on this phone
 * @property {{[screen: string]: import('../later.js').Draw}} later seldom wanted screens that have come
 *
 * @typedef {object} Intents
 * @property {(screen: Screen, card?: string) => void} go
 * @property {(dialog: Dialog|null) => void} open
 * @property {(text: string) => void} search
 * @property {() => void} find go to the list, ready to type a name
 * @property {(request: {code: string, name: string}) => void} pair
 * @property {(direction: Direction) => void} direction
 * @property {(session: string|null) => void} chooseCard
 * @property {(video: HTMLVideoElement) => void} cameraOn
 * @property {() => void} cameraOff
 * @property {() => void} cameraAgain try once more: it may be allowed or free now
 * @property {() => void} torch
 * @property {(typed: string) => Promise<boolean>} typed whether the code was readable
 * @property {() => void} dismissVerdict
 * @property {(typed: string) => void} initialsTyped
 * @property {() => void} initialsDone
 * @property {() => void} initialsSkipped recorded as not given
 * @property {(fact: Fact, reason: string) => Promise<void>} undo
 * @property {(member: Member, session: Session, direction: Direction, reason: string) => Promise<void>} move
 * @property {(member: Member, session: Session, reason: string) => Promise<void>} excuse
 * @property {(members: Member[], session: Session, direction: Direction) => Promise<void>} moveAll
 * @property {(guest: {name: string, employer: string}) => Promise<void>} walkIn
 * @property {(told: {course: string, place: string}) => void} adHoc
 * @property {(session: Session, type: 'session_open'|'session_close'|'session_reopen', note: string, leaving: Member[]) => Promise<void>} turn
 * @property {(session: Session, text: string) => Promise<void>} note
 * @property {(member: Member, session: Session, score: number) => Promise<void>} assess
 * @property {(member: Member, session: Session, skill: string, level?: number) => Promise<void>} signOff
 * @property {(member: Member, session: Session, granted: boolean) => Promise<void>} consent
 * @property {() => void} sendNow
 * @property {() => Promise<void>} saveFile
 * @property {() => Promise<void>} shareFile hand the file to another program of the phone
 * @property {(file: File) => Promise<void>} takeFile read in what another phone saved
 * @property {(changes: Partial<import('../store/identity.js').Settings>) => void} settings
 * @property {(trainer: string) => void} removeTrainer
 * @property {() => void} update
 * @property {(pin: string) => Promise<void>} unlock
 * @property {(pin: string, minutes: number) => Promise<void>} setPin
 * @property {() => Promise<void>} removePin
 * @property {() => Promise<void>} askToKeep ask the browser once more to keep what is recorded
 * @property {(paper: Paper|null) => void} paper begin with a sign-in sheet, or be done with it
 * @property {() => Promise<void>} startKiosk
 * @property {(pin: string) => Promise<void>} leaveKiosk
 */

import { cardAt } from '../domain/card.js';
import { crewOf } from '../domain/crew.js';
import { MOST_WRONG } from '../domain/pin.js';

/**
 * How much of the client is open to whoever holds the phone: all; nothing but the question for the PIN; or the scan
 * screen alone, on a stand (kiosk) or after too many wrong PINs, and then without names.
 * @param {Pick<State, 'settings'|'lock'|'locked'>} state
 * @returns {{asks: boolean, kiosk: boolean, nameless: boolean}}
 */
export function openness({ settings, lock, locked }) {
  const nameless = lock !== null && lock.wrong >= MOST_WRONG;
  return { asks: lock !== null && locked && !settings.kiosk && !nameless, kiosk: settings.kiosk, nameless };
}

/**
 * How much lies on this phone that has not been sent, of whatever kind.
 * @param {Pick<State, 'counts'|'checks'>} state
 * @returns {number}
 */
export function unsentCount({ counts, checks }) {
  return counts.waiting + counts.carried + checks.waiting;
}

/**
 * The session whose card is open.
 * @param {State} state
 * @returns {Session|null}
 */
export function openCard({ pack, settings, now }) {
  return cardAt({ sessions: pack.sessions, chosen: settings.card, chosenAt: settings.cardChosenAt, at: now });
}

/**
 * The zone in which this phone's own times are told: that of the place where it is, as far as it knows.
 * @param {State} state
 * @returns {string|undefined}
 */
export function zoneHere(state) {
  const nearest = state.pack.sessions.find((session) => session.endsAt >= state.now);
  return openCard(state)?.zone ?? nearest?.zone;
}

/**
 * @param {State} state
 * @param {Session} session
 * @returns {Fact[]}
 */
export function factsOf(state, session) {
  return state.facts.filter((fact) => fact.session === session.id);
}

/**
 * @param {State} state
 * @param {Session} session
 * @returns {Member[]}
 */
export function membersOf(state, session) {
  return crewOf(state.pack, session, factsOf(state, session));
}

/**
 * Whether a name or an employer contains what was searched, accents and case aside.
 * @param {{name: string, employer: string}} person
 * @param {string} search
 * @returns {boolean}
 */
export function matches(person, search) {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const text = plain(`${person.name} ${person.employer}`);
  return words.every((word) => text.includes(word));
}

/**
 * @param {string} text
 * @returns {string}
 */
function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
