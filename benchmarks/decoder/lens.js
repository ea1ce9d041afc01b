/** What lens, sensor and compression make of the light: blur, noise, gamma, blocks. */

/**
 * @typedef {object} Box a part of a picture; right and bottom are not in it
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 *
 * @typedef {object} Kernel places around a pixel and what each counts, one in all
 * @property {Int32Array} x
 * @property {Int32Array} y
 * @property {Float32Array} weight
 */

/**
 * What a point becomes that is out of focus: a disc.
 * @param {number} radius pixels
 * @returns {Kernel}
 */
export function disc(radius) {
  return kernelOf(radius, (x, y) => (x * x + y * y <= radius * radius ? 1 : 0));
}

/**
 * What a point becomes that moves while it is looked at: a line.
 * @param {number} length pixels
 * @param {number} turn radians
 * @returns {Kernel}
 */
export function streak(length, turn) {
  const [alongX, alongY] = [Math.cos(turn), Math.sin(turn)];
  return kernelOf(length / 2 + 0.5, (x, y) =>
    Math.abs(x * alongX + y * alongY) <= length / 2 && Math.abs(y * alongX - x * alongY) <= 0.5 ? 1 : 0,
  );
}

/** What every lens does to a point. */
export const SHARP = kernelOf(1.5, (x, y) => Math.exp(-(x * x + y * y) / (2 * 0.6 * 0.6)));

/**
 * @param {number} reach
 * @param {(x: number, y: number) => number} shape sampled at quarters of a pixel
 * @returns {Kernel}
 */
function kernelOf(reach, shape) {
  const most = Math.ceil(reach);
  const places = [];
  let total = 0;
  for (let y = -most; y <= most; y += 1) {
    for (let x = -most; x <= most; x += 1) {
      let weight = 0;
      for (let part = 0; part < 16; part += 1) {
        weight += shape(x + ((part & 3) - 1.5) / 4, y + ((part >> 2) - 1.5) / 4);
      }
      if (weight > 0) places.push({ x, y, weight });
      total += weight;
    }
  }
  return {
    x: Int32Array.from(places, (place) => place.x),
    y: Int32Array.from(places, (place) => place.y),
    weight: Float32Array.from(places, (place) => place.weight / total),
  };
}

/**
 * Spreads the light of a part of the picture.
 * @param {Float32Array} light
 * @param {number} width
 * @param {number} height
 * @param {Box} box
 * @param {Kernel} kernel
 */
export function spread(light, width, height, box, kernel) {
  const reach = kernel.y.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  const side = kernel.x.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const [wide, tall] = [box.right - box.left, box.bottom - box.top];
  const stride = wide + 2 * side;
  const around = new Float32Array(stride * (tall + 2 * reach));
  for (let y = 0; y < tall + 2 * reach; y += 1) {
    const row = Math.min(height - 1, Math.max(0, box.top + y - reach)) * width;
    for (let x = 0; x < stride; x += 1) around[y * stride + x] = light[row + Math.min(width - 1, Math.max(0, box.left + x - side))];
  }
  const out = new Float32Array(wide);
  for (let y = 0; y < tall; y += 1) {
    out.fill(0);
    for (let place = 0; place < kernel.weight.length; place += 1) {
      const weight = kernel.weight[place];
      const from = (y + reach + kernel.y[place]) * stride + side + kernel.x[place];
      for (let x = 0; x < wide; x += 1) out[x] += weight * around[from + x];
    }
    light.set(out, (box.top + y) * width + box.left);
  }
}

const STEPS = 4096;
const GAMMA = Float32Array.from({ length: STEPS + 1 }, (_, step) => 255 * (step / STEPS) ** (1 / 2.2));

/**
 * Light from 0 to 1 as a camera writes it, 0 to 255; more than full light is full.
 * @param {Float32Array} light changed in place
 */
export function expose(light) {
  for (let place = 0; place < light.length; place += 1) {
    const value = light[place];
    light[place] = value <= 0 ? 0 : value >= 1 ? 255 : GAMMA[Math.round(value * STEPS)];
  }
}

/** How coarsely JPEG writes each frequency of brightness at quality 50 (annex K of the standard). */
// prettier-ignore
const COARSE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const WAVES = Float64Array.from({ length: 64 }, (_, place) => {
  const [wave, at] = [place >> 3, place & 7];
  return (wave ? 0.5 : Math.SQRT1_2 / 2) * Math.cos(((2 * at + 1) * wave * Math.PI) / 16);
});

/**
 * What is left of a part of a picture after JPEG's coarse steps.
 * @param {Float32Array} values changed in place
 * @param {number} width
 * @param {Box} box
 * @param {number} quality 1 to 50
 */
export function compress(values, width, box, quality) {
  const scale = 50 / quality;
  for (let top = box.top & ~7; top + 8 <= box.bottom; top += 8) {
    for (let left = box.left & ~7; left + 8 <= box.right; left += 8) compressBlock(values, width, top * width + left, scale);
  }
}

/**
 * @param {Float32Array} values
 * @param {number} width
 * @param {number} start
 * @param {number} scale
 */
function compressBlock(values, width, start, scale) {
  const block = Float64Array.from({ length: 64 }, (_, place) => values[start + (place >> 3) * width + (place & 7)] - 128);
  const waves = turned(turned(block, false), false);
  for (let place = 0; place < 64; place += 1) {
    const step = Math.max(1, COARSE[place] * scale);
    waves[place] = Math.round(waves[place] / step) * step;
  }
  const back = turned(turned(waves, true), true);
  for (let place = 0; place < 64; place += 1) values[start + (place >> 3) * width + (place & 7)] = back[place] + 128;
}

/**
 * Rows into waves or back, written as columns: done twice, it is the transform of the block.
 * @param {Float64Array} block
 * @param {boolean} back
 */
function turned(block, back) {
  const out = new Float64Array(64);
  for (let row = 0; row < 8; row += 1) {
    for (let to = 0; to < 8; to += 1) {
      let sum = 0;
      for (let from = 0; from < 8; from += 1) sum += block[row * 8 + from] * WAVES[back ? from * 8 + to : to * 8 + from];
      out[to * 8 + row] = sum;
    }
  }
  return out;
}
