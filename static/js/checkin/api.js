/**
 * The only place that talks to the server. Whatever comes back is either a well-formed answer of this program or
 * teaches nothing: a hotel's sign-in page with status 200 is no answer.
 */

const LONGEST_WAIT_MS = 30_000;
const TOO_MANY = 429;

/**
 * @typedef {{code: string, message: string, field?: string|null}} ApiError
 * @typedef {{ok: true, data: any}} Answer
 * @typedef {{ok: false, network?: boolean, status?: number, errors?: ApiError[], retryAfterMs?: number}} NoAnswer
 * @typedef {ReturnType<typeof createApi>} Api
 */

/**
 * @param {{base?: string, token?: () => Promise<string|null>}} [options]
 */
export function createApi({ base = '', token = async () => null } = {}) {
  /** @param {string} path @param {RequestInit} request @returns {Promise<Answer|NoAnswer>} */
  const ask = async (path, request) => {
    const bearer = await token();
    const headers = new Headers(request.headers);
    headers.set('Accept', 'application/json');
    if (bearer) headers.set('Authorization', `Bearer ${bearer}`);
    try {
      const response = await fetch(base + path, {
        ...request,
        headers,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      return await understood(response);
    } catch {
      return { ok: false, network: true };
    }
  };
  /** @param {string} path @param {object} body */
  const post = (path, body) =>
    ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

  return {
    /** @param {{code: string, public_key: JsonWebKey, name: string, app_version: string}} request */
    pair: (request) => post('/api/v1/devices', request),
    /** @param {{epoch: string, cursor: string}} place */
    pack: ({ epoch, cursor }) =>
      ask(`/api/v1/pack?${new URLSearchParams({ epoch, cursor })}`, { method: 'GET' }),
    /** @param {object} upload */
    events: (upload) => post('/api/v1/events', upload),
    siteChecks: () => ask('/api/v1/site-checks', { method: 'GET' }),
    /** @param {object} draft */
    keepSiteCheck: (draft) => post('/api/v1/site-checks', draft),
  };
}

/**
 * @param {Response} response
 * @returns {Promise<Answer|NoAnswer>}
 */
async function understood(response) {
  const json = (response.headers.get('Content-Type') ?? '').startsWith('application/json');
  const data = json ? await response.json() : null;
  if (response.ok && data && typeof data === 'object') return { ok: true, data };
  const errors = Array.isArray(data?.errors) ? data.errors : undefined;
  const later = response.status === TOO_MANY ? Number(response.headers.get('Retry-After')) : 0;
  return { ok: false, status: response.status, errors, ...(later > 0 ? { retryAfterMs: later * 1000 } : {}) };
}
