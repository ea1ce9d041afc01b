/** Numbers by chance that are the same for the same seed, on every machine. */

/**
 * @typedef {object} Chance
 * @property {() => number} unit from 0 up to 1
 * @property {(least: number, most: number) => number} between
 * @property {(amount: number) => number} below a whole number from 0 on
 * @property {() => number} sign 1 or -1
 */

/**
 * @param {number} seed
 * @returns {Chance}
 */
export function chanceOf(seed) {
  let state = seed >>> 0;
  // Mulberry32: short, and even enough for drawing pictures.
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    unit,
    between: (least, most) => least + (most - least) * unit(),
    below: (amount) => Math.floor(unit() * amount),
    sign: () => (unit() < 0.5 ? -1 : 1),
  };
}

/**
 * A seed for one of many things that are drawn apart from one another.
 * @param {...number} parts
 * @returns {number}
 */
export function seedOf(...parts) {
  return parts.reduce((seed, part) => Math.imul(seed ^ (part + 0x9e3779b9), 0x85ebca6b) >>> 0, 0x12345678);
}

/** A table is drawn from rather than worked out: a picture needs a million of these. */
const BELL = bell(1 << 15);

/** @param {number} amount */
function bell(amount) {
  const chance = chanceOf(1);
  const drawn = new Float32Array(amount);
  for (let place = 0; place < amount; place += 1) {
    drawn[place] = Math.sqrt(-2 * Math.log(1 - chance.unit())) * Math.cos(2 * Math.PI * chance.unit());
  }
  return drawn;
}

/**
 * Adds a sensor's noise.
 * @param {Float32Array} values
 * @param {number} spread one standard deviation
 * @param {Chance} chance
 */
export function addNoise(values, spread, chance) {
  const mask = BELL.length - 1;
  for (let begin = 0; begin < values.length; begin += 512) {
    // Another place and another step for each stretch: no pattern repeats side by side.
    const from = chance.below(BELL.length);
    const step = 2 * chance.below(512) + 1;
    const end = Math.min(begin + 512, values.length);
    for (let place = begin; place < end; place += 1) values[place] += spread * BELL[(from + place * step) & mask];
  }
}
