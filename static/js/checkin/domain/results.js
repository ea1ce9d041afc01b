/** What a worker achieved by the cohort's policy: the attempt that counts, the level reached in each skill. */

import { standing } from './voids.js';

/**
 * @typedef {import('./types.js').Cohort} Cohort
 * @typedef {import('./types.js').Skill} Skill
 * @typedef {import('./types.js').Body} Body
 * @typedef {import('./voids.js').Told & {body: Body}} Told
 *
 * @typedef {object} Attempt
 * @property {string} id
 * @property {number} at
 * @property {number} score
 * @property {string|null} by
 * @property {boolean} weighed whether it is one of those that the policy allows
 * @property {boolean} decides whether it is the one that counts
 *
 * @typedef {object} Results what was recorded of one worker's achievement
 * @property {Attempt[]} attempts in their order
 * @property {number|null} score of the attempt that counts
 * @property {boolean} passed
 * @property {Map<string, number>} levels the highest of each skill that was signed off; 0 where it has no scale
 * @property {Set<string>} signed skills that reached the level they ask for
 * @property {boolean|null} consent
 */

const HIGHEST = 100;

/**
 * @param {readonly Told[]} events of one worker, undoings among them
 * @param {Pick<Cohort, 'policy'|'skills'>|undefined} cohort
 * @returns {Results}
 */
export function resultsIn(events, cohort) {
  const stand = standing(events);
  const { maxAttempts = null, lastCounts = false, passMark = null } = cohort?.policy ?? {};
  const tries = stand.filter((event) => event.type === 'assessment').map(attemptOf);
  const weighed = tries.slice(0, maxAttempts ?? tries.length);
  const deciding = lastCounts ? weighed.at(-1) : best(weighed);
  const levels = levelsIn(stand, cohort?.skills ?? []);
  const needed = new Map(cohort?.skills.map((skill) => [skill.id, skill.neededLevel ?? 0]));
  return {
    attempts: tries.map((one) => ({ ...one, weighed: weighed.includes(one), decides: one === deciding })),
    score: deciding?.score ?? null,
    passed: deciding !== undefined && deciding.score >= (passMark ?? 0),
    levels,
    signed: new Set([...levels].filter(([skill, level]) => level >= (needed.get(skill) ?? 0)).map(([skill]) => skill)),
    consent: stand.findLast((event) => event.type === 'consent')?.body.granted ?? null,
  };
}

/** @param {Told} event */
function attemptOf({ id, at, body }) {
  return { id, at, score: body.score ?? 0, by: body.by };
}

/**
 * The first of the best.
 * @template {{score: number}} T
 * @param {readonly T[]} attempts
 * @returns {T|undefined}
 */
function best(attempts) {
  const highest = Math.max(...attempts.map(({ score }) => score));
  return attempts.find(({ score }) => score === highest);
}

/**
 * @param {readonly Told[]} events
 * @param {readonly Skill[]} skills
 * @returns {Map<string, number>}
 */
function levelsIn(events, skills) {
  /** @type {Map<string, number>} */
  const levels = new Map();
  for (const { type, body } of events) {
    if (type !== 'sign_off' || !body.skill) continue;
    const needed = skills.find(({ id }) => id === body.skill)?.neededLevel ?? 0;
    const level = body.level && needed ? body.level : needed;
    levels.set(body.skill, Math.max(levels.get(body.skill) ?? 0, level));
  }
  return levels;
}

/**
 * What completing the course still asks of a worker.
 * @param {Cohort} cohort
 * @param {Results} results
 * @returns {{assessment: boolean, skills: Skill[]}}
 */
export function lacking({ policy, skills }, { passed, signed }) {
  return {
    assessment: policy.assessmentRequired && !passed,
    skills: skills.filter((skill) => skill.required !== false && !signed.has(skill.id)),
  };
}

/**
 * Points as a trainer types them, with a comma or a point; null for what are no points from 0 to 100.
 * @param {string} text
 * @returns {number|null}
 */
export function scoreIn(text) {
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(text.trim())) return null;
  const score = Number(text.trim().replace(',', '.'));
  return score <= HIGHEST ? score : null;
}
