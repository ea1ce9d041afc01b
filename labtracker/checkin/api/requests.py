"""The edge of `/api/v1`: bearer tokens, JSON bodies with their limits, JSON answers."""

from __future__ import annotations

import gzip
import zlib
from typing import Any, TypeVar

import msgspec
from flask import Response, request
from flask_babel import gettext as _

from labtracker.errors import DomainError
from labtracker.kit.ids import fingerprint

MOST_BYTES = 1024 * 1024
WORTH_PACKING = 1024

Shape = TypeVar("Shape")


def bearer_fingerprint() -> str:
    """The fingerprint of the request's bearer token. Cookies are never looked at.

    Raises DomainError ``no_token`` (401).
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise DomainError("no_token", _("This address needs a phone's token."), status=401)
    return fingerprint(token.strip())


def unknown_token() -> DomainError:
    """The refusal of a token that no phone has."""
    return DomainError("unknown_token", _("This phone is not paired, or its pairing was lost."), status=401)


def body_as(shape: type[Shape]) -> Shape:
    """The request's JSON body in a shape.

    Raises DomainError ``wrong_type`` (415), ``too_large`` (413), ``bad_encoding``, ``bad_json`` or
    ``bad_envelope`` (400).
    """
    if request.mimetype != "application/json":
        raise DomainError("wrong_type", _("Send JSON."), status=415)
    request.max_content_length = MOST_BYTES
    raw = _unpacked(request.get_data(cache=False))
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise DomainError("bad_envelope", str(error)[:200]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DomainError("bad_json", _("This is not JSON.")) from error


def _unpacked(raw: bytes) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return raw
    if encoding != "gzip":
        raise DomainError("bad_encoding", _("Only gzip is understood."), status=415)
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        unpacked = unpacking.decompress(raw, MOST_BYTES + 1)
    except zlib.error as error:
        raise DomainError("bad_encoding", _("The packed body is damaged.")) from error
    if len(unpacked) > MOST_BYTES:
        raise DomainError("too_large", _("Send at most one megabyte at a time."), status=413)
    if not unpacking.eof:
        raise DomainError("bad_encoding", _("The packed body is damaged."))
    return unpacked


def answer(shape: Any, status: int = 200) -> Response:
    """A JSON answer, packed where the asker understands that and it is worth it; never cached."""
    raw = msgspec.json.encode(shape)
    response = Response(raw, status, mimetype="application/json")
    if len(raw) >= WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(raw, 6))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Encoding")
    return response
