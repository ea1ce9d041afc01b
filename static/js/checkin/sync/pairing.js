/** Makes this phone known to the office, or adds a second trainer to it. */

/**
 * @typedef {import('../store/index.js').Store} Store
 * @typedef {{ok: true} | {ok: false, network: boolean, message: string|null}} Paired
 */

/**
 * @param {{store: Store, api: Pick<import('../api.js').Api, 'pair'>, clock: import('./clock.js').Clock,
 *   persist: () => Promise<boolean>, appVersion: string}} parts
 * @param {{code: string, name: string}} request
 * @returns {Promise<Paired>}
 */
export async function pairPhone({ store, api, clock, persist, appVersion }, { code, name }) {
  const keys = await store.keys();
  const known = await store.device();
  const publicKey = await crypto.subtle.exportKey('jwk', keys.publicKey);
  const asked = clock.reading();
  const reply = await api.pair({ code, public_key: publicJwk(publicKey), name, app_version: appVersion });
  if (!reply.ok) return { ok: false, network: reply.network === true, message: reply.errors?.[0]?.message ?? null };
  const { device, token, trainer, now, badge_hosts: badgeHosts } = reply.data;
  const complete = typeof device === 'string' && typeof trainer?.id === 'string' && typeof trainer?.name === 'string';
  if (!complete || (!known && typeof token !== 'string')) return { ok: false, network: false, message: null };
  const persisted = await persist();
  const fresh = known ? null : { id: device, token, name, badgeHosts: badgeHosts ?? [], persisted, revoked: false };
  await store.keepPairing({ device: fresh, trainer: { id: trainer.id, name: trainer.name } });
  const serverMs = typeof now === 'number' ? now : Date.parse(now);
  if (Number.isFinite(serverMs)) await store.keepSyncReading(clock.syncedAt(asked, serverMs));
  return { ok: true };
}

/**
 * Only what a public key is made of.
 * @param {JsonWebKey} jwk
 * @returns {JsonWebKey}
 */
function publicJwk({ kty, crv, x, y }) {
  return { kty, crv, x, y };
}
