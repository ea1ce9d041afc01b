"""Keys and signatures: the provider's key, sealed; credentials as JSON Web Tokens (RS256).

The private half of a key is encrypted under SECRET_KEY, so that a copy of the database alone signs nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALGORITHM = "RS256"
KEY_BITS = 2048
PURPOSE = b"labtracker: keys that sign certificates"


class SealError(Exception):
    """A sealed key that this SECRET_KEY does not open."""


class SignatureError(Exception):
    """A text that none of the keys signed, or that is no token at all."""


def make_key(secret_key: str) -> tuple[str, dict[str, Any], bytes]:
    """A new key: its id, its public half as JWK, its private half sealed."""
    from joserfc.jwk import RSAKey  # noqa: PLC0415 (few processes ever sign)

    key = RSAKey.generate_key(KEY_BITS, auto_kid=False)
    return (
        key.thumbprint(),
        dict(key.as_dict(private=False)),
        _seal(secret_key).encrypt(key.as_pem(private=True)),
    )


def open_key(sealed: bytes, secret_key: str) -> Any:
    """The private key behind a sealed one. Raises SealError when SECRET_KEY is another than then."""
    from joserfc.jwk import RSAKey  # noqa: PLC0415 (as above)

    try:
        return RSAKey.import_key(_seal(secret_key).decrypt(sealed))
    except InvalidToken:
        raise SealError from None


def sign(claims: Mapping[str, Any], key: Any, *, key_url: str) -> str:
    """The claims as a signed token; its head names where the public key is to be had."""
    from joserfc import jwt  # noqa: PLC0415 (as above)

    return jwt.encode({"alg": ALGORITHM, "kid": key_url, "typ": "JWT"}, dict(claims), key)


def verify(token: str, public_jwks: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    """The claims of a token that one of these keys signed. Raises SignatureError."""
    from joserfc import jws  # noqa: PLC0415 (as above)
    from joserfc.errors import JoseError  # noqa: PLC0415 (as above)
    from joserfc.jwk import RSAKey  # noqa: PLC0415 (as above)

    for public in public_jwks:
        try:
            signed = jws.deserialize_compact(token, RSAKey.import_key(dict(public)), algorithms=[ALGORITHM])
            claims: dict[str, Any] = json.loads(signed.payload)
        except (JoseError, ValueError):
            continue
        return claims
    raise SignatureError


def _seal(secret_key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
