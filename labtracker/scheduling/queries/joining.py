"""A second booking at a site where a lab stands already: two shifts, two courses, one deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import LabCourse
from labtracker.scheduling.models import BookingRequest, Deployment, Session
from labtracker.scheduling.queries.coming import coming_deployments
from labtracker.scheduling.queries.holds import person_holds, place_of
from labtracker.scheduling.queries.outfit import outfit_conflicts_of
from labtracker.scheduling.queries.proposals import (
    Proposal,
    closed_days_at,
    own_conflicts,
    reach_of,
    work_out,
)
from labtracker.scheduling.queries.session_fit import conflicts_of_stay, live_sessions, stay_around
from labtracker.scheduling.queries.visits import Visit, visit_of
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import Duty

LONGEST_WAIT = 28  # days after its last session for which a lab might be kept at a site
MOST_OFFERS = 3
MOST_TRIES = 10


def propose_joining(
    visit: Visit,
    deployment: Deployment,
    *,
    trainers: Sequence[Person],
    first_on: date,
    arrangement: Arrangement = Arrangement.ALTERNATING,
    not_before: date | None = None,
) -> Proposal:
    """What would come of more sessions in a lab that stands at the site already, its stay grown with them."""
    drivers = tuple(member.person for member in deployment.crew if member.duty == Duty.DRIVER)
    proposal = work_out(
        visit,
        deployment.lab,
        tuple(trainers),
        drivers,
        first_on,
        arrangement,
        vehicle=deployment.vehicle,
        vehicle_stays=deployment.vehicle_stays,
    )
    if proposal.stay is None:
        return replace(proposal, conflicts=tuple(own_conflicts(proposal, not_before)))
    times = [(one.starts_at, one.ends_at) for one in live_sessions(deployment)]
    times += [(one.starts_at, one.ends_at) for one in proposal.timetable.sessions]
    stay = stay_around(deployment, min(start for start, _end in times), max(end for _start, end in times))
    proposal = replace(proposal, stay=stay)
    found = [
        *own_conflicts(proposal, not_before),
        *outfit_conflicts_of(proposal, not_before),
        *_room_conflicts(proposal, deployment),
        *_trainer_conflicts(proposal),
        *conflicts_of_stay(deployment, stay),
    ]
    return replace(proposal, conflicts=tuple(dict.fromkeys(found)))


def _room_conflicts(proposal: Proposal, deployment: Deployment) -> list[Conflict]:
    """The lab is one room: nobody else trains in it at the same time."""
    course = proposal.visit.course
    wanted = Party("course", course.id, course.title)
    taken = live_sessions(deployment)
    return [
        Conflict(ConflictKind.ROOM_TAKEN, wanted, Party("session", other.id, other.cohort.name), shared)
        for one in proposal.timetable.sessions
        for other in taken
        if (shared := Span(one.starts_at, one.ends_at).shared_with(Span(other.starts_at, other.ends_at)))
    ]


def _trainer_conflicts(proposal: Proposal) -> list[Conflict]:
    """Whoever trains here already is taken while they do; between two sessions here lies no drive."""
    site = proposal.visit.worksite
    because = Party("deployment", None, site.name)
    wanted = [
        Hold(
            Party("person", trainer.id, trainer.name),
            Span(one.starts_at, one.ends_at),
            because,
            place_of(site),
        )
        for trainer, one in proposal.teaching
    ]
    return clashes(wanted, person_holds({one.id for one in proposal.trainers}, reach_of(proposal)))


@dataclass(frozen=True)
class Joining:
    """A deployment that a booking could join, and the first proposal that nothing forbids."""

    deployment: Deployment
    proposal: Proposal


def joinings_of(booking: BookingRequest, now: datetime) -> list[Joining]:
    """Deployments at a booking's site that it could join with their own trainers, the soonest first."""
    visit = visit_of(booking)
    found = []
    for deployment in _standing_there(visit, now):
        proposal = _first_that_fits(visit, deployment, now)
        if proposal is not None:
            found.append(Joining(deployment, proposal))
    return found


def _standing_there(visit: Visit, now: datetime) -> Sequence[Deployment]:
    hosting = sa.select(LabCourse.lab_id).where(LabCourse.course_id == visit.course.id)
    return db.session.scalars(
        coming_deployments(now)
        .where(Deployment.worksite_id == visit.worksite.id, Deployment.lab_id.in_(hosting))
        .limit(MOST_OFFERS)
    ).all()


def _first_that_fits(visit: Visit, deployment: Deployment, now: datetime) -> Proposal | None:
    sessions = live_sessions(deployment)
    if not sessions:
        return None
    zone = visit.worksite.zone
    tomorrow = local_day(now, zone) + timedelta(days=1)
    first = max(tomorrow, local_day(sessions[0].starts_at, zone))
    last = local_day(sessions[-1].starts_at, zone) + timedelta(days=LONGEST_WAIT)
    trainers = [member.person for member in deployment.crew if member.duty == Duty.TRAINER]
    closed = closed_days_at(visit.worksite, first)
    tries, day = 0, first
    while day <= last and tries < MOST_TRIES:
        works = day.isoweekday() in visit.pattern.weekdays and day not in closed
        if works and not _meets_others(visit, deployment, day, closed, sessions):
            tries += 1
            proposal = propose_joining(
                visit, deployment, trainers=trainers, first_on=day, not_before=tomorrow
            )
            if not proposal.blocked:
                return proposal
        day += timedelta(days=1)
    return None


def _meets_others(
    visit: Visit, deployment: Deployment, day: date, closed: Mapping[date, str], sessions: Sequence[Session]
) -> bool:
    """Whether somebody else would be in the room: known without asking what else is held."""
    proposal = work_out(visit, deployment.lab, (), (), day, Arrangement.ALTERNATING, closed)
    return any(
        Span(one.starts_at, one.ends_at).meets(Span(other.starts_at, other.ends_at))
        for one in proposal.timetable.sessions
        for other in sessions
    )
