"""The client's modules as few files, made at set-up: a phone on a bad signal asks twice, not sixty times.

What starts the client comes first; screens that are seldom wanted come later, each in a file of its own. The
worker that reads badges is one more file, since browsers load workers by themselves.

The modules are what is written, tested and read. Where the bundle is missing or was made from other modules
than those that lie there now, pages load the modules themselves, so nothing old is ever served.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

# Below static/: what is bundled, from which module on, into what, which files that makes, and the hash of
# what it was made from.
SOURCES = ("js/checkin/**/*.js", "js/lib/*.js")
ENTRY = "js/checkin/main.js"
BUNDLE = "vendor/checkin/client.js"
PARTS = "vendor/checkin/parts.json"
MADE_FROM = "vendor/checkin/client.sha256"
WORKER_ENTRY = "js/checkin/scanner/worker.js"
# Beside the bundle, as the entry lies beside the module that starts it.
WORKER = "vendor/checkin/worker.js"


def sources_digest(static: Path) -> str:
    """One hash over all modules, by name and content."""
    paths = sorted({path for pattern in SOURCES for path in static.glob(pattern)})
    lines = [f"{path.relative_to(static).as_posix()} {digest_of(path)}" for path in paths]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_fresh(static: Path) -> bool:
    """Whether there is a bundle, made from the modules as they are."""
    if not all((static / name).is_file() for name in (BUNDLE, WORKER, PARTS, MADE_FROM)):
        return False
    return (static / MADE_FROM).read_text(encoding="utf-8").strip() == sources_digest(static)


def parts(static: Path, when: str) -> list[str]:
    """The files of the bundle, below static/: the ``first`` ones, or those wanted ``later``."""
    listed: dict[str, list[str]] = json.loads((static / PARTS).read_text(encoding="utf-8"))
    return listed[when]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read again only when the file has changed."""
    return _digest_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _digest_at(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
