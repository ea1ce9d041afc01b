/** Which facts still stand once every undoing, and every undoing of an undoing, is taken into account. */

/**
 * @typedef {{id: string, hash: string, type: string, at: number, target?: string}} Told
 */

/**
 * Told in order of what really happened first: by time, then id, then hash.
 * @template {Told} T
 * @param {readonly T[]} events
 * @returns {T[]}
 */
function inOrder(events) {
  return [...events].sort(
    (one, other) => one.at - other.at || compared(one.id, other.id) || compared(one.hash, other.hash),
  );
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
function compared(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * Each event once, without undoings and what they undo, in order.
 * @template {Told} T
 * @param {readonly T[]} events
 * @returns {T[]}
 */
export function standing(events) {
  const once = [...new Map(events.map((event) => [event.hash, event])).values()];
  const undone = undoneIds(once.filter((event) => event.type === 'void'));
  return inOrder(once.filter((event) => event.type !== 'void' && !undone.has(event.id)));
}

/**
 * A void works unless one that works names it. Those that name each other in a circle do nothing, so they are worked
 * off from the outside: first those that nobody names, then those set free by what they undo.
 * @param {readonly Told[]} voids
 * @returns {Set<string>}
 */
function undoneIds(voids) {
  /** @type {Map<string, Set<string>>} */
  const targets = new Map();
  /** @type {Map<string, Set<string>>} */
  const namedBy = new Map();
  for (const { id, target } of voids) {
    if (target === undefined) continue;
    among(targets, id).add(target);
    among(namedBy, target).add(id);
  }
  /** @type {Set<string>} */
  const undone = new Set();
  const ready = [...targets.keys()].filter((id) => !namedBy.has(id));
  for (let working = ready.pop(); working !== undefined; working = ready.pop()) {
    for (const target of among(targets, working)) {
      if (undone.has(target)) continue;
      undone.add(target);
      for (const freed of targets.get(target) ?? []) {
        if (targets.has(freed) && !undone.has(freed) && isSubset(among(namedBy, freed), undone)) ready.push(freed);
      }
    }
  }
  return undone;
}

/**
 * @param {Map<string, Set<string>>} map
 * @param {string} key
 * @returns {Set<string>}
 */
function among(map, key) {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  return set;
}

/**
 * @param {Set<string>} one
 * @param {Set<string>} other
 * @returns {boolean}
 */
function isSubset(one, other) {
  return [...one].every((element) => other.has(element));
}
