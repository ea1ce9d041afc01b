/** Taking hold of something with a mouse or a pen. A finger scrolls the board; it taps instead. */

const NEAR_PX = 5;
const EDGE_PX = 40;

/**
 * @param {HTMLElement} board
 * @param {HTMLElement} scroll
 * @param {{begin: (element: HTMLElement, event: PointerEvent) => boolean, over: (event: PointerEvent) => void,
 *   end: (event: PointerEvent) => void, cancel: () => void}} hands
 */
export function listenToDrags(board, scroll, hands) {
  /** @type {{element: HTMLElement, event: PointerEvent}|null} */
  let pressed = null;
  let dragging = false;
  /** @type {PointerEvent|null} */
  let latest = null;
  let frame = 0;

  /** Once a frame, however often the pointer moves. */
  function follow() {
    frame = 0;
    if (!dragging || !latest) return;
    const box = scroll.getBoundingClientRect();
    const step = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ to) =>
      at < from + EDGE_PX ? -12 : at > to - EDGE_PX ? 12 : 0;
    const inside = latest.clientX > box.left && latest.clientX < box.right;
    const [dx, dy] = [step(latest.clientX, box.left, box.right), step(latest.clientY, box.top, box.bottom)];
    const before = scroll.scrollLeft + scroll.scrollTop;
    if (inside && (dx || dy)) scroll.scrollBy(dx, dy);
    hands.over(latest);
    // At its edge the board goes on scrolling, though the pointer rests.
    if (before !== scroll.scrollLeft + scroll.scrollTop) frame = requestAnimationFrame(follow);
  }

  board.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch' || !(event.target instanceof Element)) return;
    const element = event.target.closest('.stay, [data-booking]');
    if (!element || event.target.closest('[data-booking] :is(a, button)')) return;
    pressed = { element: /** @type {HTMLElement} */ (element), event };
  });
  document.addEventListener('pointermove', (event) => {
    if (!pressed) return;
    const far = Math.hypot(event.clientX - pressed.event.clientX, event.clientY - pressed.event.clientY) > NEAR_PX;
    if (!dragging && far) {
      dragging = hands.begin(pressed.element, pressed.event);
      if (!dragging) pressed = null;
    }
    if (!dragging) return;
    latest = event;
    frame ||= requestAnimationFrame(follow);
  });
  document.addEventListener('pointerup', (event) => {
    if (dragging) {
      // The press that ends a drag is no press on what lies under it.
      addEventListener('click', stopOnce, { capture: true, once: true });
      setTimeout(() => removeEventListener('click', stopOnce, { capture: true }));
      hands.over(event);
      hands.end(event);
    }
    pressed = null;
    dragging = false;
  });
  document.addEventListener('pointercancel', () => {
    if (dragging) hands.cancel();
    pressed = null;
    dragging = false;
  });
  board.addEventListener('dragstart', (event) => event.preventDefault());
}

/** @param {Event} event */
function stopOnce(event) {
  event.preventDefault();
  event.stopPropagation();
}
