"""Planning one booking: choose a lab, a crew and a first day, see what comes of it, accept."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import may_teach, vehicles_visible_to
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import active_labs, labs_hosting
from labtracker.scheduling import queries, services
from labtracker.scheduling.forms import PlanForm
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.drivers import drivers_for
from labtracker.scheduling.queries.joining import joinings_of
from labtracker.scheduling.queries.moving import free_among
from labtracker.scheduling.queries.openings import openings_in_windows, whereabouts
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.rules.conflicts import WayOut, WayOutKind
from labtracker.scheduling.rules.openings import Opening, Openings
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import WAITING, DeliveryMode
from labtracker.scheduling.views.blueprint import blueprint, load_booking, undo
from labtracker.scheduling.views.checking import as_lines, people_named
from labtracker.scheduling.wording.drivers import driver_words
from labtracker.scheduling.wording.openings import hindrance_words, opening_days, opening_words_for_staff
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import refuse


@blueprint.get("/bookings/<uuid:booking_id>/plan")
@roles(Role.COORDINATOR)
def plan(booking_id: UUID) -> ResponseReturnValue:
    """A proposal for a booking, worked out from the address: nothing is kept yet."""
    booking = load_booking(booking_id)
    if booking.status not in WAITING:
        flash(_("This booking is not waiting to be planned."), "look")
        return redirect(url_for("scheduling.booking", booking_id=booking.id), 303)
    openings = _openings(booking)
    form = _form(booking, request.args, openings)
    chosen = bool(request.args.get("lab"))
    proposal = _proposal(booking, form) if not chosen or form.validate() else None
    return _page(booking, form, proposal, openings), 200 if proposal or not chosen else 422


@blueprint.post("/bookings/<uuid:booking_id>/approval")
@roles(Role.COORDINATOR)
def approval(booking_id: UUID) -> ResponseReturnValue:
    """Accept a booking into a deployment."""
    booking = load_booking(booking_id)
    form = _form(booking, request.form)
    if not form.validate():
        return _page(booking, form, None), 422
    try:
        deployment = services.plan_deployment(
            booking=booking,
            lab=_chosen_lab(form),
            trainers=people_named(form.trainers.data or []),
            drivers=people_named(form.drivers.data or []),
            vehicle=_chosen_vehicle(form),
            vehicle_stays=form.vehicle_stays.data,
            first_on=form.first_on.data,
            arrangement=Arrangement(form.arrangement.data),
            delivery_mode=DeliveryMode(form.delivery_mode.data),
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
            # The page looks for them once others may write again.
            ways_out=False,
        )
    except DomainError as error:
        undo()
        if booking.status not in WAITING:
            raise
        refuse(form, error)
        return _page(booking, form, _proposal(booking, form)), error.status
    commit()
    flash(_("Planned. The employer is asked to confirm."))
    return redirect(url_for("scheduling.deployment", deployment_id=deployment.id), 303)


def _openings(booking: BookingRequest) -> Openings:
    visit = queries.visit_of(booking)
    return openings_in_windows(visit, local_day(utc_now(), visit.worksite.zone))


def _form(
    booking: BookingRequest, answers: MultiDict[str, str], openings: Openings | None = None
) -> PlanForm:
    """The form as it was sent, or with a first suggestion where nothing was chosen yet."""
    assert booking.course
    assert booking.worksite
    hosting = load_all(labs_hosting(booking.course)) or load_all(active_labs())
    trainers = load_all(queries.active_trainers())
    # An address that somebody follows carries no token, and changes nothing; what is posted carries its own.
    form = PlanForm(formdata=answers if answers.get("lab") else None, meta={"csrf": False})
    vehicles = load_all(_vehicles())
    form.offer(hosting, trainers, vehicles, on_employers_ground=booking.worksite.organization.is_employer)
    if not answers.get("lab"):
        first = next(iter((openings or _openings(booking)).found), None)
        today = local_day(utc_now(), booking.worksite.zone)
        visit = queries.visit_of(booking)
        form.first_on.data = first.first_on if first else queries.first_day_to_try(visit, today)
        form.lab.data = first.lab.id if first else next((lab.id for lab in hosting), None)
        form.trainers.data = [first.trainer.id] if first else [one.id for one in trainers[:1]]
        towing = (one.id for one in vehicles if form.lab.data in {lab.id for lab in one.labs})
        vehicle = first.vehicle.id if first and first.vehicle else next(towing, None)
        form.vehicle.data = str(vehicle) if vehicle else ""
        form.drivers.data = [first.driver.id] if first and first.driver else []
        form.arrangement.data = Arrangement.ALTERNATING.value
        form.delivery_mode.data = form.delivery_mode.choices[0].value
        form.version.data = str(booking.version)
    return form


def _chosen_lab(form: PlanForm) -> Lab:
    lab = db.session.get(Lab, form.lab.data)
    assert lab is not None, "the form offers labs that exist"
    return lab


def _vehicles() -> sa.Select[TowVehicle]:
    return vehicles_visible_to(current_actor()).where(TowVehicle.retired_at.is_(None))


def _chosen_vehicle(form: PlanForm) -> TowVehicle | None:
    if not form.vehicle.data:
        return None
    return db.session.get(TowVehicle, UUID(form.vehicle.data))


def _proposal(booking: BookingRequest, form: PlanForm) -> Proposal | None:
    if not (form.lab.data and form.first_on.data):
        return None
    visit = queries.visit_of(booking)
    return queries.propose(
        visit,
        lab=_chosen_lab(form),
        trainers=people_named(form.trainers.data or []),
        drivers=people_named(form.drivers.data or []),
        vehicle=_chosen_vehicle(form),
        vehicle_stays=form.vehicle_stays.data,
        first_on=form.first_on.data,
        arrangement=Arrangement(form.arrangement.data or Arrangement.ALTERNATING),
        not_before=local_day(utc_now(), visit.worksite.zone),
    )


def _page(
    booking: BookingRequest, form: PlanForm, proposal: Proposal | None, openings: Openings | None = None
) -> str:
    zone = booking.worksite.zone if booking.worksite else ""
    if proposal is not None:
        _say_who_could(form, proposal)
    return render_template(
        "scheduling/plan.html",
        booking=booking,
        form=form,
        proposal=proposal,
        conflicts=as_lines(proposal.conflicts if proposal else (), zone, partial(_way_url, booking, form)),
        zone=zone,
        joinings=joinings_of(booking, utc_now()),
        **_suggestions(booking, form, openings or _openings(booking)),
    )


def _say_who_could(form: PlanForm, proposal: Proposal) -> None:
    """Say beside trainers and drivers what would keep them from it; whoever could do it stands first."""
    trainers = queries.active_trainers()
    people = load_all(trainers)
    able = {one.id for one in load_all(trainers.where(may_teach(proposal.visit.course.id)))}
    free = free_among(proposal, people)
    ordered = sorted(people, key=lambda one: (one.id not in able, one.id not in free))
    choose_from(form.trainers, ((one.id, _trainer_words(one, able, free)) for one in ordered))
    drivers = drivers_for(proposal, people)
    if drivers:
        choose_from(form.drivers, ((one.person.id, driver_words(one)) for one in drivers))


def _trainer_words(person: Person, able: set[UUID], free: set[UUID]) -> str:
    if person.id not in able:
        return _("%(name)s (does not teach this course)", name=person.name)
    return person.name if person.id in free else _("%(name)s (not free then)", name=person.name)


def _suggestions(booking: BookingRequest, form: PlanForm, found: Openings) -> dict[str, Any]:
    """Days, labs and trainers that would do, and why there are not more."""
    assert booking.worksite
    places = whereabouts(found.worth_telling, booking.worksite)
    return {
        "suggestions": [
            {
                "days": opening_days(one),
                "words": opening_words_for_staff(one),
                "url": _opening_url(booking, form, one),
            }
            for one in found.found
        ],
        "reasons": [
            (one.first_on, one.last_on, hindrance_words(one, places, for_staff=True))
            for one in found.worth_telling
        ],
    }


def _opening_url(booking: BookingRequest, form: PlanForm, opening: Opening) -> str:
    """The same page with an opening taken."""
    return url_for(
        "scheduling.plan",
        booking_id=booking.id,
        **{
            **_answers(form),
            "lab": opening.lab.id,
            "vehicle": opening.vehicle.id if opening.vehicle else None,
            "drivers": [opening.driver.id] if opening.driver else [],
            "trainers": [opening.trainer.id],
            "first_on": opening.first_on,
        },
    )


def _answers(form: PlanForm) -> dict[str, Any]:
    """What the form holds, for the address of the same page."""
    return {
        "lab": form.lab.data,
        "trainers": form.trainers.data or [],
        "vehicle": form.vehicle.data or None,
        "vehicle_stays": "y" if form.vehicle_stays.data else None,
        "drivers": form.drivers.data or [],
        "first_on": form.first_on.data,
        "arrangement": form.arrangement.data,
        "delivery_mode": form.delivery_mode.data,
        "version": form.version.data,
    }


def _way_url(booking: BookingRequest, form: PlanForm, way: WayOut) -> str:
    """The same page with the way out taken."""
    answers = _answers(form)
    if way.kind is WayOutKind.OTHER_DAY:
        answers["first_on"] = way.first_on
    elif way.party and way.kind is WayOutKind.OTHER_LAB:
        answers["lab"], answers["vehicle"] = way.party.id, None
    elif way.party and way.kind is WayOutKind.OTHER_VEHICLE:
        answers["vehicle"] = way.party.id
    elif way.party and way.replaces:
        for name in ("drivers",) if way.kind is WayOutKind.OTHER_DRIVER else ("trainers", "drivers"):
            answers[name] = [way.party.id if one == way.replaces.id else one for one in answers[name]]
    return url_for("scheduling.plan", booking_id=booking.id, **answers)
