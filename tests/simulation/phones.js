/**
 * Phones for the simulator. Store, sync, actions and api are the client's own code on an IndexedDB in memory; only
 * clocks, chance and the wire are the world's. The world says by lines of JSON what phones do:
 *
 *     -> {"id": 7, "phone": 0, "does": "scan", "wall": 1, "mono": 2, ...}
 *     <- {"id": 7, "gives": {...}}              when it is done
 *     <- {"wire": 3, "phone": 0, "path": "/api/v1/events", "method": "POST", "headers": {...}, "body": "..."}
 *     -> {"wire": 3, "status": 200, "type": "application/json", "body": "..."}, {"wire": 3, "lost": true}, or never
 *
 * While one phone waits for the wire it, and every other, can be told to do more.
 */

import 'fake-indexeddb/auto';

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';

const CLIENT = process.env.SIMULATED_CLIENT
  ? pathToFileURL(`${process.env.SIMULATED_CLIENT}/`)
  : new URL('../../static/js/', import.meta.url);
/** @param {string} path @returns {Promise<any>} */
const part = (path) => import(new URL(`checkin/${path}`, CLIENT).href);

const { createActions } = await part('actions.js');
const { createApi } = await part('api.js');
const { bundleOf, parcelsIn } = await part('bundle.js');
const { frameOf } = await part('domain/frame.js');
const { packed, unpacked } = await part('hand_over/packing.js');
const { takeOver } = await part('keeping.js');
const { CARRIED_NAME, createCarried, openCarried } = await part('store/carried.js');
const { uuid7 } = await part('domain/ids.js');
const { DATABASE_NAME, openDatabase } = await part('store/database.js');
const { createStore } = await part('store/index.js');
const { createClock } = await part('sync/clock.js');
const { pairPhone } = await part('sync/pairing.js');
const { pull } = await part('sync/pull.js');
const { uploadOf } = await part('sync/batches.js');
const { push } = await part('sync/push.js');
const { relay } = await part('sync/relay.js');

/** What can be seen of a phone's disk also when it is off. */
const LOOKS = new Set(['holds', 'pack', 'chainEnd']);

/** @type {Map<number, Phone>} */
const phones = new Map();
/** @type {Map<number, (answer: any) => void>} */
const wires = new Map();
let lastWire = 0;
/** Whose code runs: asks of the wire are made in the same breath as the call that leads to them. */
let chance = chanceFrom(1);

Object.defineProperty(globalThis.crypto, 'getRandomValues', {
  value: (/** @type {Uint8Array} */ bytes) => bytes.map((_zero, index) => (bytes[index] = chance() * 256)) && bytes,
});

/** @param {number} seed @returns {() => number} */
function chanceFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {object} line */
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

class Phone {
  /** @param {number} number */
  constructor(number) {
    this.number = number;
    this.disk = new IDBFactory();
    this.clocks = { wall: 0, mono: 0 };
    /** @type {Map<string, any>[][]} */
    this.snapshots = [];
    /** @type {() => void} */
    this.die = () => {};
    this.death = new Promise((resolve) => (this.die = () => resolve({ died: true })));
  }

  /** Loads the page: everything that is not on the disk begins anew. */
  async boot({ boot = 'first' } = {}) {
    this.death = new Promise((resolve) => (this.die = () => resolve({ died: true })));
    globalThis.indexedDB = this.disk;
    this.database = await openDatabase();
    this.carriedDatabase = await openCarried();
    this.store = createStore(this.database);
    this.carried = createCarried(this.carriedDatabase);
    this.clock = createClock(boot, { wall: () => this.clocks.wall, mono: () => this.clocks.mono });
    const api = createApi({ token: async () => (await this.store.device())?.token ?? null });
    const through = (/** @type {string} */ name) => (/** @type {any} */ ask) => this.wired(() => api[name](ask));
    this.api = { pair: through('pair'), pack: through('pack'), events: through('events') };
    this.actions = createActions({ store: this.store, clock: this.clock });
    return {};
  }

