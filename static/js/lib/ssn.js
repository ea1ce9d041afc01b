/**
 * What looks like a Social Security number, as `labtracker/kit/ssn.py` has it (`tests/vectors/ssn.json` holds both to
 * one rule), and how a page keeps whoever types one from sending it.
 */

const BETWEEN = '\\s*[^\\p{L}\\p{N}]{1,8}\\s*';
const DATED = '(?!\\d{3}(?:[^\\p{L}\\p{N}_/]{1,3}(?:0[1-9]|1[0-2])/|\\.\\d{2}\\s)(?:19|20)\\d{2}(?!\\d))';
const ANY = new RegExp(
  [
    `(?<!\\d)${DATED}\\d{3}${BETWEEN}\\d{2}${BETWEEN}\\d{4}(?!\\d)`,
    '(?<![\\p{L}\\p{N}_])[x*•#]{3}[\\s.–-]?[x*•#]{2}[\\s.–-]?\\d{4}(?!\\d)',
    '(?<![\\p{L}\\p{N}_+])(?<![\\p{L}\\p{N}_]-)(?<!\\d[.,])\\d{9}(?:\\.0+)*(?![\\p{L}\\p{N}_]|[.,]\\d|-[\\p{L}\\p{N}_])',
    'ss[n#]?[^\\p{L}\\p{N}_]{0,3}\\d{9}(?!\\d)',
    '(?<![\\p{L}\\p{N}_])(?:ss[n#]?|nss|social security|seguro social)[^\\p{L}\\p{N}_]{0,3}(?:\\d[\\s.–-]?){8}\\d(?![\\s.–-]?\\d)',
  ].join('|'),
  'giu',
);
const UNSEEN = /[\p{Cf}\u034f\ufe0e\ufe0f\u20e3]|(?!\s)\p{Cc}/gu;
const ABROAD = /\+\d{1,3}[\s.(-]*$/;
const TYPED = 'textarea, input[type="search"], input[type="text"], input[type="email"], input[type="tel"], input:not([type])';
// Badges are typed in there, which may be digits alone.
const CODES = '.input--code';

/**
 * @param {string} text
 * @returns {boolean}
 */
export function looksLikeSsn(text) {
  const plain = text.normalize('NFKC').replace(/[‐‑‒–—―−﹘﹣－]/g, '-').replace(UNSEEN, '').replace(/\p{Nd}/gu, asciiDigit);
  return [...plain.matchAll(ANY)].some((match) => !ABROAD.test(plain.slice(0, match.index)));
}

/**
 * Digits of other scripts come in runs of ten.
 * @param {string} digit
 */
function asciiDigit(digit) {
  if (digit <= '9') return digit;
  let zero = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (digit.codePointAt(0) ?? 0) - zero < 9) zero -= 1;
  return String((digit.codePointAt(0) ?? 0) - zero);
}

/**
 * Holds a form back that is about to be sent with such a number, and says why at the field.
 * @param {EventTarget} page
 * @param {() => string} message
 * @param {(form: HTMLFormElement) => boolean} [concerns] the forms that are looked at; all, if it is not told
 */
export function holdBack(page, message, concerns = () => true) {
  const listen = (/** @type {string} */ kind, /** @type {(event: any) => void} */ hear) => page.addEventListener(kind, hear, true);
  listen('submit', (event) => {
    const found = concerns(event.target) ? [...event.target.elements].find(holdsOne) : null;
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(found, message());
  });
  listen('input', ({ target }) => target.setCustomValidity?.(''));
}

/**
 * Also keeps it from whatever listens while somebody types, such as a draft that is kept at once.
 * @param {EventTarget} page
 * @param {() => string} message
 */
export function holdBackWhileTyping(page, message) {
  holdBack(page, message);
  page.addEventListener(
    'input',
    (event) => {
      const field = /** @type {any} */ (event.target);
      if (!holdsOne(field)) return;
      event.stopImmediatePropagation();
      tell(field, message());
    },
    true,
  );
}

/** @param {any} field */
function holdsOne(field) {
  return field.matches?.(TYPED) && !field.matches(CODES) && looksLikeSsn(field.value);
}

/**
 * @param {HTMLInputElement} field
 * @param {string} message
 */
function tell(field, message) {
  field.setCustomValidity(message);
  field.reportValidity();
}
