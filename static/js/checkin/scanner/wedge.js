/** A reader that pretends to be a keyboard: it types without a pause, and ends with Enter. */

/** Readers on slow radio links need up to a quarter of a second between characters. */
const LONGEST_PAUSE_MS = 250;
const SHORTEST = 9;

/**
 * @param {(text: string) => void} onText
 * @param {EventTarget} [target]
 * @returns {() => void} stops listening
 */
export function listenToReader(onText, target = window) {
  let typed = '';
  let lastAt = 0;
  /** @param {Event} event */
  const listen = (event) => {
    const { key, timeStamp, target: where, ctrlKey, metaKey, altKey } = /** @type {KeyboardEvent} */ (event);
    if (isField(where) || ctrlKey || metaKey || altKey) return;
    if (timeStamp - lastAt > LONGEST_PAUSE_MS) typed = '';
    lastAt = timeStamp;
    if (key === 'Enter') {
      const text = typed;
      typed = '';
      if (text.length < SHORTEST) return;
      event.preventDefault();
      onText(text);
    } else if (key.length === 1) {
      typed += key;
    }
  };
  target.addEventListener('keydown', listen, { capture: true });
  return () => target.removeEventListener('keydown', listen, { capture: true });
}

/**
 * Whether what is typed belongs to a field that somebody fills in.
 * @param {EventTarget|null} target
 * @returns {boolean}
 */
function isField(target) {
  const element = /** @type {HTMLElement|null} */ (target);
  // While somebody types initials, the next badge may come from a reader all the same.
  if (element?.dataset && 'badgesToo' in element.dataset) return false;
  const tag = element?.tagName;
  return tag === 'INPUT' || tag === 'TEXTAREA' || tag === 'SELECT';
}