  /** @template T @param {() => Promise<T>} ask @returns {Promise<T>} */
  wired(ask) {
    const { number } = this;
    globalThis.fetch = (path, request) =>
      new Promise((resolve, reject) => {
        lastWire += 1;
        wires.set(lastWire, (answer) => {
          if (answer.lost) reject(new TypeError('network'));
          else resolve(new Response(answer.body, { status: answer.status, headers: { 'Content-Type': answer.type } }));
        });
        const headers = Object.fromEntries(new Headers(request?.headers).entries());
        say({ wire: lastWire, phone: number, path, method: request?.method, headers, body: request?.body ?? null });
      });
    return ask();
  }

  parts() {
    return { store: this.store, carried: this.carried, api: this.api, clock: this.clock, sign: this.store.sign };
  }

  /** @param {{code: string}} how */
  pair({ code }) {
    const persist = async () => true;
    return pairPhone({ ...this.parts(), persist, appVersion: 'simulated' }, { code, name: `Phone ${this.number}` });
  }

  /** @param {{text: string, direction: string, card: string|null, by: string}} how */
  async scan({ text, direction, card, by }) {
    const { sessions } = await this.store.pack();
    const open = sessions.find((/** @type {any} */ one) => one.id === card) ?? null;
    const hosts = (await this.store.device()).badgeHosts;
    const shown = await this.actions.scanned({ text, hosts, direction, method: 'scan', card: open, by });
    return this.told(shown.fact ? [shown.fact] : []);
  }

  /** The page goes while a scan is on its way to the disk. @param {{text: string, by: string}} how */
  async scanTooLate({ text, by }) {
    await this.store.pack();
    this.database.close();
    return this.scan({ text, direction: 'in', card: null, by }).catch(() => ({ facts: [] }));
  }

  /** A later version of the client opens the disk and adds to it. */
  async laterVersion() {
    this.store.close();
    this.carried.close();
    globalThis.indexedDB = this.disk;
    for (const name of [DATABASE_NAME, CARRIED_NAME]) {
      const before = (await this.disk.databases()).find((one) => one.name === name)?.version ?? 0;
      const upgrade = (/** @type {any} */ later) => void later.createObjectStore(`of version ${before + 1}`);
      (await openDB(name, before + 1, { upgrade })).close();
    }
    return {};
  }

  /** @param {{hash: string, by: string}} how */
  async undo({ hash, by }) {
    const facts = await this.store.journal();
    const fact = facts.find((/** @type {any} */ one) => one.hash === hash);
    if (!fact) return this.told([]);
    return this.told([await this.actions.undone({ fact, session: null, reason: 'wrong badge', card: null, by })]);
  }

  /** @param {{kind: string, session: string, by: string}} how */
  async note({ kind, session, by }) {
    const { sessions } = await this.store.pack();
    const found = sessions.find((/** @type {any} */ one) => one.id === session);
    if (!found) return this.told([]);
    return this.told([await this.actions.noted({ type: kind, session: found, card: null, by })]);
  }

  /** @param {{name: string, by: string, card: string|null}} how */
  async walkIn({ name, by, card }) {
    const { sessions } = await this.store.pack();
    const session = sessions.find((/** @type {any} */ one) => one.id === card) ?? null;
    const shown = await this.actions.walkedIn({ name, employer: 'Mill', session, card: session, by });
    return this.told([shown.fact]);
  }

  /** Writes down what a later version of the client would. @param {{by: string}} how */
  async future({ by }) {
    const reading = { ...this.clock.reading(), sync: await this.store.syncReading() };
    const body = { v: 99, id: uuid7(reading.wall_ms), type: 'hologram', session: null, method: 'scan', by, ...reading };
    return this.told(await this.store.record([body], reading.wall_ms));
  }

  /** @param {any[]} facts */
  told(facts) {
    // What repeats a moment ago is no new record.
    const written = facts.filter(Boolean);
    return { facts: written.map(({ hash, id, seq, incarnation, body }) => ({ hash, id, seq, incarnation, type: body.type })) };
  }

  /** @param {{thorough: boolean}} how */
  async push({ thorough }) {
    return push(this.parts(), { thorough });
  }

  async pull() {
    return pull(this.parts());
  }

  /** @param {{thorough: boolean}} how */
  async relay({ thorough }) {
    return relay(this.parts(), { thorough });
  }

