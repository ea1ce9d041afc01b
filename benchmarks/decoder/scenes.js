/** The hard scenes: twelve kinds of damage, each from bearable to hopeless, in two sizes of picture. */

import { CARD, cleanCard } from './card.js';
import { chanceOf, seedOf } from './chance.js';
import { disc, streak } from './lens.js';

/**
 * @typedef {import('./chance.js').Chance} Chance
 * @typedef {import('./view.js').View} View
 * @typedef {{text: string, code: readonly string[]}} Badge
 * @typedef {{name: string, kind: string, size: string, text: string, view: View}} Scene
 * @typedef {View & {card: import('./card.js').Card}} Held
 */

export const SIZES = [
  { width: 640, height: 480 },
  { width: 1280, height: 720 },
];
/** How hard a scene is, from 0 to 1, in as many steps for every kind and size. */
export const STEPS = 9;

/**
 * Each makes a held badge harder to read. `level` is 0 for bearable and 1 for hopeless; the ranges are set so that the
 * decoder alone reads between half and three quarters of all scenes.
 * @type {Record<string, (view: Held, level: number, chance: Chance) => void>}
 */
export const DAMAGE = {
  motion(view, level, chance) {
    view.blur = streak(moduleOf(view) * mix(0.7, 2.2, level), chance.between(0, Math.PI));
  },
  defocus(view, level) {
    view.blur = disc(moduleOf(view) * mix(0.35, 1.1, level));
  },
  glare(view, level, chance) {
    const code = CARD.code * view.pose.scale;
    const [far, turn] = [code * chance.between(0.05, 0.3), chance.between(0, 6.28)];
    const at = { x: view.pose.x + far * Math.cos(turn), y: view.pose.y + far * Math.sin(turn) };
    view.glares = [
      { ...at, radius: code * mix(0.02, 0.16, level), light: 2 },
      { ...at, radius: code * 0.6, light: mix(0.05, 0.45, level) },
    ];
  },
  low_light(view, level) {
    view.exposure = mix(0.3, 0.025, level);
    view.noise = mix(8, 22, level);
  },
  tilt(view, level, chance) {
    const lean = mix(0.7, 1.3, level);
    const turn = chance.between(0, 6.28);
    view.pose.nod = lean * Math.cos(turn);
    view.pose.yaw = lean * Math.sin(turn);
  },
  curl(view, level) {
    view.card.bend = mix(26, 16.5, level);
  },
  crease(view, level, chance) {
    for (let number = 0; number < 1 + level; number += 1) {
      view.card.creases.push({
        turn: chance.between(0, Math.PI), off: chance.between(-9, 9), worn: mix(0.1, 0.5, level),
        lean: mix(0.01, 0.09, level), shade: chance.between(0.5, 0.9),
      }); // prettier-ignore
    }
  },
  dirt(view, level, chance) {
    for (let number = 0; number < mix(1, 9, level); number += 1) {
      view.card.spots.push({
        x: chance.between(-17, 17), y: chance.between(-17, 17), along: chance.between(0.5, 4), across: chance.between(0.3, 1.6),
        turn: chance.between(0, Math.PI), light: chance.unit() < 0.7 ? chance.between(0.05, 0.2) : 0.8,
      }); // prettier-ignore
    }
  },
  low_contrast(view, level) {
    view.card.ink = mix(0.45, 0.64, level);
    view.card.paper = 0.74;
    view.haze = mix(0.1, 0.4, level);
    view.noise = 1.5;
  },
  far(view, level) {
    view.pose.scale = (view.width * mix(0.12, 0.05, level)) / CARD.code;
  },
  jpeg(view, level) {
    view.quality = Math.round(mix(10, 2, level));
    view.pose.scale *= 0.75;
  },
  shadow(view, level, chance) {
    const code = (CARD.code * view.pose.scale) / view.height;
    for (let number = 0; number < 1 + 2 * level; number += 1) {
      view.shades.push({
        turn: chance.between(0, Math.PI), off: code * chance.between(-0.4, 0.4), half: code * chance.between(0.03, 0.2),
        soft: 0.01, left: mix(0.6, 0.1, level),
      }); // prettier-ignore
    }
  },
};

/** @param {number} from @param {number} to @param {number} part */
const mix = (from, to, part) => from + (to - from) * part;

/**
 * How many pixels wide a module of the code is.
 * @param {Held} view
 */
const moduleOf = (view) => (CARD.code * view.pose.scale) / view.card.code.length;

