/**
 * Reads the squares in camera pictures, away from the screen's thread. Import maps do not reach workers, so the
 * decoder is named by its address.
 */

const VENDOR = new URL('../../../vendor/zxing-wasm/reader/', import.meta.url);
const OPTIONS = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false };

/** @type {Promise<typeof import('zxing-wasm/reader')>} */
const reader = import(new URL('index.js', VENDOR).href).then((module) => {
  module.prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ name) => new URL(name, VENDOR).href },
    fireImmediately: true,
  });
  return module;
});

const canvas = new OffscreenCanvas(1, 1);
const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
  canvas.getContext('2d', { willReadFrequently: true })
);

/**
 * The picture as it is, or its middle at twice the size for small and distant squares.
 * @param {ImageBitmap} picture
 * @param {boolean} closer
 * @returns {ImageData}
 */
function pixels(picture, closer) {
  const { width, height } = picture;
  canvas.width = width;
  canvas.height = height;
  if (closer) context.drawImage(picture, width / 4, height / 4, width / 2, height / 2, 0, 0, width, height);
  else context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

self.onmessage = async ({ data: { picture, closer } }) => {
  try {
    const { readBarcodes } = await reader;
    const found = await readBarcodes(pixels(picture, closer), /** @type {any} */ (OPTIONS));
    const text = found.find((one) => one.isValid)?.text ?? null;
    self.postMessage({ text });
  } catch (error) {
    self.postMessage({ text: null, error: String(error) });
  } finally {
    picture.close();
  }
};
