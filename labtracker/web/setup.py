"""Put the web edge on an application: language, headers, errors, what templates may call, public pages."""

from __future__ import annotations

from flask import Flask

from labtracker import __version__
from labtracker.web import (
    appearance,
    assets,
    display,
    error_pages,
    forms,
    headers,
    language,
    navigation,
    origin,
    packing,
    service_worker,
    ssn,
    turnstile,
    unreadable,
    uploads,
    views,
)


def install(app: Flask) -> None:
    """Everything of this slice, in the order in which answers pass through it."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.install(app)
    # What comes first here touches an answer last.
    for part in (
        unreadable,
        ssn,
        packing,
        headers,
        assets,
        appearance,
        display,
        forms,
        navigation,
        origin,
        error_pages,
        uploads,
    ):
        part.install(app)
    turnstile.install(app)
    app.jinja_env.globals["version"] = __version__
    app.register_blueprint(views.blueprint)
    app.register_blueprint(service_worker.blueprint)
