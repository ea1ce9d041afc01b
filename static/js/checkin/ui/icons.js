/**
 * The drawings of all icons, put into the page once. Named in a file of their own they would be read and laid out anew
 * for every icon that comes onto the screen, which on a slow phone takes longer than the rest of a verdict.
 */

const DRAWINGS = '/static/vendor/lucide/sprite.svg';

/** Icons that are on the screen already appear once their drawings are here. @returns {Promise<void>} */
export async function bringIcons() {
  try {
    const response = await fetch(DRAWINGS);
    const { documentElement: drawings } = new DOMParser().parseFromString(await response.text(), 'image/svg+xml');
    if (!response.ok || drawings.localName !== 'svg') return;
    // Other parts of the page have names, too.
    for (const symbol of drawings.querySelectorAll('symbol')) symbol.id = iconId(symbol.id);
    const place = document.createElement('div');
    place.hidden = true;
    place.append(drawings);
    document.body.append(place);
  } catch (error) {
    // Every icon stands beside words.
    console.error(error);
  }
}

/** @param {string} name */
export function iconId(name) {
  return `icon-${name}`;
}
