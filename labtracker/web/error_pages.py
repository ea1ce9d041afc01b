"""What people and programs are told when something does not work.

Pages say what happened, what was kept and what to do; programs get
``{"ok": false, "errors": [{"code", "message", "field"}]}``.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.web.edge import only_read_on
from labtracker.web.overtaken import is_away, place_to_look, sendable, was_overtaken

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "wrong_method",
    409: "conflict",
    413: "too_large",
    415: "wrong_type",
    422: "not_valid",
    429: "too_many",
    500: "internal",
    503: "unavailable",
}


def install(app: Flask) -> None:
    """Answer every kind of failure in one of the two shapes."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def wants_json() -> bool:
    """Whether whoever asks is a program: the API, a JSON body, or JSON preferred to a page."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and not request.accept_mimetypes["text/html"]


def json_error(
    status: int, code: str, message: str, field: str | None = None, **details: Any
) -> ResponseReturnValue:
    """One error in the shape every program gets."""
    error = {"code": code, "message": message, "field": field, **details}
    return jsonify({"ok": False, "errors": [error]}), status


def _refused(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    after = error.details.get("retry_after")
    headers = {} if after is None else {"Retry-After": str(after)}
    if wants_json():
        return jsonify({"ok": False, "errors": [error.as_dict()]}), error.status, headers
    only_read_on()
    return _page(error.status, _("That is not possible"), error.message)


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    title = _("This page had been open too long")
    advice = _("Nothing was changed. Go back, load the page again and send it once more.")
    if wants_json():
        return json_error(400, "stale_form", f"{title}. {advice}")
    return _page(400, title, advice)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    title, advice = words_for(error.code)
    if wants_json():
        answer = json_error(error.code, CODES.get(error.code, "http_error"), f"{title}. {advice}")
    else:
        answer = _page(error.code, title, advice)
    # Allow, Retry-After and the like stay.
    kept = [(name, value) for name, value in error.get_headers() if name.lower() in {"allow", "retry-after"}]
    return (*answer, kept) if kept and isinstance(answer, tuple) else answer


def _failed(error: Exception) -> ResponseReturnValue:
    """Somebody else came first, the database is away, or something broke."""
    if was_overtaken(error):
        return _overtaken(error)
    if is_away(error):
        return _away(error)
    return _broken(error)


def _overtaken(error: Exception) -> ResponseReturnValue:
    log.warning("overtaken at %s %s: %s", request.method, request.url_rule, type(error).__name__)
    db.session.rollback()
    title, advice = words_for(409)
    if wants_json():
        return json_error(409, "changed_meanwhile", f"{title}. {advice}")
    page = render_template(
        "web/overtaken.html", title=title, advice=advice, typed=sendable(), look_url=place_to_look()
    )
    return page, 409


def _away(error: Exception) -> ResponseReturnValue:
    log.error("the database is away at %s %s: %s", request.method, request.url_rule, type(error).__name__)
    db.session.rollback()
    g.plain_page = True
    title, advice = words_for(503)
    if wants_json():
        answer = json_error(503, "unavailable", f"{title}. {advice}")
    else:
        answer = _page(503, title, advice)
    return (*answer, [("Retry-After", "5")]) if isinstance(answer, tuple) else answer


def _broken(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    # The rule, not the address: some addresses hold a secret.
    log.error(
        "unexpected error %s at %s %s", reference, request.method, request.url_rule, exc_info=_told(error)
    )
    db.session.rollback()
    g.plain_page = True
    title, advice = words_for(500)
    if wants_json():
        return json_error(500, "internal", f"{title}. {advice}", reference=reference)
    return _page(500, title, advice, reference=reference)


def _told(error: Exception) -> Any:
    """What the log is told: where it happened, but not what a database says: it quotes people's data."""
    if not isinstance(error, DBAPIError):
        return error
    said = RuntimeError(f"{type(error).__name__}: {type(error.orig).__name__}")
    return type(said), said, error.__traceback__


def _page(status: int, title: str, advice: str, reference: str = "") -> ResponseReturnValue:
    plain = bool(g.get("plain_page"))
    # Whoever sent something wants to go on where they were, not begin anew.
    came_from = place_to_look() if request.method == "POST" and not plain else None
    page = render_template(
        "web/error.html",
        status=status,
        title=title,
        advice=advice,
        reference=reference,
        plain=plain,
        back_url=came_from if came_from != url_for("web.home") else None,
    )
    return page, status


def words_for(status: int) -> tuple[str, str]:
    """What happened and what to do, for each kind of failure."""
    words = {
        400: (
            _("We could not read that"),
            _("The address or the form was not as expected. Nothing was changed. Go back and try again."),
        ),
        401: (
            _("You are not signed in"),
            _("Nothing was changed. Sign in, then try again."),
        ),
        403: (
            _("This page is not open to you"),
            _("Your role does not include this page. If you need it, ask your coordinator."),
        ),
        404: (
            _("We did not find that page"),
            _("It may have moved, or belong to somebody else. Check the address, or start afresh."),
        ),
        405: (
            _("This address does not do that"),
            _("Nothing was changed. Go back and use the buttons of the page."),
        ),
        409: (
            _("Somebody else changed this at the same moment"),
            _("Nothing of theirs was overwritten, nothing of yours was saved. What you typed is still here."),
        ),
        413: (
            _("That is too much at once"),
            _("Nothing was stored. Go back, then send files of at most 10 MB each, a few at a time."),
        ),
        429: (
            _("Too many tries in a short time"),
            _("Wait a few minutes, then try again. Nothing you saved before is lost."),
        ),
        500: (
            _("Something broke on our side"),
            _("It will be looked at. What you had saved before is safe. Try again in a minute."),
        ),
        503: (
            _("We are away for a moment"),
            _("The service will be back soon. Phones keep every check-in until then."),
        ),
    }
    return words.get(status, words[500] if status >= 500 else words[400])
