import assert from 'node:assert/strict';
import { test } from 'node:test';

import { looksLikeSsn } from '../../static/js/lib/ssn.js';
import { vectors } from './vectors.js';

const cases = vectors('ssn');

for (const text of cases.looks_like_one) {
  test(`looks like a Social Security number: ${text}`, () => assert.equal(looksLikeSsn(text), true));
}

for (const text of cases.is_something_else) {
  test(`is something else: ${text}`, () => assert.equal(looksLikeSsn(text), false));
}
