/** What the board asks the server. */

/**
 * @typedef {{lab: string, first_on: string, trainers: string[]|null}} Target
 * @typedef {{kind: string, message: string, target: Target|null}} Way
 * @typedef {{kind: string, blocks: boolean, message: string, ways_out: Way[]}} Conflict
 * @typedef {{x: number, width: number, train_x: number, train_width: number}} Outline
 * @typedef {{kind: string, id: string, version: number, title: string, url: string, lines?: string[],
 *   weekdays?: number[], stands?: Target}} Subject `stands` is where a deployment stands now
 * @typedef {{id: string, name: string, free: boolean, chosen: boolean}} Trainer
 * @typedef {{subject: Subject, fixed?: string, target: Target, lab_name: string, days: string[], when: string,
 *   outline: Outline|null, trainers: Trainer[], conflicts: Conflict[], blocked: boolean, says: string}} Check
 * @typedef {{url: string, what: string}} Undo
 * @typedef {{lanes: {[lab: string]: string}, tray: string|null, undo: Undo|null, deployment: string|null, says: string}} Done
 * @typedef {{code: string, message: string}} Refusal
 * @typedef {{id: string, title: string, lab: string, messages: string[]}} Trouble
 */

/**
 * @template T
 * @typedef {{data: T, errors?: undefined}|{data?: undefined, errors: Refusal[]}} Answer `errors` is empty where nobody answered
 */

/**
 * What would be in the way; what the target leaves open is suggested, or stays as it is.
 * @param {string} address
 * @param {'deployment'|'booking'} kind
 * @param {string} id
 * @param {Partial<Target>} target
 * @returns {Promise<Answer<Check>>}
 */
export function check(address, kind, id, target) {
  const asked = frame();
  asked.set(kind, id);
  if (target.lab) asked.set('to_lab', target.lab);
  if (target.first_on) asked.set('first_on', target.first_on);
  for (const trainer of target.trainers ?? []) asked.append('trainers', trainer);
  return answerOf(`${address}?${asked}`, {});
}

/**
 * Which of the deployments shown cannot be as they stand.
 * @param {string} address
 * @returns {Promise<Answer<{troubles: Trouble[]}>>}
 */
export function troubles(address) {
  return answerOf(`${address}?${frame()}`, {});
}

/**
 * Moves, places or undoes.
 * @param {string} address
 * @param {string} token
 * @param {{[name: string]: string|string[]}} fields
 * @returns {Promise<Answer<Done>>}
 */
export function send(address, token, fields) {
  const body = new URLSearchParams({ csrf_token: token });
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  return answerOf(`${address}${location.search}`, { method: 'POST', body });
}

/** Which weeks are shown, as the address says. */
function frame() {
  const here = new URLSearchParams(location.search);
  const asked = new URLSearchParams();
  for (const name of ['from', 'weeks']) if (here.has(name)) asked.set(name, here.get(name) ?? '');
  return asked;
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Answer<any>>}
 */
async function answerOf(address, options) {
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: 'application/json' } });
    const data = await answer.json();
    return answer.ok ? { data } : { errors: data.errors };
  } catch {
    return { errors: [] };
  }
}
