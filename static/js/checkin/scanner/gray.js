/** What is done to a picture's brightness so that a code in it can be read. Each gives a new picture. */

/**
 * @typedef {{width: number, height: number, gray: Float32Array}} Picture brightness, row by row, 0 to 255; in fractions,
 * since a faded print is only a few steps darker than its paper
 * @typedef {{width: number, height: number, data: Uint8ClampedArray}} Colors four bytes a pixel, as a canvas gives them
 * @typedef {{left: number, top: number, width: number, height: number}} Box in pixels, may have fractions
 */

/**
 * A part of a camera's picture, larger or smaller. Where it reaches beyond the edge, the edge goes on.
 * @param {Colors} colors
 * @param {Box} box
 * @param {number} scale pixels made of one pixel
 * @returns {Picture}
 */
export function cutOut({ width, height, data }, box, scale) {
  const [wide, tall] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  const gray = new Float32Array(wide * tall);
  const across = placesAlong(box.left, wide, scale, width);
  const down = placesAlong(box.top, tall, scale, height);
  for (let y = 0; y < tall; y += 1) {
    const [upper, lower, low] = [down.near[y] * width, down.next[y] * width, down.part[y]];
    for (let x = 0; x < wide; x += 1) {
      const left = across.near[x];
      const right = across.next[x];
      const far = across.part[x];
      // Green alone: it is most of what makes brightness, and a code has no colour.
      const high = data[(upper + left) * 4 + 1] * (1 - far) + data[(upper + right) * 4 + 1] * far;
      const deep = data[(lower + left) * 4 + 1] * (1 - far) + data[(lower + right) * 4 + 1] * far;
      gray[y * wide + x] = high + (deep - high) * low;
    }
  }
  return { width: wide, height: tall, gray };
}

/**
 * Between which two pixels each pixel of a line lies, and how near to the second.
 * @param {number} begin
 * @param {number} amount
 * @param {number} scale
 * @param {number} length of the line that is read
 */
function placesAlong(begin, amount, scale, length) {
  const near = new Int32Array(amount);
  const next = new Int32Array(amount);
  const part = new Float32Array(amount);
  for (let place = 0; place < amount; place += 1) {
    const at = Math.min(length - 1, Math.max(0, begin + (place + 0.5) / scale - 0.5));
    near[place] = Math.floor(at);
    next[place] = Math.min(length - 1, near[place] + 1);
    part[place] = at - near[place];
  }
  return { near, next, part };
}

/**
 * A picture as the decoder takes it.
 * @param {Picture} picture
 * @returns {Colors}
 */
export function colorsOf({ width, height, gray }) {
  const data = new Uint8ClampedArray(gray.length * 4);
  const pixels = new Uint32Array(data.buffer);
  for (let place = 0; place < gray.length; place += 1) {
    pixels[place] = Math.min(255, Math.max(0, Math.round(gray[place]))) * 0x010101;
  }
  return { width, height, data };
}

/**
 * Each pixel becomes the mean of the square around it.
 * @param {Picture} picture
 * @param {number} radius half the square's side
 * @returns {Picture}
 */
export function blurred({ width, height, gray }, radius) {
  return { width, height, gray: meansDown(meansAcross(gray, width, radius), width, height, radius) };
}

/**
 * @param {Float32Array} gray
 * @param {number} width
 * @param {number} radius
 */
function meansAcross(gray, width, radius) {
  const out = new Float32Array(gray.length);
  const last = width - 1;
  const share = 1 / (2 * radius + 1);
  for (let start = 0; start < gray.length; start += width) {
    let sum = gray[start] * radius;
    for (let x = 0; x < radius; x += 1) sum += gray[start + Math.min(x, last)];
    for (let x = 0; x < width; x += 1) {
      sum += gray[start + Math.min(x + radius, last)];
      out[start + x] = sum * share;
      sum -= gray[start + Math.max(x - radius, 0)];
    }
  }
  return out;
}

/**
 * @param {Float32Array} gray
 * @param {number} width
 * @param {number} height
 * @param {number} radius
 */
function meansDown(gray, width, height, radius) {
  const out = new Float32Array(gray.length);
  const last = height - 1;
  const share = 1 / (2 * radius + 1);
  const sums = new Float32Array(width);
  const add = (/** @type {number} */ row, /** @type {number} */ sign) => {
    const start = Math.min(last, Math.max(0, row)) * width;
    for (let x = 0; x < width; x += 1) sums[x] += sign * gray[start + x];
  };
  for (let row = -radius; row < radius; row += 1) add(row, 1);
  for (let y = 0; y < height; y += 1) {
    add(y + radius, 1);
    for (let x = 0; x < width; x += 1) out[y * width + x] = sums[x] * share;
    add(y - radius, -1);
  }
  return out;
}

/**
 * Edges made steeper: what a pixel differs from its surroundings by is added to it once more, or several times.
 * @param {Picture} picture
 * @param {number} radius about as far as the blur goes
 * @param {number} amount
 * @returns {Picture}
 */
export function sharpened(picture, radius, amount) {
  const around = blurred(blurred(picture, radius), radius).gray;
  const gray = picture.gray.map((value, place) => value + amount * (value - around[place]));
  return { width: picture.width, height: picture.height, gray };
}

/** How far from the middle gray light and dark lie where all is even. */
const EVEN_SPREAD = 60;
/** A surface without print has only noise: it is not made into contrast. */
const LEAST_SPREAD = 3;

/**
 * Light and shadow evened out: around every pixel the mean becomes the middle gray and the spread the same.
 * @param {Picture} picture
 * @param {number} radius wider than the modules, narrower than the shadows
 * @returns {Picture}
 */
export function evened(picture, radius) {
  const { width, height } = picture;
  const means = blurred(picture, radius).gray;
  const off = new Float32Array(means.length);
  for (let place = 0; place < off.length; place += 1) off[place] = Math.abs(picture.gray[place] - means[place]);
  const spreads = blurred({ width, height, gray: off }, radius).gray;
  const gray = new Float32Array(off.length);
  for (let place = 0; place < gray.length; place += 1) {
    const spread = Math.max(LEAST_SPREAD, spreads[place]);
    const value = 128 + ((picture.gray[place] - means[place]) * EVEN_SPREAD) / spread;
    gray[place] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { width, height, gray };
}
