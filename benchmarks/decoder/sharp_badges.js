/** Sharp badges as a camera sees them, one picture for each, and an empty room last: JSON in, JSON out. `scan.py` asks. */

import { readFileSync } from 'node:fs';

import { sharpScene } from './scenes.js';
import { pictures } from './view.js';

/** @type {{width: number, height: number, badges: import('./scenes.js').Badge[]}} */
const { width, height, badges } = JSON.parse(readFileSync(0, 'utf8'));
const views = badges.map((badge, number) => sharpScene({ width, height }, number, badge).view);
for (const view of [...views, { ...views[0], card: null }]) {
  const [{ gray }] = pictures(view, 1);
  console.log(JSON.stringify(Buffer.from(gray).toString('base64')));
}
