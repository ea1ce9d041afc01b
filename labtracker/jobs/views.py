"""The demo's outbox: every mail that would have left, with its links."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from labtracker.jobs import queries
from labtracker.jobs.mail import mail_leaves
from labtracker.web.edge import load
from labtracker.web.pagination import page_of

blueprint = Blueprint("jobs", __name__)
blueprint.add_app_template_global(mail_leaves)


@blueprint.before_request
def only_in_the_demo() -> None:
    """Outside the demo this slice shows nothing: a mail belongs to whoever it was written to."""
    if not current_app.config["DEMO"]:
        abort(404)


@blueprint.get("/outbox")
def outbox() -> ResponseReturnValue:
    """Every mail, the newest first."""
    return render_template("jobs/outbox.html", page=page_of(queries.outbox()))


@blueprint.get("/outbox/<uuid:mail_id>")
def mail(mail_id: UUID) -> ResponseReturnValue:
    """One mail as text, its links to be followed."""
    mail = load(queries.mail_with_id(mail_id))
    return render_template("jobs/mail.html", mail=mail, text=_lead_here(mail.text))


@blueprint.get("/outbox/<uuid:mail_id>/html")
def mail_html(mail_id: UUID) -> ResponseReturnValue:
    """The same mail as its HTML part looks."""
    found = load(queries.mail_with_id(mail_id))
    if not found.html:
        abort(404)
    return Response(_lead_here(found.html), mimetype="text/html")


def _lead_here(text: str) -> str:
    # A demo keeps its data when it is started on another port, or is looked at from another machine.
    return re.sub(r"http://127\.0\.0\.1:\d+/", lambda _found: request.host_url, text)