  /** All that this phone has, as another phone gets it: in a file, or read from the codes on this one's screen. @param {{codes: boolean}} how */
  async give({ codes }) {
    const { hashes, carried } = await this.holds();
    const bundle = await bundleOf(this.store, this.carried);
    const text = codes ? await unpacked(await packed(bundle)) : JSON.stringify(bundle);
    return { text, hashes: [...hashes, ...carried] };
  }

  /** @param {{text: string}} how */
  async take({ text }) {
    const desk = { say: () => {}, warn: () => {}, refresh: async () => {} };
    return { taken: await takeOver({ carried: this.carried, sync: { soon: () => {} } }, desk, parcelsIn(text)) };
  }

  /** A record that another phone never made, at the end of its chain, with this phone's seal. @param {{end: any}} how */
  async forge({ end }) {
    const fact = (await this.store.journal()).find((/** @type {any} */ one) => one.body.type === 'check_in');
    if (!fact) return { text: null };
    const { device, incarnation } = end;
    const seq = end.seq + 1;
    const body = { ...fact.body, id: uuid7(this.clocks.wall) };
    const { bytes, hash } = await frameOf({ device, incarnation, seq, prev: end.hash }, body);
    const batch = [{ seq, hash, bytes, damagedReplies: 0 }];
    const upload = await uploadOf({ device, incarnation, batch, lost: [], sign: this.store.sign });
    return { text: JSON.stringify({ labtracker_bundle: 1, uploads: [{ from: 'Tom', ...upload }] }), hashes: [hash] };
  }

  async holds() {
    const [rows, parcels] = await Promise.all([this.store.rows(), this.carried.all()]);
    return {
      hashes: rows.map((/** @type {any} */ row) => row.hash),
      carried: parcels.flatMap((/** @type {any} */ parcel) => parcel.items.map((/** @type {any} */ item) => item.hash)),
    };
  }

  async chainEnd() {
    return this.store.chainEnd();
  }

  async pack() {
    return this.store.pack();
  }

  /** Keeps a picture of the whole disk. */
  async snapshot() {
    /** @type {Map<string, any>[]} */
    const pictures = [];
    for (const database of [this.database, this.carriedDatabase]) {
      const picture = new Map();
      for (const name of database.objectStoreNames) {
        picture.set(name, [await database.getAllKeys(name), await database.getAll(name)]);
      }
      pictures.push(picture);
    }
    this.snapshots.push(pictures);
    return { snapshots: this.snapshots.length };
  }

  /** The disk becomes what it was at a snapshot. @param {{snapshot: number}} how */
  async rollBack({ snapshot }) {
    this.disk = new IDBFactory();
    globalThis.indexedDB = this.disk;
    for (const [place, database] of [await openDatabase(), await openCarried()].entries()) {
      for (const [name, [keys, values]] of this.snapshots[snapshot][place]) {
        if (!database.objectStoreNames.contains(name)) continue;
        for (const [index, value] of values.entries()) {
          const inline = database.transaction(name).store.keyPath !== null;
          await (inline ? database.put(name, value) : database.put(name, value, keys[index]));
        }
      }
      database.close();
    }
    return {};
  }
}

/** @param {any} order */
async function carryOut(order) {
  if (order.does === 'begin') {
    phones.clear();
    wires.clear();
    chance = chanceFrom(order.seed);
    for (let number = 0; number < order.phones; number += 1) phones.set(number, new Phone(number));
    return {};
  }
  const phone = /** @type {any} */ (phones.get(order.phone));
  Object.assign(phone.clocks, { wall: order.wall, mono: order.mono });
  if (order.does === 'die') {
    phone.die();
    return {};
  }
  const done = phone[order.does](order);
  return LOOKS.has(order.does) ? done : Promise.race([done, phone.death]);
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.wire) {
    wires.get(order.wire)?.(order);
    wires.delete(order.wire);
    continue;
  }
  void carryOut(order).then(
    (gives) => say({ id: order.id, gives }),
    (error) => say({ id: order.id, failed: String(error?.stack ?? error) }),
  );
}

process.exit(0);
