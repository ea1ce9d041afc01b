/**
 * Who reads which hard scene. Badges come in as JSON, the answer for each scene goes out as JSON: `hard_badges.py` asks.
 * The phone's reader is the one that the worker runs, on the decoder that the worker loads.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createReader } from '../../static/js/checkin/scanner/reader.js';
import { hardScenes, traps } from './scenes.js';
import { pictures } from './view.js';

/**
 * @typedef {import('../../static/js/checkin/scanner/gray.js').Colors} Colors
 * @typedef {import('../../static/js/checkin/scanner/reader.js').Decoder} Decoder
 * @typedef {import('./scenes.js').Scene} Scene
 * @typedef {(colors: Colors) => Promise<string|null>} Reader
 */

const VENDOR = new URL('../../static/vendor/zxing-wasm/reader/', import.meta.url);
const PLAIN = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false };
/** All that the decoder can try by itself. What is not named here it tries anyway. */
const RETRIES = { ...PLAIN, tryInvert: true, tryDenoise: true };

/** A phone that takes no time: what is read does not depend on the machine that measures. */
const AS_FAST_AS_NEEDED = () => 0;

/** @returns {Promise<Decoder>} */
export async function loadDecoder() {
  const { prepareZXingModule, readBarcodes } = await import(new URL('index.js', VENDOR).href);
  const wasmBinary = readFileSync(new URL('zxing_reader.wasm', VENDOR));
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return readBarcodes;
}

/**
 * @param {Decoder} decode
 * @param {object} options
 * @returns {Reader}
 */
const alone = (decode, options) => async (colors) =>
  (await decode(colors, options)).find((one) => one.isValid)?.text ?? null;

/**
 * Pictures of a scene, taken when somebody asks for them.
 * @param {Scene} scene
 * @param {number} most
 */
function filmOf(scene, most) {
  const camera = pictures(scene.view, most);
  /** @type {Colors[]} */
  const taken = [];
  return (/** @type {number} */ number) => {
    while (taken.length <= number) taken.push(colored(/** @type {import('./view.js').Picture} */ (camera.next().value)));
    return taken[number];
  };
}

/**
 * @param {import('./view.js').Picture} picture
 * @returns {Colors}
 */
export function colored({ width, height, gray }) {
  const data = new Uint8ClampedArray(gray.length * 4);
  const pixels = new Uint32Array(data.buffer);
  for (let place = 0; place < gray.length; place += 1) pixels[place] = 0xff000000 + gray[place] * 0x010101;
  return { width, height, data };
}

/**
 * @param {Reader} reader
 * @param {(number: number) => Colors} picture
 * @param {number} most
 */
async function firstText(reader, picture, most) {
  for (let number = 0; number < most; number += 1) {
    const text = await reader(picture(number));
    if (text) return { text, after: number + 1 };
  }
  return { text: null, after: most };
}

/**
 * @param {Decoder} decode
 * @param {Scene} scene
 * @param {number} most pictures
 */
async function answers(decode, scene, most) {
  const film = filmOf(scene, most);
  const first = () => film(0);
  return {
    plain: await firstText(alone(decode, PLAIN), film, 1),
    plain_again: await firstText(alone(decode, PLAIN), film, most),
    retries: await firstText(alone(decode, RETRIES), film, 1),
    ours_on_one_picture: await firstText(createReader(decode, AS_FAST_AS_NEEDED).read, first, most),
    ours: await firstText(createReader(decode, AS_FAST_AS_NEEDED).read, film, most),
  };
}

/**
 * @typedef {import('./scenes.js').Badge} Badge
 * @param {{seed: number, badges: Badge[], others: Badge[], pictures: number, traps: number, every: number}} asked
 */
async function main(asked) {
  const decode = await loadDecoder();
  // One from the middle of each few, so that a quick run is neither easier nor harder.
  const hard = hardScenes(asked.seed, asked.badges).filter((_, number) => number % asked.every === asked.every >> 1);
  const few = traps(asked.seed, asked.badges, asked.others, Math.ceil(asked.traps / asked.every));
  for (const scene of [...hard, ...few]) {
    const { name, kind, size, text } = scene;
    console.log(JSON.stringify({ name, kind, size, text, answers: await answers(decode, scene, asked.pictures) }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(JSON.parse(readFileSync(0, 'utf8')));
