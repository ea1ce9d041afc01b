"""What a badge is: a random number, how it is written in a QR, its hash, and the code people type.

The same rules live in the phone client; ``tests/vectors/badge.json`` holds both to one truth.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SYMBOLS = ALPHABET + "*~$=U"
SECRET_BYTES = 16
ID_LENGTH = 26
CODE_BITS = 40
CODE_LENGTH = 8

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
# Letters that people write for digits when they copy a code from a card.
_LOOKALIKES = str.maketrans("ILO", "110")
_BADGE_TEXT = re.compile(r"https://([a-z0-9.\-]+(?::[0-9]{1,5})?)/b/([0-9a-z]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class BadgeReading:
    """What a scanned or typed text turned out to be: something of value, or why not."""

    value: str | None
    why: str | None = None


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def badge_id(secret: bytes) -> str:
    """The 26 characters under which a badge's 16 secret bytes stand in its address."""
    if len(secret) != SECRET_BYTES:
        raise ValueError("a badge's secret has 16 bytes")
    return _base32(int.from_bytes(secret, "big"), ID_LENGTH)


def secret_of(text: str) -> bytes | None:
    """The 16 bytes behind 26 characters, upper or lower case; nothing when they cannot be a badge's."""
    symbols = text.upper() if text.isascii() else ""
    # 26 characters carry 130 bits, so a first character above 7 would overflow the number.
    if len(symbols) != ID_LENGTH or any(symbol not in _VALUES for symbol in symbols) or symbols[0] > "7":
        return None
    number = 0
    for symbol in symbols:
        number = number << 5 | _VALUES[symbol]
    return number.to_bytes(SECRET_BYTES, "big")


def badge_hash(secret: bytes) -> str:
    """The SHA-256 of the 16 bytes in lower-case hex: all that a phone holds of a badge."""
    return hashlib.sha256(secret).hexdigest()


def badge_url(secret: bytes, host: str) -> str:
    """The text of the badge's QR, in capitals so that the QR stays small."""
    return f"HTTPS://{host.upper()}/B/{badge_id(secret)}"


def read_badge(text: str, hosts: Collection[str]) -> BadgeReading:
    """The badge hash in a scanned text, or why it is no badge of this program.

    ``not_badge``: another kind of text; ``other_host``: a badge's address elsewhere; ``bad_id``: one of
    our hosts, yet characters that no badge has.
    """
    match = _BADGE_TEXT.fullmatch(text)
    if match is None:
        return BadgeReading(None, "not_badge")
    if match[1].lower() not in {host.lower() for host in hosts}:
        return BadgeReading(None, "other_host")
    secret = secret_of(match[2])
    if secret is None:
        return BadgeReading(None, "bad_id")
    return BadgeReading(badge_hash(secret))


def short_code(hash_hex: str) -> str:
    """The nine characters that stand under the QR for typing: 40 bits of the hash and a check symbol."""
    number = int(hash_hex[: CODE_BITS // 4], 16)
    return _base32(number, CODE_LENGTH) + CHECK_SYMBOLS[number % 37]


def shown_code(code: str) -> str:
    """A short code as it is printed: ``ABCD-EFGH-C``."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def read_code(text: str) -> BadgeReading:
    """A typed code in its plain nine characters, or why it is none.

    ``not_code``: wrong length or characters; ``mistyped``: the check symbol does not fit. Spaces,
    hyphens and letter case do not matter; I, L and O are read as 1, 1 and 0.
    """
    if not text.isascii():
        return BadgeReading(None, "not_code")
    plain = re.sub(r"[ \t-]", "", text).upper().translate(_LOOKALIKES)
    if len(plain) != CODE_LENGTH + 1 or any(symbol not in _VALUES for symbol in plain[:-1]):
        return BadgeReading(None, "not_code")
    if plain[-1] not in CHECK_SYMBOLS:
        return BadgeReading(None, "not_code")
    number = int(hash_prefix(plain), 16)
    if CHECK_SYMBOLS[number % 37] != plain[-1]:
        return BadgeReading(None, "mistyped")
    return BadgeReading(plain)


def hash_prefix(code: str) -> str:
    """The ten hex digits with which the hash behind a plain short code begins."""
    number = 0
    for symbol in code[:CODE_LENGTH]:
        number = number << 5 | _VALUES[symbol]
    return f"{number:010x}"
