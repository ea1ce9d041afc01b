"""A seal proves which phone made a chain of frames, whoever carries it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from labtracker.checkin.rules.frames import from_base64url, seal_text
from labtracker.checkin.services.reading import Item


def public_key_of(jwk: Any) -> ec.EllipticCurvePublicKey | None:
    """The P-256 key in a JWK; None when it is none or not on the curve."""
    if not isinstance(jwk, dict) or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        return None
    halves = [from_base64url(jwk[name]) if isinstance(jwk.get(name), str) else None for name in ("x", "y")]
    if any(half is None or len(half) != 32 for half in halves):
        return None
    x, y = (int.from_bytes(half or b"", "big") for half in halves)
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        return None


def is_sealed(seal: str, jwk: Any, device: str, incarnation: str, last: Item) -> bool:
    """Whether the phone's own key signed this last frame."""
    key = public_key_of(jwk)
    signature = from_base64url(seal)
    if key is None or signature is None or len(signature) != 64 or last.seq is None or last.hash is None:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(der, seal_text(device, incarnation, last.seq, last.hash), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def covered_by_seal(items: Sequence[Item]) -> set[int]:
    """Which items (by position) a good seal over the last one proves: back along the chain, unbroken."""
    covered: set[int] = set()
    wanted: tuple[int, str] | None = None
    for position in range(len(items) - 1, -1, -1):
        item = items[position]
        if item.damaged or item.prev is None or item.seq is None or item.hash is None:
            break
        if wanted is not None and (item.seq, item.hash) != wanted:
            break
        covered.add(position)
        wanted = (item.seq - 1, item.prev)
    return covered
