/** The client's own files: kept for offline by the service worker, renewed only when the trainer agrees. */

/** The roster and the first scans go before what is seldom wanted, and before a look at what is kept. */
const ALL_AFTER_MS = 8_000;

/**
 * @param {{onReady: () => void, onUpdate: () => void, onSyncAsked: () => void}} listeners
 */
export function keepShellFresh({ onReady, onUpdate, onSyncAsked }) {
  /** @type {ServiceWorker|null} */
  let waiting = null;
  let agreed = false;
  let allKept = false;
  const { serviceWorker } = navigator;
  if (!serviceWorker) return { update: () => {} };

  /** @param {ServiceWorkerRegistration} registration */
  const watch = (registration) => {
    const offer = () => {
      if (!registration.waiting || !serviceWorker.controller) return;
      waiting = registration.waiting;
      onUpdate();
    };
    offer();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', offer);
    });
    setInterval(() => void registration.update().catch(() => {}), 60 * 60 * 1000);
  };

  serviceWorker.addEventListener('controllerchange', () => {
    if (agreed) location.reload();
  });
  serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.type === 'sync') onSyncAsked();
    if (data?.type === 'kept') allKept = data.whole;
  });
  const keepAll = async () => {
    if (!allKept) (await serviceWorker.ready).active?.postMessage({ type: 'keep all' });
  };
  window.addEventListener('online', () => void keepAll());
  serviceWorker
    .register('/sw.js', { scope: '/', updateViaCache: 'none' })
    .then(watch)
    .catch(() => {});
  serviceWorker.ready
    .then(() => {
      onReady();
      setTimeout(keepAll, ALL_AFTER_MS);
    })
    .catch(() => {});

  return {
    /** The trainer agreed: the new version takes over, and the page starts anew with it. */
    update() {
      agreed = true;
      waiting?.postMessage({ type: 'take over' });
    },
  };
}

/** Asks the browser to wake the service worker when signal returns, where it can. */
export async function wakeWhenOnline() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await /** @type {any} */ (registration)?.sync?.register('labtracker-outbox').catch(() => {});
}
