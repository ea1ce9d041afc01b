"""The service worker of the phone's client: which files make a version, and the script at ``/sw.js``.

A version is the hash of every file of the client. The worker keeps all files of one version or none, so the
list is made here, from the files as the server has them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app

from labtracker.web import bundle
from labtracker.web.assets import client_style
from labtracker.web.client_messages import messages_json
from labtracker.web.language import LANGUAGES

blueprint = Blueprint("service_worker", __name__)

SHELL = "/checkin"
SHELL_TEMPLATE = "checkin/client.html"
# What the client consists of, below static/: its modules, in one file or each in its own, and these files.
MODULES = (*bundle.SOURCES, "vendor/idb/*.js", "vendor/lean-qr/*.js")
PATTERNS = (
    "img/checkin/icon-192.png",
    "img/icon.svg",
    "img/chevron.svg",
    "checkin.webmanifest",
    "vendor/zxing-wasm/**/*.js",
    "vendor/zxing-wasm/**/*.wasm",
    "vendor/lucide/sprite.svg",
)


@dataclass(frozen=True)
class Release:
    """One version of the client: its name, and each address with the hash of what it must give."""

    version: str
    files: tuple[tuple[str, str | None], ...]


def release() -> Release:
    """The version that this server serves now."""
    files = {f"/static/{name}": digest for name, digest in _static_files()}
    files["/checkin/style.css"] = _digest(client_style().encode())
    for language in LANGUAGES:
        files[f"/checkin/messages/{language}.json"] = _digest(messages_json(language).encode())
    page, _, _ = current_app.jinja_env.loader.get_source(  # type: ignore[union-attr]
        current_app.jinja_env, SHELL_TEMPLATE
    )
    lines = [f"{url} {digest}" for url, digest in sorted(files.items())]
    version = _digest("\n".join([*lines, page, _worker_source()]).encode())[:16]
    return Release(version, ((SHELL, None), *sorted(files.items())))


def modules() -> list[str]:
    """The client's modules where they are loaded one by one, so that a page can ask for all at once."""
    if bundle.is_fresh(_static_folder()):
        return []
    listed = [url for url, _hash in release().files]
    own = ("/static/js/", "/static/vendor/idb/", "/static/vendor/lean-qr/")
    return [url for url in listed if url.startswith(own)]


def later() -> set[str]:
    """Addresses of what the client seldom wants: kept for offline as well, once it is ready to scan."""
    folder = _static_folder()
    return {f"/static/{name}" for name in bundle.parts(folder, "later")} if bundle.is_fresh(folder) else set()


def preloaded() -> list[str]:
    """What the client's one script imports at once, so that a page can ask for both together."""
    folder = _static_folder()
    first = bundle.parts(folder, "first") if bundle.is_fresh(folder) else []
    return [f"/static/{name}" for name in first if name != bundle.BUNDLE]


@blueprint.get("/sw.js")
def script() -> Response:
    """The worker with the list of files it keeps. Asked for anew each time, so that updates are noticed."""
    now = release()
    seldom = later()
    files = [{"url": url, "hash": digest, "later": url in seldom} for url, digest in now.files]
    listed = {"version": now.version, "files": files}
    text = f"self.RELEASE = {json.dumps(listed)};\n{_worker_source()}"
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _static_folder() -> Path:
    return Path(current_app.static_folder or "")


def _static_files() -> list[tuple[str, str]]:
    folder = _static_folder()
    if bundle.is_fresh(folder):
        patterns = (*PATTERNS, bundle.WORKER, *bundle.parts(folder, "first"), *bundle.parts(folder, "later"))
    else:
        patterns = (*PATTERNS, *MODULES)
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    return [(path.relative_to(folder).as_posix(), bundle.digest_of(path)) for path in paths]


def _worker_source() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((_static_folder() / "sw").glob("*.js"))
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
