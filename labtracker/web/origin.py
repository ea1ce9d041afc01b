"""The address of this service as people outside reach it."""

from __future__ import annotations

from flask import Flask, current_app, request


def install(app: Flask) -> None:
    """Let templates name whole addresses."""
    app.jinja_env.globals.update(origin=origin)


def origin() -> str:
    """Scheme and host without a slash at the end.

    A phone in the lot reaches the public address, not the one this browser may be using; a demo has none.
    """
    if current_app.config["DEMO"]:
        return request.host_url.rstrip("/")
    return str(current_app.config["PUBLIC_URL"]).rstrip("/")
