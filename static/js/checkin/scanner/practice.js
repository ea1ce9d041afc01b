/**
 * A picture to practise on before the first badge comes: the browser makes the decoder's parts ready when they are
 * first used, and that takes many times as long as reading does.
 */

import { colorsOf } from './gray.js';

/** The modules of a code row by row, 29 bits each: a badge of nobody at an address that cannot be. */
const ROWS = `1fcd457f 10598a41 174d255d 17409a5d 1752955d 104c7a41 1fd5557f b2a00 15491512 93aba22 5667513 1d17dac8
  c4567ab 88d6967 156c851f 30f2ae7 105014bc 384ba4b 15587570 c0dd8bc 175a77fd 106911 1fc99559 104d2b18 175515fa
  1745ab7e 175615e9 104e2b8b 1fd4149d`;
const MODULE_PIXELS = 6;
/** Radians: nobody holds a badge straight. */
const TURNED = 0.15;

const [width, height] = [640, 480];

/** @returns {import('./gray.js').Colors} the code in the middle of a light picture */
export function practicePicture() {
  const rows = ROWS.split(/\s+/).map((row) => Number.parseInt(row, 16));
  const size = rows.length;
  const gray = new Float32Array(width * height).fill(220);
  const [sine, cosine] = [Math.sin(TURNED) / MODULE_PIXELS, Math.cos(TURNED) / MODULE_PIXELS];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [right, down] = [x - width / 2, y - height / 2];
      const column = Math.floor(right * cosine + down * sine + size / 2);
      const row = rows[Math.floor(down * cosine - right * sine + size / 2)] ?? 0;
      if (column >= 0 && column < size && (row >> (size - 1 - column)) & 1) gray[y * width + x] = 30;
    }
  }
  return colorsOf({ width, height, gray });
}
