/** The camera as a source of texts: pictures go to the decoder one at a time, the next one when it is free. */

/**
 * @typedef {'off'|'starting'|'on'|'refused'|'missing'|'broken'} CameraState
 *
 * @typedef {object} CameraParts
 * @property {(text: string) => void} onText
 * @property {(state: CameraState, torch: boolean|null) => void} onState `torch`: lit or not, null without one
 */

/** Every third try looks closer at the middle, since near and far cannot be tried in one picture's time. */
const CLOSER_EVERY = 3;
const BETWEEN_MS = 60;
const WORKER = '/static/js/checkin/scanner/worker.js';
const WANTED = {
  audio: false,
  video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** @param {CameraParts} parts */
export function createCamera({ onText, onState }) {
  /** @type {MediaStream|null} */
  let stream = null;
  /** @type {Worker|null} */
  let decoder = null;
  /** @type {HTMLVideoElement|null} */
  let video = null;
  let wanted = false;
  let lit = false;
  let tries = 0;

  const track = () => stream?.getVideoTracks()[0] ?? null;
  /** @returns {boolean|null} */
  const torch = () => {
    const capabilities = /** @type {any} */ (track()?.getCapabilities?.() ?? {});
    return capabilities.torch ? lit : null;
  };

  const look = async () => {
    if (!wanted || !video || !decoder) return;
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || document.hidden) {
      setTimeout(look, 200);
      return;
    }
    const picture = await createImageBitmap(video);
    tries += 1;
    decoder.postMessage({ picture, closer: tries % CLOSER_EVERY === 0 }, [picture]);
  };

  /** Something else took the camera, such as a call: it is asked for again once the page is looked at. */
  const lost = () => {
    if (!wanted) return;
    release();
    onState('broken', null);
    if (!document.hidden) void open();
    else document.addEventListener('visibilitychange', () => void open(), { once: true });
  };

  const release = () => {
    wanted = false;
    lit = false;
    for (const one of stream?.getTracks() ?? []) one.stop();
    stream = null;
    if (video) video.srcObject = null;
    decoder?.terminate();
    decoder = null;
  };

  const begin = async () => {
    onState('starting', null);
    const opened = await navigator.mediaDevices.getUserMedia(WANTED);
    if (!wanted || !video) {
      for (const one of opened.getTracks()) one.stop();
      return;
    }
    stream = opened;
    track()?.addEventListener('ended', lost);
    video.srcObject = stream;
    await video.play();
    decoder ??= new Worker(WORKER, { type: 'module' });
    decoder.onmessage = ({ data }) => {
      if (data.text && wanted) onText(data.text);
      setTimeout(look, BETWEEN_MS);
    };
    decoder.onerror = () => onState('broken', torch());
    onState('on', torch());
    void look();
  };

  const open = async () => {
    if (wanted || !video?.isConnected) return;
    wanted = true;
    if (!navigator.mediaDevices?.getUserMedia) {
      onState('missing', null);
      return;
    }
    try {
      await begin();
    } catch (error) {
      wanted = false;
      onState(reasonOf(error), null);
    }
  };

  return {
    /** @param {HTMLVideoElement} element */
    async start(element) {
      video = element;
      await open();
    },
    async again() {
      release();
      await open();
    },
    stop() {
      release();
      onState('off', null);
    },
    async toggleTorch() {
      lit = !lit;
      await track()?.applyConstraints({ advanced: [/** @type {any} */ ({ torch: lit })] });
      onState('on', torch());
    },
  };
}

/**
 * @param {unknown} error
 * @returns {CameraState}
 */
function reasonOf(error) {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'broken';
}
