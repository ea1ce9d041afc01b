/**
 * Reads the squares in camera pictures, away from the screen's thread. Import maps do not reach workers, so the
 * decoder is named by its address.
 */

import { createReader } from './reader.js';

const VENDOR = '/static/vendor/zxing-wasm/reader/';

/** @type {Promise<(colors: ImageData) => Promise<string|null>>} */
const reader = import(new URL(`${VENDOR}index.js`, self.location.href).href).then((module) => {
  module.prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ name) => `${VENDOR}${name}` },
    fireImmediately: true,
  });
  return createReader(module.readBarcodes, () => performance.now());
});

const canvas = new OffscreenCanvas(1, 1);
const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
  canvas.getContext('2d', { willReadFrequently: true })
);

/**
 * @param {ImageBitmap} picture
 * @returns {ImageData}
 */
function pixels(picture) {
  const { width, height } = picture;
  // Another size empties the canvas, which takes time that is not needed when it is the same.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

self.onmessage = async ({ data: { picture } }) => {
  try {
    const read = await reader;
    self.postMessage({ text: await read(pixels(picture)) });
  } catch (error) {
    self.postMessage({ text: null, error: String(error) });
  } finally {
    picture.close();
  }
};
