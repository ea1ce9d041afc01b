"""Requests that nobody means: refused before any page looks at them."""

from __future__ import annotations

from itertools import chain

from flask import Flask, abort, request

NUL = "\x00"


def install(app: Flask) -> None:
    """Look at every request to a page; phones' uploads are bytes, and the API reads them its own way."""
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """Refuse text with a NUL in it: no keyboard types one, and PostgreSQL takes none."""
    if request.path.startswith("/api/"):
        return
    told = chain(request.args.items(multi=True), request.form.items(multi=True))
    if any(NUL in name or NUL in value for name, value in told):
        abort(400)
