/** The badge as a thing: a card of paper with its code and words, worn and dirty, seen by how much light it gives back. */

/** Millimetres, as on the sheets of badges that the office prints. */
export const CARD = { width: 88.9, height: 50.8, code: 40, codeLeft: 1.5 };

/**
 * @typedef {object} Spot something on the card, an ellipse
 * @property {number} x millimetres from the middle of the code
 * @property {number} y
 * @property {number} along half its length
 * @property {number} across half its width
 * @property {number} turn radians
 * @property {number} light how much light it gives back, 0 to 1
 *
 * @typedef {object} Crease a fold: both sides lean, and the print has come off along it
 * @property {number} turn radians
 * @property {number} off millimetres from the middle of the code
 * @property {number} worn half the width of what came off
 * @property {number} lean how much shorter one side looks
 * @property {number} shade what light is left on that side
 *
 * @typedef {object} Card
 * @property {readonly string[]} code its modules in rows, quiet zone too, `#` where it is dark
 * @property {number} ink light that printed black gives back
 * @property {number} paper light that the paper gives back
 * @property {number} bend radius of a bent card in millimetres, 0 for a flat one
 * @property {Spot[]} spots
 * @property {Crease[]} creases
 * @property {{left: number, top: number, right: number, bottom: number}[]} words bars where text stands
 */

/**
 * @param {readonly string[]} code
 * @param {import('./chance.js').Chance} chance
 * @returns {Card}
 */
export function cleanCard(code, chance) {
  const words = [];
  const left = CARD.code / 2 + 4;
  for (const [top, tall, share] of [[-17, 5, 0.9], [-10, 5, 0.6], [8, 3, 0.8], [17, 4, 0.7]]) {
    const end = left + 38 * share * chance.between(0.6, 1);
    for (let at = left; at < end; at += tall * 0.7) {
      const wide = tall * chance.between(0.15, 0.5);
      words.push({ left: at, top, right: at + wide, bottom: top + tall * chance.between(0.6, 1) });
    }
  }
  return { code, ink: 0.04, paper: 0.85, bend: 0, spots: [], creases: [], words };
}

/**
 * The light that a place on the card gives back, or -1 beside the card.
 * @param {Card} card
 * @param {number} atX millimetres from the middle of the code
 * @param {number} atY
 * @returns {number}
 */
export function lightOf(card, atX, atY) {
  let [x, y, shade] = [atX, atY, 1];
  for (const { turn, off, worn, lean, shade: dimmed } of card.creases) {
    const [alongX, alongY] = [Math.cos(turn), Math.sin(turn)];
    const beyond = x * alongX + y * alongY - off;
    if (Math.abs(beyond) < worn) return card.paper * 0.95;
    if (beyond > 0) {
      x += beyond * lean * alongX;
      y += beyond * lean * alongY;
      shade *= dimmed;
    }
  }
  const left = -CARD.code / 2 - CARD.codeLeft;
  if (x < left || x > left + CARD.width || Math.abs(y) > CARD.height / 2) return -1;
  return shade * surface(card, x, y);
}

/**
 * @param {Card} card
 * @param {number} x
 * @param {number} y
 */
function surface(card, x, y) {
  for (const { x: middleX, y: middleY, along, across, turn, light } of card.spots) {
    const [offX, offY] = [x - middleX, y - middleY];
    if (offX * offX + offY * offY > (along + across) ** 2) continue;
    const lengthwise = (offX * Math.cos(turn) + offY * Math.sin(turn)) / along;
    const sideways = (offY * Math.cos(turn) - offX * Math.sin(turn)) / across;
    if (lengthwise * lengthwise + sideways * sideways < 1) return light;
  }
  const modules = card.code.length;
  const column = Math.floor((x / CARD.code + 0.5) * modules);
  const row = Math.floor((y / CARD.code + 0.5) * modules);
  if (column >= 0 && column < modules && row >= 0 && row < modules) {
    return card.code[row][column] === '#' ? card.ink : card.paper;
  }
  if (x < CARD.code / 2) return card.paper;
  const printed = card.words.some((bar) => x >= bar.left && x < bar.right && y >= bar.top && y < bar.bottom);
  return printed ? card.ink : card.paper;
}
