"""Screens of workers: the list, one of them, changes, archiving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Organization
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import WorkerForm
from labtracker.roster.models import Worker
from labtracker.roster.rules.badges import short_code, shown_code
from labtracker.roster.views.blueprint import KEEPERS, blueprint, chosen_employer, offer_employers
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import text_from_request
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of, sort_from_request, url_with

COLUMNS = {"name": Worker.family_name, "employer": Organization.name, "hired": Worker.hired_on}


@blueprint.get("/workers")
@roles(*KEEPERS)
def workers() -> ResponseReturnValue:
    """The workers somebody may see, searched by any part of a name, mail or number."""
    actor = current_actor()
    show, sought = request.args.get("show", ""), text_from_request("q")
    query = queries.workers_visible_to(actor).join(Organization, Organization.id == Worker.employer_id)
    archived = Worker.archived_at.is_not(None) if show == "archived" else Worker.archived_at.is_(None)
    query = query.where(archived)
    if show == "walk_in":
        query = query.where(Worker.is_walk_in, Worker.settled_at.is_(None))
    for word in sought.split():
        query = query.where(queries.mentions(word))
    sort = sort_from_request(COLUMNS, default="name")
    return render_template(
        "roster/workers.html",
        page=page_of(query, sort),
        sort=sort,
        show=show,
        sought=sought,
        filters=_filters(show),
        is_staff=actor.has(Role.COORDINATOR),
    )


def _filters(show: str) -> list[dict[str, Any]]:
    choices = (("", _("Working")), ("walk_in", _("Walk-ins")), ("archived", _("Archived")))
    return [
        {"label": label, "url": url_with(show=key or None, page=None), "current": key == show}
        for key, label in choices
    ]


@blueprint.route("/workers/new", methods=["GET", "POST"])
@roles(*KEEPERS)
def new_worker() -> ResponseReturnValue:
    """Add a worker who is on no roster yet."""
    actor = current_actor()
    employers = load_all(queries.employers_open_to(actor))
    form = WorkerForm()
    offer_employers(form.employer_id, employers)
    if form.validate_on_submit():
        try:
            worker = services.add_worker(
                form.facts(),
                employer=chosen_employer(form.employer_id, employers),
                now=utc_now(),
                actor=actor,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is saved.", name=worker.name))
            return redirect(url_for("roster.worker", worker_id=worker.id), 303)
    page = render_template("roster/worker_form.html", form=form, cohort=None, worker=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workers/<uuid:worker_id>")
@roles(*KEEPERS)
def worker(worker_id: UUID) -> ResponseReturnValue:
    """One worker: how to reach them, their cohorts, their badge."""
    actor = current_actor()
    holder = queries.counts_as(worker_id) if actor.has(Role.COORDINATOR) else None
    if holder is not None:
        return redirect(url_for("roster.worker", worker_id=holder))
    found = _visible(worker_id)
    badge = queries.active_badge(found)
    return render_template(
        "roster/worker.html",
        worker=found,
        enrollments=load_all(queries.enrollments_of_worker(actor, found)),
        code=shown_code(short_code(badge.badge_hash)) if badge else None,
        badge=badge,
        release=queries.standing_release(found),
        merges=load_all(queries.merges_into(found)) if actor.has(Role.COORDINATOR) else [],
        links=load_all(queries.links_of(found)) if actor.has(Role.COORDINATOR) else [],
        is_staff=actor.has(Role.COORDINATOR),
    )


@blueprint.route("/workers/<uuid:worker_id>/edit", methods=["GET", "POST"])
@roles(*KEEPERS)
def edit_worker(worker_id: UUID) -> ResponseReturnValue:
    """Change what is known of a worker."""
    found = _visible(worker_id)
    form = WorkerForm(obj=found)
    offer_employers(form.employer_id, [found.employer])
    form.employer_id.data = str(found.employer_id)
    if form.validate_on_submit():
        try:
            services.change_worker(found, form.facts(), now=utc_now(), actor=current_actor())
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.name))
            return redirect(url_for("roster.worker", worker_id=found.id), 303)
    page = render_template("roster/worker_form.html", form=form, cohort=None, worker=found)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/workers/<uuid:worker_id>/archiving")
@roles(*KEEPERS)
def archive_worker(worker_id: UUID) -> ResponseReturnValue:
    """Put a worker away who no longer works there."""
    found = _visible(worker_id)
    services.archive_worker(found, now=utc_now(), actor=current_actor())
    commit()
    flash(_("%(name)s is archived. Every record stays.", name=found.name))
    return redirect(url_for("roster.worker", worker_id=found.id), 303)


@blueprint.post("/workers/<uuid:worker_id>/restoration")
@roles(*KEEPERS)
def restore_worker(worker_id: UUID) -> ResponseReturnValue:
    """Bring an archived worker back."""
    found = _visible(worker_id)
    services.restore_worker(found, now=utc_now(), actor=current_actor())
    commit()
    flash(_("%(name)s is back in the list.", name=found.name))
    return redirect(url_for("roster.worker", worker_id=found.id), 303)


def _visible(worker_id: UUID) -> Worker:
    return load(queries.workers_visible_to(current_actor()).where(Worker.id == worker_id))
