"""Moving a deployment and placing a request: by the board's script as JSON, or on a plain page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import active_labs
from labtracker.scheduling import queries, services
from labtracker.scheduling.forms import MoveForm
from labtracker.scheduling.models import Deployment, DeploymentMove
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.rules.conflicts import WayOut
from labtracker.scheduling.views.blueprint import blueprint, load_booking, load_deployment, undo
from labtracker.scheduling.views.board import lanes_anew, tray_anew
from labtracker.scheduling.views.checking import as_lines, people_named, target_as_dict, target_of
from labtracker.scheduling.wording import day_words
from labtracker.web.edge import commit, load, load_all, only_read_on
from labtracker.web.error_pages import wants_json
from labtracker.web.forms import form_problems, refuse


@blueprint.get("/deployments/<uuid:deployment_id>/move")
@roles(Role.COORDINATOR)
def move(deployment_id: UUID) -> ResponseReturnValue:
    """Choose another lab, first day or crew for a deployment, and see what comes of it."""
    found = load_deployment(deployment_id)
    rows = queries.standing_sessions(found)
    if not rows or queries.has_begun(rows, utc_now()):
        flash(_("Training has begun here; what was held stays where it was."), "look")
        return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)
    asked = bool(request.args.get("lab"))
    form = _form(found, request.args if asked else None)
    sound = not asked or form.validate()
    return _page(found, form, _proposal(found, form) if sound else None), 200 if sound else 422


@blueprint.post("/deployments/<uuid:deployment_id>/moves")
@roles(Role.COORDINATOR)
def moves(deployment_id: UUID) -> ResponseReturnValue:
    """Move a deployment; answers JSON to the board's script, a page to a form."""
    found = load_deployment(deployment_id)
    form, was_lab = _form(found, request.form), found.lab_id
    if not form.validate():
        return _refused(form) if wants_json() else (_page(found, form, None), 422)
    try:
        made = services.move_deployment(
            deployment=found,
            lab=db.session.get_one(Lab, form.lab.data),
            first_on=form.first_on.data,
            trainers=people_named(form.trainers.data or []),
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        if wants_json():
            raise
        undo()
        refuse(form, error)
        return _page(found, form, _proposal(found, form)), error.status
    commit()
    if wants_json():
        return _done(made, {was_lab, found.lab_id}, tray=False)
    flash(_("Moved. Everybody concerned is told."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)


@blueprint.post("/bookings/<uuid:booking_id>/placements")
@roles(Role.COORDINATOR)
def placements(booking_id: UUID) -> ResponseReturnValue:
    """Place a waiting request on the board; answers JSON to its script, a page to a form."""
    booking, form = load_booking(booking_id), MoveForm(meta={"csrf": False})
    form.offer_places(load_all(active_labs()), load_all(queries.active_trainers()))
    if not form.validate():
        if wants_json():
            return _refused(form)
        return redirect(url_for("scheduling.plan", booking_id=booking.id), 303)
    lab, trainers = db.session.get_one(Lab, form.lab.data), people_named(form.trainers.data or [])
    try:
        made = services.place_request(
            booking=booking,
            lab=lab,
            first_on=form.first_on.data,
            trainers=trainers,
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except services.ConflictError:
        undo()
        visit = queries.visit_of(booking)
        today = local_day(utc_now(), visit.worksite.zone)
        now_so = queries.propose(
            visit, lab=lab, trainers=trainers, first_on=form.first_on.data, not_before=today
        )
        services.refuse_conflicts(now_so.conflicts, visit.worksite.zone)
        raise
    commit()
    if wants_json():
        return _done(made, {made.deployment.lab_id}, tray=True)
    return redirect(url_for("scheduling.deployment", deployment_id=made.deployment_id), 303)


@blueprint.post("/moves/<uuid:move_id>/undoing")
@roles(Role.COORDINATOR)
def undo_move(move_id: UUID) -> ResponseReturnValue:
    """Undo one's own last move or placement, if nothing else has changed it since."""
    made = load(queries.moves_visible_to(current_actor()).where(DeploymentMove.id == move_id))
    was_lab = made.deployment.lab_id
    found = services.undo_move(move=made, actor=current_actor(), now=utc_now())
    commit()
    if wants_json():
        return _done(None, {was_lab, found.lab_id}, tray=made.before is None)
    flash(_("Undone. Everybody concerned is told."))
    return redirect(url_for("scheduling.board"), 303)


def _done(made: DeploymentMove | None, labs: Iterable[UUID], *, tray: bool) -> ResponseReturnValue:
    """What the board's script needs to show what was done, and to offer to undo it."""
    only_read_on()
    undoable = made or queries.undoable_move(current_actor())
    answer: dict[str, Any] = {
        "ok": True,
        "lanes": lanes_anew(labs),
        "tray": tray_anew() if tray else None,
        "undo": undo_as_dict(undoable) if undoable else None,
        "deployment": str(made.deployment_id) if made else None,
        "says": _said(made) if made else _("Undone. Everybody concerned is told."),
    }
    return jsonify(answer)


def undo_as_dict(made: DeploymentMove) -> dict[str, str]:
    """What can be undone, and where that is asked for."""
    place = made.deployment.worksite
    return {
        "url": url_for("scheduling.undo_move", move_id=made.id),
        "what": f"{place.name}, {place.city}",
    }


def _said(made: DeploymentMove) -> str:
    found = made.deployment
    rows = queries.standing_sessions(found)
    first_at = min(one.starts_at for row in rows for one in row)
    words = {
        "place": f"{found.worksite.name}, {found.worksite.city}",
        "lab": found.lab.name,
        "day": day_words(local_day(first_at, found.worksite.zone)),
    }
    if made.before is None:
        return _("Placed: %(place)s with %(lab)s from %(day)s. Everybody concerned is told.", **words)
    return _("Moved: %(place)s with %(lab)s from %(day)s. Everybody concerned is told.", **words)


def _refused(form: MoveForm) -> ResponseReturnValue:
    """A form that is not sound, in the one shape of errors."""
    errors = [
        {"code": "not_valid", "message": one.message, "field": one.id or None} for one in form_problems(form)
    ]
    return jsonify({"ok": False, "errors": errors}), 422


def _form(found: Deployment, answers: MultiDict[str, str] | None) -> MoveForm:
    """The form as it was sent, or as the deployment stands."""
    labs = load_all(active_labs())
    if found.lab not in labs:
        labs.append(found.lab)
    form = MoveForm(formdata=answers, meta={"csrf": False})
    form.offer_places(labs, load_all(queries.active_trainers()))
    if answers is None:
        standing = _as_it_is(found)
        form.lab.data, form.first_on.data = found.lab_id, standing.first_on
        form.trainers.data = [one.id for one in standing.trainers]
        form.version.data = str(found.version)
    return form


def _as_it_is(found: Deployment) -> Proposal:
    return queries.propose_move(found, queries.standing_sessions(found), utc_now(), ways_out=False)


def _proposal(found: Deployment, form: MoveForm) -> Proposal | None:
    lab = db.session.get(Lab, form.lab.data) if form.lab.data else None
    rows = queries.standing_sessions(found)
    if lab is None or form.first_on.data is None or not rows:
        return None
    trainers = people_named(form.trainers.data or [])
    return queries.propose_move(
        found, rows, utc_now(), lab=lab, first_on=form.first_on.data, trainers=trainers
    )


def _page(found: Deployment, form: MoveForm, proposal: Proposal | None) -> str:
    zone = found.worksite.zone
    conflicts = []
    if proposal is not None:
        conflicts = as_lines(proposal.conflicts, zone, partial(_way_url, found, form, proposal))
    stands = _as_it_is(found) if queries.standing_sessions(found) else None
    return render_template(
        "scheduling/move.html",
        deployment=found,
        form=form,
        proposal=proposal,
        conflicts=conflicts,
        zone=zone,
        stands=stands,
        same=bool(proposal and stands and target_as_dict(proposal) == target_as_dict(stands)),
    )


def _way_url(found: Deployment, form: MoveForm, proposal: Proposal, way: WayOut) -> str:
    """The same page with a way out taken; the deployment's own where it is settled there."""
    target = target_of(proposal, way)
    if target is None:
        return url_for("scheduling.deployment", deployment_id=found.id)
    return url_for("scheduling.move", deployment_id=found.id, version=form.version.data, **target)