/**
 * All hard scenes of a seed: kinds times sizes times steps.
 * @param {number} seed
 * @param {readonly Badge[]} badges
 * @returns {Scene[]}
 */
export function hardScenes(seed, badges) {
  const kinds = Object.keys(DAMAGE);
  return kinds.flatMap((kind, number) =>
    SIZES.flatMap((size, large) =>
      Array.from({ length: STEPS }, (_, step) => {
        const own = seedOf(seed, number, large, step);
        const chance = chanceOf(own);
        const badge = badges[chance.below(badges.length)];
        const view = held(size, own, badge, chance);
        DAMAGE[kind](view, (step + chance.unit()) / STEPS, chance);
        return { name: `${kind} ${step + 1}`, kind, size: `${size.width}x${size.height}`, text: badge.text, view };
      }),
    ),
  );
}

/**
 * A sharp badge, held straight in good light.
 * @param {{width: number, height: number}} size
 * @param {number} seed
 * @param {Badge} badge
 * @returns {Scene}
 */
export function sharpScene(size, seed, badge) {
  const view = held(size, seed, badge, chanceOf(seed));
  return { name: 'sharp', kind: 'sharp', size: `${size.width}x${size.height}`, text: badge.text, view };
}

/**
 * @param {{width: number, height: number}} size
 * @param {number} seed
 * @param {Badge} badge
 * @param {Chance} chance
 * @returns {Held}
 */
function held({ width, height }, seed, badge, chance) {
  const scale = (width * chance.between(0.16, 0.28)) / CARD.code;
  const pose = {
    x: width * chance.between(0.3, 0.5), y: height * chance.between(0.4, 0.6), scale,
    turn: chance.between(-0.4, 0.4), nod: chance.between(-0.2, 0.2), yaw: chance.between(-0.2, 0.2),
  }; // prettier-ignore
  const card = cleanCard(badge.code, chance);
  return { width, height, seed, card, pose, shades: [], glares: [], haze: 0.02, blur: null, exposure: 0.8, noise: 2, quality: 0 };
}

/**
 * Scenes in which something wrong might be read: an empty room, codes of others, and badges whose modules are flipped,
 * from a few to so many that the text is gone.
 * @param {number} seed
 * @param {readonly Badge[]} badges
 * @param {readonly Badge[]} others
 * @param {number} amount of each in each size
 * @returns {Scene[]} an empty room's text is empty
 */
export function traps(seed, badges, others, amount) {
  return SIZES.flatMap((size, large) =>
    Array.from({ length: amount }, (_, number) => trapsOf(size, seedOf(seed, 99, large, number), badges, others)).flat(),
  );
}

/**
 * @param {{width: number, height: number}} size
 * @param {number} own
 * @param {readonly Badge[]} badges
 * @param {readonly Badge[]} others
 * @returns {Scene[]}
 */
function trapsOf(size, own, badges, others) {
  const chance = chanceOf(own);
  const badge = badges[chance.below(badges.length)];
  const worn = { ...badge, code: flipped(badge.code, chance.between(0.03, 0.4), chance) };
  const other = others[chance.below(others.length)];
  const view = held(size, own, other, chance);
  const kinds = Object.keys(DAMAGE);
  DAMAGE[kinds[chance.below(kinds.length)]](view, chance.unit(), chance);
  const named = { name: `trap ${own}`, size: `${size.width}x${size.height}` };
  return [
    { ...named, kind: 'flipped', text: badge.text, view: held(size, own, worn, chance) },
    { ...named, kind: 'other', text: other.text, view },
    { ...named, kind: 'empty', text: '', view: { ...held(size, own + 1, badge, chance), card: null } },
  ];
}

/**
 * A code in which some modules have the wrong colour; what finds and measures it stays whole.
 * @param {readonly string[]} code
 * @param {number} share
 * @param {Chance} chance
 */
function flipped(code, share, chance) {
  const [quiet, corner] = [4, 8];
  const [begin, end] = [quiet, code.length - quiet];
  return code.map((line, row) =>
    [...line].map((module, column) => {
      const inside = Math.min(row, column) >= begin && Math.max(row, column) < end;
      const high = row < begin + corner;
      const low = row >= end - corner;
      const left = column < begin + corner;
      const kept = (high && (left || column >= end - corner)) || (low && left) || row === begin + 6 || column === begin + 6;
      const turns = chance.unit() < share;
      if (!inside || kept || !turns) return module;
      return module === '#' ? ' ' : '#';
    }).join(''),
  );
}
