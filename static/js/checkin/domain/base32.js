/** Crockford's base32: what badges and short codes are written in. */

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_DIGITS = `${DIGITS}*~$=U`;

/**
 * What a person typed, made readable: upper case, without blanks or hyphens, with the letters that look like digits
 * turned into them.
 * @param {string} text
 * @returns {string}
 */
export function tidied(text) {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/**
 * The number written by `text`, or null where a character does not belong.
 * @param {string} text
 * @returns {bigint|null}
 */
export function numberOf(text) {
  let number = 0n;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return null;
    number = number * 32n + BigInt(digit);
  }
  return number;
}

/**
 * `number` written with exactly `length` digits.
 * @param {bigint} number
 * @param {number} length
 * @returns {string}
 */
export function written(number, length) {
  let text = '';
  let rest = number;
  for (let place = 0; place < length; place += 1) {
    text = DIGITS[Number(rest % 32n)] + text;
    rest /= 32n;
  }
  return text;
}

/**
 * The symbol that catches a mistyped code: the number modulo 37.
 * @param {bigint} number
 * @returns {string}
 */
export function checkSymbol(number) {
  return CHECK_DIGITS[Number(number % 37n)];
}

/**
 * Bytes, five bits to a digit; the last digit is filled up with zeros.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function writtenBytes(bytes) {
  let text = '';
  let rest = 0;
  let bits = 0;
  for (const byte of bytes) {
    rest = (rest << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += DIGITS[(rest >> (bits - 5)) & 31];
    rest &= 31;
  }
  return bits ? text + DIGITS[(rest << (5 - bits)) & 31] : text;
}

/**
 * The bytes that `writtenBytes` wrote, or null where a character does not belong.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>|null}
 */
export function bytesIn(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let rest = 0;
  let bits = 0;
  let place = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return null;
    rest = ((rest << 5) | digit) & 4095;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[place] = (rest >> bits) & 255;
      place += 1;
    }
  }
  return bytes;
}
