"""What becomes of a request that another one overtook: nothing of either is lost, and it can be sent again.

Most changes notice by their version number that somebody else came first, and say so in their own form. What
is left are the same few milliseconds: both were read, one was written, and the database refuses the other.
"""

from __future__ import annotations

import sqlite3

from flask import current_app, request, url_for
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

# What PostgreSQL calls it: serialization failure, deadlock, a value that has to be unique.
STATES = frozenset({"40001", "40P01", "23505"})


def was_overtaken(error: Exception) -> bool:
    """Whether the database refused because somebody else wrote to the same row at the same moment."""
    if isinstance(error, StaleDataError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in STATES:
        return True
    return isinstance(error, IntegrityError) and "UNIQUE constraint" in str(error.orig)


def is_away(error: Exception) -> bool:
    """Whether the database cannot be reached for now, or is too busy to answer."""
    if not isinstance(error, OperationalError) or error.orig is None:
        return False
    if isinstance(error.orig, sqlite3.Error):
        return any(words in str(error.orig) for words in ("is locked", "unable to open"))
    # Without a state PostgreSQL never answered; the others: connection, resources, shutting down, lock.
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(("08", "53", "57P", "55P"))


def sendable() -> list[tuple[str, str]] | None:
    """What was typed, to be sent again as it is; None where that cannot be: a file, a password."""
    if request.method != "POST" or request.files:
        return None
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return None if any("password" in name for name, _value in pairs) else pairs


def place_to_look() -> str:
    """Where the thing can be looked at as it is now: the nearest address, from this one up, with a page."""
    parts = request.path.strip("/").split("/")
    while parts:
        path = "/" + "/".join(parts)
        if _shows_a_page(path):
            return path
        parts.pop()
    return url_for("web.home")


def _shows_a_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has its map of addresses"
    try:
        adapter.match(path, method="GET")
    except HTTPException:
        return False
    return True
