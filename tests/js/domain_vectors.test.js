import assert from 'node:assert/strict';
import { test } from 'node:test';

import { badgeHash, badgeIdIn, shortCode, typedCode } from '../../static/js/checkin/domain/badge.js';
import { base64url, fromBase64url, hex } from '../../static/js/checkin/domain/bytes.js';
import { placeFor } from '../../static/js/checkin/domain/candidates.js';
import { correctedTime } from '../../static/js/checkin/domain/corrected_time.js';
import { frameOfText, sealText } from '../../static/js/checkin/domain/frame.js';
import { tidied } from '../../static/js/checkin/domain/initials.js';
import { presence } from '../../static/js/checkin/domain/presence.js';
import { resultsIn, scoreIn } from '../../static/js/checkin/domain/results.js';
import { vectors } from './vectors.js';

test('badges: the address of each id reads as its hash, and the hash gives its code', async () => {
  const { cases, hosts } = vectors('badge');
  assert.ok(cases.length > 5);
  for (const one of cases) {
    const id = badgeIdIn(one.url, hosts);
    assert.ok(id, one.url);
    assert.equal(hex(id), one.secret);
    assert.equal(await badgeHash(id), one.badge_hash);
    assert.equal(shortCode(one.badge_hash), one.short_code);
  }
});

test('badges: other texts are not badges of this program', async () => {
  const { texts, hosts } = vectors('badge');
  for (const { text, badge_hash: expected } of texts) {
    const id = badgeIdIn(text, hosts);
    assert.equal(id ? await badgeHash(id) : null, expected, JSON.stringify(text));
  }
});

test('codes: what a hand types is tidied, and slips are noticed', () => {
  for (const { typed, code } of vectors('badge').codes) {
    assert.equal(typedCode(typed)?.code ?? null, code, JSON.stringify(typed));
  }
});

test('initials: two to four letters, however they are typed', () => {
  for (const { name, typed, tidied: letters } of vectors('initials').cases) assert.equal(tidied(typed), letters, name);
});

test('frames: bytes and hashes are those of the other language', async () => {
  const { frames, seals, base64url: texts, not_base64url: wrong } = vectors('frame');
  for (const one of frames) {
    const { bytes, hash } = await frameOfText(one, one.body);
    assert.equal(base64url(bytes), one.frame, one.name);
    assert.equal(hash, one.hash, one.name);
  }
  for (const one of seals) assert.equal(new TextDecoder().decode(sealText(one)), one.text);
  for (const { text, bytes_hex: bytes } of texts) {
    assert.equal(hex(fromBase64url(text)), bytes);
    assert.equal(base64url(Uint8Array.from(Buffer.from(bytes, 'hex'))), text);
  }
  assert.ok(wrong.length);
});

test('corrected time', () => {
  for (const { name, expect, ...reading } of vectors('corrected_time').cases) {
    assert.deepEqual(correctedTime(reading), expect, name);
  }
});

test('presence, in any order and with repetition', () => {
  for (const { name, session, make_up: makeUp, events, expect } of vectors('presence').cases) {
    const hours = {
      startsAt: session.starts_ms,
      endsAt: session.ends_ms,
      breaks: session.breaks.map((/** @type {number[]} */ [startsAt, endsAt]) => ({ startsAt, endsAt })),
      graceMinutes: session.grace_minutes,
      cancelled: session.cancelled,
    };
    const told = events.map((/** @type {any} */ { at_ms: at, ended_ms: endedAt, ...event }) => ({ ...event, at, endedAt }));
    for (const order of [told, [...told].reverse(), [...told, ...told]]) {
      const { status, open, minutes, scheduled, flags, firstIn, lastOut } = presence(hours, order, { makeUp });
      const answer = {
        status,
        open,
        credited_minutes: minutes,
        scheduled_minutes: scheduled,
        flags,
        first_in_ms: firstIn,
        last_out_ms: lastOut,
      };
      assert.deepEqual(answer, expect, name);
    }
  }
});

test('which session a scan belongs to', () => {
  for (const { name, at_ms: at, open_session: open, sessions, cohorts, expect } of vectors('candidates').cases) {
    const known = sessions.map((/** @type {any} */ { course, place, starts_ms: startsAt, ends_ms: endsAt, ...rest }) => ({
      ...rest,
      courseId: course,
      placeId: place,
      startsAt,
      endsAt,
    }));
    const card = known.find((/** @type {any} */ { id }) => id === open) ?? null;
    const choice = placeFor({ sessions: known, card, cohorts: new Map(Object.entries(cohorts)), at });
    const answer = {
      session: choice.session?.id ?? null,
      cohort: choice.cohort,
      make_up: choice.standing === 'make_up',
      not_enrolled: choice.standing === 'not_enrolled',
    };
    assert.deepEqual(answer, expect, name);
  }
});

test('which attempt counts, and which level of a skill was reached', () => {
  const { skills: wanted, cases } = vectors('learning');
  const skills = wanted.map((/** @type {any} */ { id, needed_level: level }) => ({ id, name: id, ...(level ? { neededLevel: level } : {}) }));
  for (const { name, policy, scores, signed, expect } of cases) {
    const cohort = { skills, policy: { graceMinutes: 7, assessmentRequired: true, passMark: policy.pass_mark, maxAttempts: policy.max_attempts ?? undefined, lastCounts: policy.last_counts } };
    const events = [
      ...scores.map((/** @type {any} */ [at, score]) => ({ type: 'assessment', at, body: { score } })),
      ...signed.map((/** @type {any} */ [skill, level], /** @type {number} */ at) => ({ type: 'sign_off', at, body: { skill, ...(level ? { level } : {}) } })),
    ].map((event, number) => ({ ...event, id: `${number}`, hash: `${number}` }));
    for (const order of [events, [...events].reverse()]) {
      const found = resultsIn(/** @type {any} */ (order), cohort);
      const answer = {
        score: found.score,
        passed: found.passed,
        weighed: found.attempts.filter(({ weighed }) => weighed).length,
        levels: Object.fromEntries(found.levels),
        signed: [...found.signed].sort(),
      };
      assert.deepEqual(answer, expect, name);
    }
  }
});

test('points as trainers type them', () => {
  const cases = { 78: 78, '78.5': 78.5, ' 78,25 ': 78.25, 100: 100, 0: 0, 101: null, '-1': null, '1e308': null, seventy: null, '': null, '7.555': null };
  for (const [typed, points] of Object.entries(cases)) assert.equal(scoreIn(typed), points, typed);
});
