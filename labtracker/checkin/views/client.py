"""The phone's client: its one page, which is the same for everybody, and its words."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, make_response, render_template

from labtracker.web.bundle import BUNDLE, ENTRY
from labtracker.web.client_messages import messages_json
from labtracker.web.language import LANGUAGES
from labtracker.web.service_worker import modules, preloaded, release

blueprint = Blueprint("checkin", __name__)

# Bare names that the client's modules import, and where they are.
IMPORTS = {"imports": {"idb": "/static/vendor/idb/index.js", "lean-qr": "/static/vendor/lean-qr/index.js"}}


@blueprint.get("/checkin")
def client() -> Response:
    """The client's page. It knows nobody: what it shows comes from the phone's own memory."""
    apart = modules()
    page = render_template(
        "checkin/client.html",
        version=release().version,
        script=f"/static/{ENTRY if apart else BUNDLE}",
        modules=apart or preloaded(),
        import_map=json.dumps(IMPORTS, sort_keys=True) if apart else None,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/checkin/messages/<language>.json")
def messages(language: str) -> Response:
    """The client's words in one language."""
    if language not in LANGUAGES:
        abort(404)
    response = Response(messages_json(language), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response
