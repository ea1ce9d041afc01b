"""Files that pages ask for: addresses that change with the content, and all style as one file."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

FOREVER = "public, max-age=31536000, immutable"
FIRST = ("tokens.css", "base.css", "layout.css")
LAST = ("print.css",)
# What the phone's client shares with the pages: it is fetched over a bad signal, so nothing more.
OF_THE_CLIENT = ("button.css", "chip.css", "dialog.css", "form.css", "icon.css")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r"\s*([{};,>])\s*")


def install(app: Flask) -> None:
    """Give templates ``asset()`` and ``style_url()``; let files asked for by version be kept for ever."""
    app.jinja_env.globals.update(asset=asset, style_url=style_url)
    app.add_url_rule("/style.css", "style", send_style)
    app.add_url_rule("/checkin/style.css", "client_style", send_client_style)
    app.after_request(_keep_versioned)


def asset(path: str) -> str:
    """The address of a file in ``static/``, with a version that changes when the file does."""
    version = _version(Path(current_app.static_folder or "") / path)
    if version is None:
        return url_for("static", filename=path)
    return url_for("static", filename=path, v=version)


def style_url() -> str:
    """The address of the one style sheet, with its version."""
    return url_for("style", v=_digest(style().encode()))


def style() -> str:
    """All style sheets of ``static/css`` as one, in the order of the layers, without comments.

    The phone's client takes some of them, and its own from ``static/css/checkin``: see ``client_style``.
    """
    folder = _folder()
    names = [
        *FIRST,
        *sorted(f"components/{path.name}" for path in (folder / "components").glob("*.css")),
        *sorted(f"pages/{path.name}" for path in (folder / "pages").glob("*.css")),
        *LAST,
    ]
    return _joined([folder / name for name in names])


def client_style() -> str:
    """All that the phone's client needs in one file: what it shares with pages, its frame, its screens."""
    folder = _folder()
    frame = folder / "checkin" / "frame.css"
    shared = [folder / name for name in FIRST] + [folder / "components" / name for name in OF_THE_CLIENT]
    return _joined([*shared, frame, *sorted({*frame.parent.glob("*.css")} - {frame})])


def send_style() -> Response:
    """Answer with the one style sheet."""
    return _style_sheet(style())


def send_client_style() -> Response:
    """Answer with the client's style sheet."""
    return _style_sheet(client_style())


def _style_sheet(text: str) -> Response:
    response = Response(text, mimetype="text/css")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _folder() -> Path:
    return Path(current_app.static_folder or "") / "css"


def _joined(files: list[Path]) -> str:
    return _joined_at(tuple(files), tuple(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=4)
def _joined_at(files: tuple[Path, ...], _changed_at: tuple[int, ...]) -> str:
    return "\n".join(_smaller(path.read_text(encoding="utf-8")) for path in files)


def _smaller(text: str) -> str:
    return AROUND.sub(r"\1", SPACE.sub(" ", COMMENT.sub("", text))).strip()


def _version(path: Path) -> str | None:
    try:
        return _version_at(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=512)
def _version_at(path: Path, _changed_at: int) -> str:
    return _digest(path.read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def _keep_versioned(response: Response) -> Response:
    if request.endpoint in {"static", "style"} and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = FOREVER
    return response
