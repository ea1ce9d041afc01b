"""Asking for a link to the own page, and opening one. Known or not, everybody gets the same answer."""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from labtracker.errors import DomainError
from labtracker.extensions import db, limiter
from labtracker.kit.time import utc_now
from labtracker.own_page import queries, services
from labtracker.own_page.forms import AskForm, OpenForm
from labtracker.own_page.views.blueprint import PATH, blueprint, remember, visit_here
from labtracker.roster.models import Worker
from labtracker.web.edge import commit
from labtracker.web.forms import refuse
from labtracker.web.language import language, speak


@blueprint.route(f"{PATH}/link", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Ask for a link to one's own page, by mail or by mobile number."""
    if request.method == "GET" and visit_here() is not None:
        return redirect(url_for("own_page.page"))
    form = AskForm()
    if not form.validate_on_submit():
        return _asking(form), 422 if form.is_submitted() else 200
    try:
        services.ask_for_link(
            form.contact.data,
            address=request.remote_addr or "unknown",
            language=language(),
            now=utc_now(),
        )
    except DomainError as error:
        refuse(form, error)
        return _asking(form), error.status
    commit()
    return render_template("own_page/asked.html")


@blueprint.route(f"{PATH}/link/<secret>", methods=["GET", "POST"])
@limiter.limit("60 per minute")
def open_link(secret: str) -> ResponseReturnValue:
    """A link to a worker's own page: looking shows a button, pressing it opens the page and spends it."""
    now = utc_now()
    link = queries.link_with(secret, now)
    if link is None:
        return render_template("own_page/link_spent.html"), 410
    worker = db.session.get_one(Worker, link.worker_id)
    speak(worker.language)
    form = OpenForm()
    if not form.validate_on_submit():
        return render_template("own_page/open.html", form=form, worker=worker)
    earlier = visit_here()
    if earlier is not None:
        services.end_visit(earlier, now=now)
    visit, token = services.open_page(secret, now=now, on_own_phone=form.on_own_phone.data)
    commit()
    response = make_response(redirect(url_for("own_page.page"), 303))
    remember(response, visit, token)
    return response


def _asking(form: AskForm) -> str:
    known = queries.somebody_with_a_link() if current_app.config["DEMO"] else None
    return render_template("own_page/ask.html", form=form, to_try=known.email if known else None)
