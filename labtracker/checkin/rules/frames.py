"""The frame: bytes made once on a phone, identified by their hash, chained by the hash before.

``device|incarnation|seq|prev|`` stands outside the JSON body, because a body may be damaged and the
chain must hold all the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

HIGHEST_SEQ = 2**53 - 1
NO_HASH = "0" * 64  # what the first frame of an incarnation names as the one before it
SEAL_PREFIX = "labtracker-seal-1"

_HEADER = re.compile(
    rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    rb"\|([0-9a-f]{1,16})\|([1-9][0-9]{0,15})\|([0-9a-f]{64})\|"
)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_HASH = re.compile(r"[0-9a-f]{64}")
_INCARNATION = re.compile(r"[0-9a-f]{1,16}")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame taken apart: who made it, its place in the chain, and the body's bytes as they came."""

    device: str
    incarnation: str
    seq: int
    prev: str
    body: bytes


def frame_bytes(device: str, incarnation: str, seq: int, prev: str, body: bytes) -> bytes:
    """The bytes of a frame: its header, then the body's JSON untouched."""
    return f"{device}|{incarnation}|{seq}|{prev}|".encode() + body


def frame_hash(raw: bytes) -> str:
    """A frame's identity: the SHA-256 of its bytes in lower-case hex."""
    return hashlib.sha256(raw).hexdigest()


def parse_frame(raw: bytes) -> Frame | None:
    """Take a frame apart; None when its header is not one. The body is not looked at."""
    header = _HEADER.match(raw)
    if header is None:
        return None
    seq = int(header[3])
    if seq > HIGHEST_SEQ:
        return None
    return Frame(header[1].decode(), header[2].decode(), seq, header[4].decode(), raw[header.end() :])


def is_hash(text: object) -> bool:
    """Whether this is a SHA-256 written in lower-case hex."""
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def is_incarnation(text: object) -> bool:
    """Whether this is a 64-bit number in lower-case hex."""
    return isinstance(text, str) and _INCARNATION.fullmatch(text) is not None


def is_seq(number: object) -> bool:
    """Whether this is a whole number from 1 to 2^53-1."""
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= HIGHEST_SEQ


def to_base64url(raw: bytes) -> str:
    """Bytes as base64url without padding, the way frames travel in JSON."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes | None:
    """The bytes behind base64url without padding; None when the text is not that."""
    if _BASE64URL.fullmatch(text) is None:
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def seal_text(device: str, incarnation: str, seq: int, last_hash: str) -> bytes:
    """What a phone's key signs: the last frame of a bundle, and through the chain all before it."""
    return f"{SEAL_PREFIX}|{device}|{incarnation}|{seq}|{last_hash}".encode()
