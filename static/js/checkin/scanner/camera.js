/** The camera as a source of texts: pictures go to the decoder one at a time, the next one when it is free. */

/**
 * @typedef {'off'|'starting'|'on'|'refused'|'missing'|'broken'|'no_decoder'} CameraState `no_decoder`: pictures come, and
 *   what reads them does not
 *
 * @typedef {object} CameraParts
 * @property {(text: string) => unknown} onText the next picture is taken once its promise has come true
 * @property {(state: CameraState, torch: boolean|null) => void} onState `torch`: lit or not, null without one
 * @property {() => string|null} chosen the camera that the trainer prefers, where there are several
 * @property {(cameras: Camera[]) => void} onCameras
 *
 * @typedef {{id: string, label: string}} Camera
 */

const BETWEEN_MS = 60;
/** Beside this file, or beside the one file that set-up makes of all. */
const WORKER = new URL('./worker.js', import.meta.url);
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
/** One picture may be more than the decoder can take; so many in a row mean that there is none. */
const MOST_FAILURES = 3;

/** @param {CameraParts} parts */
export function createCamera({ onText, onState, chosen, onCameras }) {
  /** @type {MediaStream|null} */
  let stream = null;
  /** @type {Worker|null} */
  let decoder = null;
  /** @type {HTMLVideoElement|null} */
  let video = null;
  let wanted = false;
  let lit = false;

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
    const picture = await createImageBitmap(video).catch(() => null);
    if (picture) decoder?.postMessage({ picture }, [picture]);
    else setTimeout(look, 200);
  };

  const undecoded = () => {
    release();
    onState('no_decoder', null);
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
    // It makes itself ready while the camera opens.
    decoder ??= new Worker(WORKER, { type: 'module' });
    decoder.onerror = undecoded;
    const opened = await openedCamera(chosen());
    if (!wanted || !video) {
      for (const one of opened.getTracks()) one.stop();
      return;
    }
    stream = opened;
    track()?.addEventListener('ended', lost);
    video.srcObject = stream;
    await video.play();
    if (!decoder) return;
    let failures = 0;
    decoder.onmessage = async ({ data }) => {
      failures = data.error ? failures + 1 : 0;
      if (failures >= MOST_FAILURES) {
        undecoded();
        return;
      }
      // Taking a picture costs the screen's thread time that it needs for the verdict.
      if (data.text && wanted) await onText(data.text);
      setTimeout(look, BETWEEN_MS);
    };
    onState('on', torch());
    // Names are told only to pages that may use a camera.
    onCameras(await camerasHere());
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
      release();
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
 * The camera that was chosen, else the one that looks away from the trainer.
 * @param {string|null} id
 * @returns {Promise<MediaStream>}
 */
async function openedCamera(id) {
  const usual = { audio: false, video: { facingMode: 'environment', ...SIZE } };
  if (!id) return navigator.mediaDevices.getUserMedia(usual);
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { deviceId: { exact: id }, ...SIZE } });
  } catch (error) {
    // It was unplugged, or the browser calls it something else now.
    if (reasonOf(error) !== 'missing') throw error;
    return navigator.mediaDevices.getUserMedia(usual);
  }
}

/**
 * The cameras of this phone, as far as the page may know them.
 * @returns {Promise<Camera[]>}
 */
export async function camerasHere() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const cameras = devices.filter(({ kind, deviceId, label }) => kind === 'videoinput' && deviceId && label);
  return cameras.map(({ deviceId: id, label }) => ({ id, label }));
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
