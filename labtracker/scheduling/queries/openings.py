"""On which days a visit could be served, beside everything that is placed: a few reads, then the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.fleet.queries import fleet_facts, vehicles_for
from labtracker.fleet.rules import licence_needed
from labtracker.fleet.rules.facts import FleetFacts
from labtracker.kit.time import instant_at
from labtracker.labs.models import Lab, Worksite
from labtracker.labs.queries import labs_hosting
from labtracker.scheduling.models import BookingRequest, Deployment
from labtracker.scheduling.queries.holds import lab_holds, person_holds, place_of
from labtracker.scheduling.queries.proposals import closed_days_at, effort_at, effort_of, gate_of
from labtracker.scheduling.queries.readiness import readiness_of_labs
from labtracker.scheduling.queries.vehicles import vehicle_holds
from labtracker.scheduling.queries.visits import Visit, visit_of_draft
from labtracker.scheduling.queries.ways_out import active_trainers
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.conflicts import Party, Span
from labtracker.scheduling.rules.fitness import LabFacts, ReadinessFacts, SiteOffer
from labtracker.scheduling.rules.opening_search import openings
from labtracker.scheduling.rules.openings import Ask, Hindrance, LabOffer, Openings, Tow, Whereabouts
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.rules.travel import Effort, road_miles

NOTICE = timedelta(days=21)  # labs are asked for three weeks ahead
HORIZON = timedelta(days=26 * 7)
LONGEST_STAY = timedelta(days=70)  # how far beyond its first day a placement is still held against others
MOST = 6


def openings_for(visit: Visit, today: date, *, first: date, last: date, most: int = MOST) -> Openings:
    """Up to ``most`` first days between two days on which lab, vehicle and crew are free for a visit."""
    labs = db.session.scalars(labs_hosting(visit.course)).all()
    lab_ids = {lab.id for lab in labs}
    readiness = readiness_of_labs(labs, visit.worksite, first)
    crew = {one.id: Party("person", one.id, one.name) for one in db.session.scalars(active_trainers())}
    fleet = fleet_facts(
        lab_ids=lab_ids,
        vehicle_ids=set(db.session.scalars(vehicles_for(lab_ids))),
        person_ids=crew.keys(),
    )
    # Who has nothing noted may teach everything; who has no licence drives nothing that needs one.
    trainers = [id_ for id_ in crew if visit.course.id in fleet.taught.get(id_, {visit.course.id})]
    drivers = [id_ for id_ in crew if id_ in fleet.licences]
    zone = visit.worksite.zone
    reach = Span(
        instant_at(first - timedelta(days=14), time(0), zone), instant_at(last + LONGEST_STAY, time(0), zone)
    )
    busy = Busy(
        [
            *lab_holds(lab_ids, reach),
            *person_holds({*trainers, *drivers}, reach),
            *vehicle_holds(fleet.vehicles, reach),
        ]
    )
    ask = _ask(visit, today, first, last, fleet)
    offers = [_offer(lab, visit, readiness[lab.id], fleet) for lab in labs]
    return openings(ask, offers, _of(crew, trainers), busy, most, _of(crew, drivers))


def _of(crew: Mapping[UUID, Party], ids: Iterable[UUID]) -> list[Party]:
    return [crew[id_] for id_ in ids]


def _ask(visit: Visit, today: date, first: date, last: date, fleet: FleetFacts) -> Ask:
    site = Party("worksite", visit.worksite.id, visit.worksite.name)
    return Ask(
        here=place_of(visit.worksite),
        site=SiteOffer(site, visit.pad_length_ft, visit.power_kw),
        course=Party("course", visit.course.id, visit.course.title),
        pattern=visit.pattern,
        contact_minutes=int(visit.course.contact_hours * 60),
        headcount=visit.headcount,
        first=first,
        last=last,
        closed_days=closed_days_at(visit.worksite, first),
        gate=gate_of(visit.worksite),
        windows=visit.windows,
        fleet=fleet,
        today=today,
    )


def _offer(lab: Lab, visit: Visit, readiness: ReadinessFacts | None, fleet: FleetFacts) -> LabOffer:
    facts = LabFacts(
        party=Party("lab", lab.id, lab.name),
        seats=lab.seats,
        courses=frozenset({visit.course.id}),
        length_ft=lab.length_ft,
        power_kw=lab.power_kw,
        has_generator=lab.has_generator,
    )
    base = place_of(lab)
    miles = road_miles(base, place_of(visit.worksite))
    effort = effort_of(lab, visit.worksite)
    return LabOffer(facts, effort, miles, readiness, base, tuple(_tows(lab, visit.worksite, effort, fleet)))


def _tows(lab: Lab, worksite: Worksite, effort: Effort, fleet: FleetFacts) -> Iterator[Tow]:
    """The vehicles that can tow a lab, the fastest first; none is faster than the lab may be towed."""
    towing = [(id_, one) for id_, one in fleet.vehicles.items() if lab.id in one.lab_ids]
    for id_, vehicle in sorted(towing, key=lambda pair: (-min(lab.mph, pair[1].mph), pair[1].name)):
        slower = vehicle.mph < lab.mph
        yield Tow(
            Party("vehicle", id_, vehicle.name),
            effort_at(lab, worksite, vehicle.mph) if slower else effort,
            licence_needed(lab.weight_lb, vehicle.weight_lb),
        )


def openings_to_ask_for(booking: BookingRequest, today: date) -> Openings | None:
    """What an employer may choose from: three weeks from now or later; nothing while answers are missing."""
    visit = visit_of_draft(booking)
    if visit is None:
        return None
    return openings_for(replace(visit, windows=()), today, first=today + NOTICE, last=today + HORIZON)


def openings_in_windows(visit: Visit, today: date) -> Openings:
    """What a coordinator may choose from: in the windows that were asked for, from tomorrow on."""
    tomorrow = today + timedelta(days=1)
    first = max(tomorrow, min((start for start, _end in visit.windows), default=tomorrow))
    last = max(first, max((end for _start, end in visit.windows), default=first + HORIZON))
    return openings_for(visit, today, first=first, last=last)


def whereabouts(hindrances: Sequence[Hindrance], worksite: Worksite) -> dict[UUID, Whereabouts]:
    """Where the labs are that keep a visit from being served: a place for each deployment that is named.

    What is confirmed stands in the public list by its town; what is tentative nobody else may know of.
    """
    ids: Collection[UUID] = {
        one.because.id
        for one in hindrances
        if one.because and one.because.id and one.because.kind == "deployment"
    }
    if not ids:
        return {}
    query = (
        sa.select(Deployment.id, Deployment.status, Worksite)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .where(Deployment.id.in_(ids))
    )
    here = place_of(worksite)
    return {
        id_: Whereabouts(road_miles(place_of(site), here), status == DeploymentStatus.CONFIRMED)
        for id_, status, site in db.session.execute(query).unique()
    }
