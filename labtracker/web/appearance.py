"""Light or dark: as the device asks, or as the person chose for this browser."""

from __future__ import annotations

from flask import Flask, Response, has_request_context, request

COOKIE = "appearance"
CHOICES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Let templates ask for the choice."""
    app.jinja_env.globals["appearance"] = appearance


def appearance() -> str:
    """What this browser chose: ``auto``, ``light`` or ``dark``."""
    chosen = request.cookies.get(COOKIE, "auto") if has_request_context() else "auto"
    return chosen if chosen in CHOICES else "auto"


def keep(response: Response, chosen: str) -> Response:
    """Let this browser remember the choice for a year; ``auto`` forgets it."""
    if chosen == "auto":
        response.delete_cookie(COOKIE, samesite="Lax", httponly=True, secure=request.is_secure)
    else:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response
