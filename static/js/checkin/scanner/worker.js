/**
 * Reads the squares in camera pictures, away from the screen's thread. Import maps do not reach workers, so the
 * decoder is named by its address.
 */

import { practicePicture } from './practice.js';
import { createReader } from './reader.js';

const VENDOR = '/static/vendor/zxing-wasm/reader/';

/** Wider pictures are first looked at in half their size: a badge that is held close is read by that, in a third of the time. */
const WIDEST_GLANCE = 800;

/** What runs often is made faster once more, by and by. */
const ROUNDS_OF_PRACTICE = 4;

/** @type {Promise<ReturnType<typeof createReader>>} */
const reader = import(new URL(`${VENDOR}index.js`, self.location.href).href).then(async (module) => {
  module.prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ name) => `${VENDOR}${name}` },
    fireImmediately: true,
  });
  const made = createReader(module.readBarcodes, () => performance.now());
  const picture = practicePicture();
  // Where this fails, so will the camera's pictures, and those are counted.
  for (let round = 0; round < ROUNDS_OF_PRACTICE; round += 1) await made.glance(picture).catch(() => null);
  return made;
});

const [whole, half] = [surface(), surface()];

/** @returns {OffscreenCanvasRenderingContext2D} */
function surface() {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  return /** @type {OffscreenCanvasRenderingContext2D} */ (context);
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {ImageBitmap} picture
 * @param {number} scale
 * @returns {ImageData}
 */
function pixels(context, picture, scale) {
  const { canvas } = context;
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  // Another size empties the canvas, which takes time that is not needed when it is the same.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

self.onmessage = async ({ data: { picture } }) => {
  try {
    const { glance, read } = await reader;
    const text = picture.width > WIDEST_GLANCE ? await glance(pixels(half, picture, 0.5)) : null;
    self.postMessage({ text: text ?? (await read(pixels(whole, picture, 1))) });
  } catch (error) {
    self.postMessage({ text: null, error: String(error) });
  } finally {
    picture.close();
  }
};
