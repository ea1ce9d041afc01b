"""Screens of walk-ins: who it is, and taking one over as a worker."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import RecognitionForm
from labtracker.roster.models import Worker
from labtracker.roster.views.blueprint import blueprint
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import text_from_request
from labtracker.web.forms import refuse


@blueprint.route("/workers/<uuid:worker_id>/recognition", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def recognize(worker_id: UUID) -> ResponseReturnValue:
    """Say whom a walk-in is: somebody who is known, or a worker of their own."""
    walk_in = load(queries.open_walk_in(worker_id))
    sought = text_from_request("q")
    form = RecognitionForm()
    form.offer(queries.who_it_may_be(walk_in, sought))
    if form.validate_on_submit():
        try:
            worker = load(queries.known_workers().where(Worker.id == UUID(form.into.data)))
            services.merge_walk_in(walk_in, worker, actor=current_actor(), now=utc_now())
        except DomainError as error:
            db.session.rollback()
            refuse(form, error)
        else:
            commit()
            flash(
                _(
                    "%(walk_in)s counts as %(worker)s from now on. It can be undone here.",
                    walk_in=walk_in.name,
                    worker=worker.name,
                )
            )
            return redirect(url_for("roster.worker", worker_id=worker.id), 303)
    page = render_template(
        "roster/recognition.html",
        form=form,
        walk_in=walk_in,
        sought=sought,
        enrollments=load_all(queries.enrollments_of_worker(current_actor(), walk_in)),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/workers/<uuid:worker_id>/settlement")
@roles(Role.COORDINATOR)
def settle_walk_in(worker_id: UUID) -> ResponseReturnValue:
    """Take a walk-in over as a worker of their own."""
    walk_in = load(queries.open_walk_in(worker_id))
    services.settle_walk_in(walk_in, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is a worker like any other now.", name=walk_in.name))
    return redirect(url_for("roster.worker", worker_id=walk_in.id), 303)
