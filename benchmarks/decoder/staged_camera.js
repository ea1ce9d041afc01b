/**
 * Put into the page before its own scripts: a camera whose pictures the benchmark chooses, and marks of when a picture
 * was taken, given to the worker, answered, and when its verdict stood on the screen.
 */
(() => {
  const canvas = document.createElement('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {{taken: number, given: number, answered: number}} */
  const now = { taken: 0, given: 0, answered: 0 };
  /** @type {HTMLImageElement|null} */
  let held = null;
  const stage = {
    /** @type {HTMLImageElement[]} */
    pictures: [],
    /** @type {{name: string, shown: number, taken: number, given: number, answered: number}[]} */
    verdicts: [],
    /** @param {string[]} addresses @param {number} width @param {number} height */
    async load(addresses, width, height) {
      Object.assign(canvas, { width, height });
      stage.pictures = addresses.map((src) => Object.assign(new Image(), { src }));
      await Promise.all(stage.pictures.map((picture) => picture.decode()));
    },
    /** @param {number} number @returns {number} when the picture came before the camera */
    hold(number) {
      held = stage.pictures[number];
      context.drawImage(held, 0, 0);
      return performance.now();
    },
    colors: () => context.getImageData(0, 0, canvas.width, canvas.height),
  };
  Object.assign(window, { stage });
  navigator.mediaDevices.getUserMedia = async () => {
    // A stream has no picture before something is drawn once more.
    setInterval(() => held && context.drawImage(held, 0, 0), 100);
    return canvas.captureStream(30);
  };

  const take = window.createImageBitmap.bind(window);
  Object.assign(window, {
    createImageBitmap: (/** @type {HTMLVideoElement} */ video) => {
      now.taken = performance.now();
      return take(video);
    },
  });
  const give = Worker.prototype.postMessage;
  const listenedTo = new WeakSet();
  /** @this {Worker} @param {any} message @param {any} given */
  Worker.prototype.postMessage = function (message, given) {
    if (!listenedTo.has(this)) {
      listenedTo.add(this);
      this.addEventListener('message', () => {
        now.answered = performance.now();
      });
    }
    now.given = performance.now();
    give.call(this, message, given);
  };

  const nameShown = () => document.querySelector('.verdict__name')?.textContent ?? '';
  let last = '';
  new MutationObserver(() => {
    const name = nameShown();
    if (name === last) return;
    last = name;
    const marks = { ...now };
    // A frame later it is painted, and said by a screen reader.
    if (name) requestAnimationFrame(() => setTimeout(() => stage.verdicts.push({ name, shown: performance.now(), ...marks })));
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
