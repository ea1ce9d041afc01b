"""Answers packed for phones on a bad signal: by brotli made at set-up where there is some, else gzip."""

from __future__ import annotations

import gzip
import io
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

# What becomes smaller by packing. Pictures, PDFs and workbooks are packed already.
TYPES = frozenset(
    {
        "application/json",
        "application/manifest+json",
        "application/octet-stream",
        "application/wasm",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
WORTH_PACKING = 600
# Pages hold secrets next to what a stranger may have written into an address; a name of random length in the
# packed data keeps its size from telling one by the other (the BREACH attack).
MOST_PADDING = 100


def install(app: Flask) -> None:
    """Pack every answer that gains by it, for askers who can read that."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """The answer in the smallest form that the asker reads; what is still being made stays as it is."""
    is_packed = "Content-Encoding" in response.headers
    if response.mimetype not in TYPES or response.status_code != 200 or is_packed:
        return response
    response.vary.add("Accept-Encoding")
    if request.endpoint == "static":
        return _packed_file(response)
    if response.is_streamed or (response.content_length or 0) < WORTH_PACKING or not _reads("gzip"):
        return response
    etag, _weak = response.get_etag()
    response.set_data(_gzip(response.get_data(), padded=response.mimetype == "text/html"))
    return _renamed(response, "gzip", etag)


def _packed_file(response: Response) -> Response:
    path = Path(current_app.static_folder or "") / (request.view_args or {})["filename"]
    ready = path.with_name(f"{path.name}.br")
    if _reads("br") and ready.is_file():
        encoding, data = "br", _read(ready, ready.stat().st_mtime_ns)
    elif _reads("gzip") and (response.content_length or 0) >= WORTH_PACKING:
        encoding, data = "gzip", _packed(path, path.stat().st_mtime_ns)
    else:
        return response
    etag, _weak = response.get_etag()
    response.close()  # the file, which nobody reads now
    response.direct_passthrough = False
    response.set_data(data)
    return _renamed(response, encoding, etag)


def _renamed(response: Response, encoding: str, etag: str | None) -> Response:
    """Other bytes are another entity: the name by which the asker knows it says how it is packed."""
    response.headers["Content-Encoding"] = encoding
    if etag:
        response.set_etag(f"{etag}-{encoding}")
        response.make_conditional(request)
    return response


def _reads(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0


@lru_cache(maxsize=32)
def _read(path: Path, _changed_at: int) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=512)
def _packed(path: Path, _changed_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _gzip(data: bytes, *, padded: bool) -> bytes:
    out = io.BytesIO()
    name = "a" * secrets.randbelow(MOST_PADDING) if padded else ""
    with gzip.GzipFile(name, "wb", 6, out, mtime=0) as file:
        file.write(data)
    return out.getvalue()
