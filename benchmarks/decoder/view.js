/** A card in a room before a camera: where it is, what light falls on it, and the pictures that come of it. */

import { CARD, lightOf } from './card.js';
import { addNoise, chanceOf, seedOf } from './chance.js';
import { compress, expose, SHARP, spread } from './lens.js';

/**
 * @typedef {import('./chance.js').Chance} Chance
 * @typedef {import('./lens.js').Box} Box
 * @typedef {{width: number, height: number, gray: Uint8ClampedArray}} Picture
 *
 * @typedef {object} Pose how the card is held
 * @property {number} x middle of the code, pixels
 * @property {number} y
 * @property {number} scale pixels a millimetre there
 * @property {number} turn radians, in the picture
 * @property {number} nod radians, about the level axis
 * @property {number} yaw radians, about the upright axis
 *
 * @typedef {object} Shade a band of less light across the picture, in parts of its height
 * @property {number} turn radians
 * @property {number} off from the middle of the code
 * @property {number} half half its width
 * @property {number} soft width of its edge
 * @property {number} left what light is left in it
 *
 * @typedef {object} View
 * @property {number} width
 * @property {number} height
 * @property {number} seed
 * @property {import('./card.js').Card|null} card
 * @property {Pose} pose
 * @property {Shade[]} shades
 * @property {{x: number, y: number, radius: number, light: number}[]} glares light of a lamp, thrown back; pixels
 * @property {number} haze light that lies over everything
 * @property {import('./lens.js').Kernel|null} blur
 * @property {number} exposure
 * @property {number} noise one standard deviation in steps of 255
 * @property {number} quality of JPEG, 0 for none
 */

/** How far the eye is from the card, in millimetres: what leans towards it looks larger. */
const EYE = 300;

/**
 * The pictures that a camera takes of a card held up: the hand trembles and the sensor's noise is another each time;
 * what is wrong with the card, the light and the lens stays.
 * @param {View} view
 * @param {number} amount
 * @returns {Generator<Picture>}
 */
export function* pictures(view, amount) {
  const room = roomOf(view);
  const chance = chanceOf(seedOf(view.seed, 77));
  for (let number = 0; number < amount; number += 1) {
    yield picture(view, room, number ? trembling(view.pose, chance) : view.pose, chance);
  }
}

/**
 * @param {Pose} pose
 * @param {Chance} chance
 * @returns {Pose}
 */
function trembling(pose, chance) {
  return {
    x: pose.x + pose.scale * chance.between(-1.5, 1.5),
    y: pose.y + pose.scale * chance.between(-1.5, 1.5),
    scale: pose.scale * chance.between(0.985, 1.015),
    turn: pose.turn + chance.between(-0.02, 0.02),
    nod: pose.nod + chance.between(-0.02, 0.02),
    yaw: pose.yaw + chance.between(-0.02, 0.02),
  };
}

/**
 * @param {View} view
 * @param {ReturnType<typeof roomOf>} room
 * @param {Pose} pose
 * @param {Chance} chance
 * @returns {Picture}
 */
function picture(view, room, pose, chance) {
  const { width, height } = view;
  const light = Float32Array.from(room.behind);
  const box = view.card ? drawCard(light, view, view.card, pose) : { left: 0, top: 0, right: width, bottom: height };
  for (let place = 0; place < light.length; place += 1) {
    light[place] = light[place] * room.falling[place] + room.thrown[place];
  }
  spread(light, width, height, box, SHARP);
  if (view.blur) spread(light, width, height, box, view.blur);
  for (let place = 0; place < light.length; place += 1) light[place] = view.haze + (1 - view.haze) * light[place];
  expose(light);
  addNoise(light, view.noise, chance);
  if (view.quality) compress(light, width, box, view.quality);
  return { width, height, gray: Uint8ClampedArray.from(light) };
}

/**
 * What does not change from picture to picture: the wall, the light that falls on things, the light thrown back.
 * @param {View} view
 */
function roomOf(view) {
  const { width, height, pose } = view;
  const chance = chanceOf(seedOf(view.seed, 5));
  const behind = wall(width, height, chance);
  const falling = new Float32Array(width * height);
  const thrown = new Float32Array(width * height);
  const [fadeX, fadeY] = [chance.between(-0.2, 0.2), chance.between(-0.2, 0.2)];
  const bands = view.shades.map(({ turn, ...band }) => ({ ...band, across: Math.cos(turn), down: Math.sin(turn) }));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = y * width + x;
      const offX = (x - pose.x) / height;
      const offY = (y - pose.y) / height;
      let here = view.exposure * (1 - fadeX * offX - fadeY * offY);
      for (const { across, down, off, half, soft, left } of bands) {
        const from = Math.abs(offX * across + offY * down - off) - half;
        here *= left + (1 - left) * Math.min(1, Math.max(0, from / soft));
      }
      falling[place] = here;
      for (const { x: atX, y: atY, radius, light } of view.glares) {
        const far = ((x - atX) ** 2 + (y - atY) ** 2) / (radius * radius);
        if (far < 9) thrown[place] += light * Math.exp(-far);
      }
    }
  }
  return { behind, falling, thrown };
}

