"""Days on which a lab or a vehicle is out of service: what they break, and re-planning that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import services as fleet
from labtracker.fleet.models import Closure, TowVehicle
from labtracker.fleet.queries import closures_visible_to, vehicles_visible_to
from labtracker.fleet.rules import ClosureKind, whole_days
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import labs_visible_to
from labtracker.scheduling.forms.fleet import ClosureForm, LastDayForm
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.disruptions import Broken, broken_by_closure, broken_visible_to
from labtracker.scheduling.queries.replanning import Remedy, remedies
from labtracker.scheduling.rules.conflicts import Span
from labtracker.scheduling.views.blueprint import blueprint, undo
from labtracker.scheduling.wording.conflicts import conflict_words, way_out_words
from labtracker.web.edge import commit as save
from labtracker.web.edge import load, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import refuse


@blueprint.get("/fleet/closures")
@roles(Role.COORDINATOR)
def closures() -> ResponseReturnValue:
    """Days on which labs and vehicles are out of service, with how much of what they broke is still open."""
    actor, now = current_actor(), utc_now()
    past = request.args.get("show") == "past"
    query = closures_visible_to(actor).where(Closure.ends_at <= now if past else Closure.ends_at > now)
    found = load_all(query.limit(200))
    broken = broken_visible_to(actor, found, now)
    return render_template("scheduling/closures.html", closures=found, broken=broken, past=past)


@blueprint.route("/fleet/closures/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_closure() -> ResponseReturnValue:
    """Take a lab or a vehicle out of service for some days; what they break is shown before it is saved."""
    form, subjects = _form()
    broken: Sequence[Deployment] = ()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            of = subjects[form.of.data]
            try:
                broken = _breaks(of, form.starts_on.data, form.ends_on.data, utc_now())
                if seen(form, broken):
                    return _add(of, form, broken)
            except DomainError as error:
                undo()
                refuse(form, error)
    return render_template("scheduling/closure_form.html", form=form, broken=broken), status


def seen(form: Any, broken: Sequence[Deployment]) -> bool:
    """Whether the sender was shown exactly these deployments (or there is none to show)."""
    now = " ".join(sorted(str(one.id) for one in broken))
    if (form.seen.data or "") == now:
        return True
    form.seen.data, form.seen.raw_data = now, None
    return False


def _breaks(of: Lab | TowVehicle, first: date, last: date, now: datetime) -> list[Deployment]:
    if last < first:
        raise DomainError("ends_before_start", _("The last day is before the first."), field="ends_on")
    return broken_by_closure(of, Span(*whole_days(first, last, of.zone)), now)


def _add(of: Lab | TowVehicle, form: ClosureForm, broken: Sequence[Deployment]) -> ResponseReturnValue:
    closure = fleet.add_closure(
        of,
        kind=ClosureKind(form.kind.data),
        first=form.starts_on.data,
        last=form.ends_on.data,
        note=(form.note.data or "").strip() or None,
        broke=[one.id for one in broken],
        actor=current_actor(),
        now=utc_now(),
    )
    save()
    flash(_("%(name)s is out of service on these days.", name=of.name))
    return redirect(url_for("scheduling.closure", closure_id=closure.id), 303)


def _form() -> tuple[ClosureForm, dict[str, Lab | TowVehicle]]:
    actor = current_actor()
    labs = load_all(labs_visible_to(actor).where(Lab.retired_at.is_(None)))
    vehicles = load_all(vehicles_visible_to(actor).where(TowVehicle.retired_at.is_(None)))
    subjects: dict[str, Lab | TowVehicle] = {str(lab.id): lab for lab in labs}
    subjects.update((str(vehicle.id), vehicle) for vehicle in vehicles)
    form = ClosureForm()
    choose_from(form.of, ((key, one.name) for key, one in subjects.items()))
    if not form.is_submitted():
        wanted = request.args.get("lab") or request.args.get("vehicle") or ""
        form.of.data = wanted if wanted in subjects else None
        form.starts_on.data = local_day(utc_now(), labs[0].zone) if labs else None
    return form, subjects


@dataclass(frozen=True)
class Line:
    """A deployment that a closure broke, with what could be done about it."""

    broken: Broken
    remedy: Remedy | None


@blueprint.get("/fleet/closures/<uuid:closure_id>")
@roles(Role.COORDINATOR, Role.TRAINER)
def closure(closure_id: UUID) -> ResponseReturnValue:
    """One closure: the deployments it breaks, with ways out that were checked, and what is dealt with."""
    return _page(_load(closure_id))


def _page(found: Closure, form: LastDayForm | None = None) -> str:
    now, actor = utc_now(), current_actor()
    staff = actor.has(Role.COORDINATOR)
    fresh = LastDayForm(formdata=None)
    fresh.version.data, fresh.ends_on.data = str(found.version), found.ends_on
    lines = [
        Line(one, remedies(one.deployment, now) if one.is_open and staff else None)
        for one in broken_visible_to(actor, [found], now)[found.id]
    ]
    return render_template(
        "scheduling/closure.html",
        closure=found,
        lines=lines,
        to_replan=sum(line.broken.is_open for line in lines),
        may_end=staff and found.ended_at is None and found.ends_at > now,
        staff=staff,
        form=form or fresh,
        refused=form is not None,
        conflict_words=conflict_words,
        way_out_words=way_out_words,
    )


@blueprint.post("/fleet/closures/<uuid:closure_id>/last-day")
@roles(Role.COORDINATOR)
def change_last_day(closure_id: UUID) -> ResponseReturnValue:
    """It takes longer, or less long, than was thought."""
    found, form = _load(closure_id), LastDayForm()
    if form.validate():
        try:
            broken = _breaks(found.of, found.starts_on, form.ends_on.data, utc_now())
            fleet.change_last_day(
                found,
                last=form.ends_on.data,
                broke=[one.id for one in broken],
                version=form.seen_version,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            save()
            flash(_("The days are changed."))
            return redirect(url_for("scheduling.closure", closure_id=found.id), 303)
    return _page(found, form), 422


@blueprint.post("/fleet/closures/<uuid:closure_id>/ending")
@roles(Role.COORDINATOR)
def end_closure(closure_id: UUID) -> ResponseReturnValue:
    """It is repaired and back earlier than was thought."""
    found = _load(closure_id)
    fleet.end_closure(found, actor=current_actor(), now=utc_now())
    name = found.of.name
    save()
    flash(_("%(name)s is back in service.", name=name))
    return redirect(url_for("scheduling.closure", closure_id=closure_id), 303)


def _load(closure_id: UUID) -> Closure:
    return load(closures_visible_to(current_actor()).where(Closure.id == closure_id))
