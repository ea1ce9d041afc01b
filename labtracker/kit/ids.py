"""Identifiers: time-ordered UUIDs for rows, random secrets for what must not be guessed."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID


def uuid7(ms: int | None = None) -> UUID:
    """A new UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness.

    ``ms`` sets the timestamp (milliseconds since the Unix epoch); without it the clock does.
    """
    stamp = time.time_ns() // 1_000_000 if ms is None else ms
    random = secrets.randbits(74)
    value = (stamp & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= random >> 62 << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)


def new_secret() -> str:
    """A fresh 128-bit secret as 22 characters that are safe in a URL."""
    return secrets.token_urlsafe(16)


def fingerprint(secret: str) -> str:
    """What is stored of a secret: its SHA-256 in lower-case hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mark_of(facts: Mapping[str, Any]) -> str:
    """A short mark of facts as somebody saw them; other facts have another."""
    return fingerprint(json.dumps(facts, sort_keys=True, default=str))[:16]


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def readable_code(length: int = 8) -> str:
    """A fresh random code of Crockford's letters and digits: five bits each, none that look alike."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def read_code(typed: str) -> str:
    """A code as it was meant: upper case, without gaps and hyphens, O read as 0 and I or L as 1."""
    plain = "".join(character for character in typed.upper() if character.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))