/**
 * A wall, shelves, a checked shirt: what is behind a badge has edges of its own.
 * @param {number} width
 * @param {number} height
 * @param {Chance} chance
 */
function wall(width, height, chance) {
  const light = new Float32Array(width * height).fill(chance.between(0.15, 0.5));
  for (let number = 0; number < 14; number += 1) {
    const [left, top] = [chance.below(width), chance.below(height)];
    const [wide, tall] = [chance.between(0.03, 0.4) * width, chance.between(0.03, 0.4) * height];
    const [own, checked] = [chance.between(0.02, 0.7), number % 4 === 0 ? Math.round(chance.between(3, 14)) : 0];
    for (let y = top; y < Math.min(height, top + tall); y += 1) {
      for (let x = left; x < Math.min(width, left + wide); x += 1) {
        const dark = checked && ((x / checked) ^ (y / checked)) & 1;
        light[y * width + x] = dark ? own * 0.4 : own;
      }
    }
  }
  return light;
}

/**
 * @param {Float32Array} light
 * @param {View} view
 * @param {import('./card.js').Card} card
 * @param {Pose} pose
 * @returns {Box} where the card is, with room for blur
 */
function drawCard(light, view, card, pose) {
  const { width, height } = view;
  const flat = inverse(projection(pose));
  const box = boxOf(view, pose);
  for (let y = box.top; y < box.bottom; y += 1) {
    for (let x = box.left; x < box.right; x += 1) {
      let [sum, seen] = [0, 0];
      for (let part = 0; part < 4; part += 1) {
        const pixelX = x + 0.25 + 0.5 * (part & 1);
        const pixelY = y + 0.25 + 0.5 * (part >> 1);
        const depth = flat[6] * pixelX + flat[7] * pixelY + flat[8];
        const onX = (flat[0] * pixelX + flat[1] * pixelY + flat[2]) / depth;
        const onY = (flat[3] * pixelX + flat[4] * pixelY + flat[5]) / depth;
        const here = bentLight(card, onX, onY);
        if (here < 0) continue;
        sum += here;
        seen += 1;
      }
      if (seen) light[y * width + x] = (sum + (4 - seen) * light[y * width + x]) / 4;
    }
  }
  const margin = Math.ceil(height / 40);
  return {
    left: Math.max(0, box.left - margin),
    top: Math.max(0, box.top - margin),
    right: Math.min(width, box.right + margin),
    bottom: Math.min(height, box.bottom + margin),
  };
}

/**
 * A bent card is part of a pipe: what turns away looks narrower, and is darker.
 * @param {import('./card.js').Card} card
 * @param {number} x
 * @param {number} y
 */
function bentLight(card, x, y) {
  if (!card.bend) return lightOf(card, x, y);
  const part = x / card.bend;
  if (Math.abs(part) >= 1) return -1;
  const turned = Math.sqrt(1 - part * part);
  const here = lightOf(card, card.bend * Math.asin(part), y * (1 + ((1 - turned) * card.bend) / EYE));
  return here < 0 ? here : here * (0.3 + 0.7 * turned);
}

/**
 * From millimetres on the card to pixels, as a matrix of nine.
 * @param {Pose} pose
 */
function projection({ x, y, scale, turn, nod, yaw }) {
  const [cosT, sinT, cosN, sinN, cosY, sinY] = [Math.cos(turn), Math.sin(turn), Math.cos(nod), Math.sin(nod), Math.cos(yaw), Math.sin(yaw)];
  const [rightX, rightY, rightZ] = [cosY, sinN * sinY, -cosN * sinY];
  const [downX, downY, downZ] = [0, cosN, sinN];
  const [depthX, depthY] = [rightZ / EYE, downZ / EYE];
  return [
    scale * (cosT * rightX - sinT * rightY) + x * depthX, scale * (cosT * downX - sinT * downY) + x * depthY, x,
    scale * (sinT * rightX + cosT * rightY) + y * depthX, scale * (sinT * downX + cosT * downY) + y * depthY, y,
    depthX, depthY, 1,
  ]; // prettier-ignore
}

/** @param {number[]} m */
function inverse([a, b, c, d, e, f, g, h, i]) {
  return [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
}

/**
 * @param {View} view
 * @param {Pose} pose
 * @returns {Box}
 */
function boxOf({ width, height }, pose) {
  const m = projection(pose);
  const left = -CARD.code / 2 - CARD.codeLeft;
  const corners = [left, left + CARD.width].flatMap((x) => [-CARD.height / 2, CARD.height / 2].map((y) => {
    const depth = m[6] * x + m[7] * y + m[8];
    return [(m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth];
  }));
  const [across, down] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return {
    left: Math.max(0, Math.floor(Math.min(...across))),
    top: Math.max(0, Math.floor(Math.min(...down))),
    right: Math.min(width, Math.ceil(Math.max(...across))),
    bottom: Math.min(height, Math.ceil(Math.max(...down))),
  };
}
