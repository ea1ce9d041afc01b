"""The demo's doors: whom a visitor can be, and the code of a demo that others may visit."""

from __future__ import annotations

import hmac
from uuid import UUID

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts import queries, services
from labtracker.accounts.cast import CAST
from labtracker.accounts.forms import DoorForm
from labtracker.accounts.models import Person
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.signing_in import offered_cast, welcome
from labtracker.kit.ids import fingerprint, read_code
from labtracker.kit.paths import safe_path
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load

# What a visitor may fetch before the code: what has no data in it, and the API, which asks for its own token.
OPEN_ENDPOINTS = {"static", "style", "client_style", "web.healthz", "web.set_language", "accounts.demo_door"}


@blueprint.get("/demo")
def demo_cast() -> ResponseReturnValue:
    """Everybody a visitor of the demo can be."""
    _only_in_the_demo()
    return render_template("accounts/demo_cast.html", cast=offered_cast())


@blueprint.post("/demo/cast/<uuid:person_id>")
def be_somebody(person_id: UUID) -> ResponseReturnValue:
    """Sign in as one of the cast."""
    _only_in_the_demo()
    person = load(queries.people_with_emails(member.email for member in CAST).where(Person.id == person_id))
    signed = services.sign_in_as_cast(person, now=utc_now(), agent=request.user_agent.string or None)
    commit()
    return welcome(signed, None)


@blueprint.route("/demo/door", methods=["GET", "POST"])
def demo_door() -> ResponseReturnValue:
    """Ask for the code that was printed where the demo was started."""
    if not current_app.config["DEMO_CODE"]:
        abort(404)
    form = DoorForm(data={"next": request.args.get("next", "")})
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/demo_door.html", form=form), status
    if not services.count_try("demo", "address", request.remote_addr or "unknown", utc_now()):
        abort(429)
    commit()
    if not hmac.compare_digest(_mark(read_code(form.code.data)), _mark(current_app.config["DEMO_CODE"])):
        form.form_errors.append(_("That is not the code."))
        return render_template("accounts/demo_door.html", form=form), 422
    session["demo_door"] = _mark(current_app.config["DEMO_CODE"])
    return redirect(safe_path(form.next.data) or url_for("accounts.demo_cast"), 303)


@blueprint.before_app_request
def ask_at_the_door() -> ResponseReturnValue | None:
    """In an open demo, let nobody in who has not typed the code."""
    code = current_app.config["DEMO_CODE"]
    if not code or request.endpoint in OPEN_ENDPOINTS or request.path.startswith("/api/"):
        return None
    if session.get("demo_door") == _mark(code):
        return None
    return redirect(url_for("accounts.demo_door", next=request.path if request.method == "GET" else None))


def _only_in_the_demo() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


def _mark(code: str) -> str:
    return fingerprint(f"door|{code}|{current_app.config['SECRET_KEY']}")
