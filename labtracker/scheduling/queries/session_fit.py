"""Whether one session fits: its trainers, its day, its room, and the stay that grows around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Worksite
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.queries.holds import lab_holds, person_holds, place_of
from labtracker.scheduling.queries.proposals import closed_days_at, effort_of, gate_of
from labtracker.scheduling.queries.vehicles import vehicle_holds
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import (
    Conflict,
    ConflictKind,
    Hold,
    Party,
    Span,
    WayOut,
    WayOutKind,
)
from labtracker.scheduling.rules.fitness import closed_day_conflicts
from labtracker.scheduling.rules.placing import holds_of_stay
from labtracker.scheduling.rules.sessions import SessionTimes, decode_breaks, on_day
from labtracker.scheduling.rules.states import DeploymentStatus, Duty
from labtracker.scheduling.rules.stays import stay_conflicts
from labtracker.scheduling.rules.travel import Stay, lay_out

SEARCH_DAYS = 28
WORKING_WEEK = frozenset({1, 2, 3, 4, 5})


def live_sessions(deployment: Deployment) -> list[Session]:
    """The sessions of a deployment that were not cancelled, in order."""
    return list(
        db.session.scalars(
            sa.select(Session)
            .where(Session.deployment_id == deployment.id, Session.cancelled_at.is_(None))
            .order_by(Session.starts_at)
        )
    )


def stay_around(deployment: Deployment, first_at: datetime, last_at: datetime) -> Stay:
    """The stay that has the lab ready for the first and gone after the last of these moments."""
    worksite = deployment.worksite
    return lay_out(
        first_at,
        last_at,
        effort_of(deployment.lab, worksite, deployment.vehicle),
        zone=worksite.zone,
        closed_days=closed_days_at(worksite, first_at.date()),
        gate=gate_of(worksite),
    )


def conflicts_of_stay(deployment: Deployment, stay: Stay) -> list[Conflict]:
    """Whether the lab, its vehicle and its drivers are free for that stay, and it leaves time for all."""
    span = Span(stay.leaves_home_at, stay.home_at)
    lab = Party("lab", deployment.lab_id, deployment.lab.name)
    vehicle = deployment.vehicle
    drivers = [member.person for member in deployment.crew if member.duty == Duty.DRIVER]
    site = deployment.worksite
    wanted = holds_of_stay(
        stay,
        lab=lab,
        base=place_of(deployment.lab),
        site=place_of(site),
        because=Party("deployment", deployment.id, site.name),
        drivers=[Party("person", one.id, one.name) for one in drivers],
        towing=Party("vehicle", vehicle.id, vehicle.name) if vehicle else None,
        vehicle_stays=deployment.vehicle_stays,
    )
    taken = [
        *lab_holds({deployment.lab_id}, span, ignoring=deployment.id),
        *person_holds({one.id for one in drivers}, span, ignoring=deployment.id),
        *vehicle_holds({vehicle.id} if vehicle else set(), span, ignoring=deployment.id),
    ]
    closed = closed_days_at(site, local_day(stay.first_at, site.zone))
    effort = effort_of(deployment.lab, site, vehicle)
    found = stay_conflicts(stay, effort, lab, zone=site.zone, closed_days=closed, gate=gate_of(site))
    return clashes(wanted, taken) + found


def conflicts_of_session(
    cohort: Cohort,
    deployment: Deployment | None,
    people: Sequence[Person],
    span: Span,
    moving: Session | None = None,
) -> list[Conflict]:
    """What stands against one session at some time; ``moving`` is the one that would leave its own time."""
    worksite = deployment.worksite if deployment else cohort.worksite
    because = Party("session", moving.id if moving else None, cohort.name)
    wanted = [
        Hold(Party("person", person.id, person.name), span, because, place_of(worksite)) for person in people
    ]
    ids = {person.id for person in people}
    found = clashes(wanted, person_holds(ids, span, ignoring_session=moving.id if moving else None))
    closed = closed_days_at(worksite, local_day(span.starts_at, worksite.zone))
    found += closed_day_conflicts(span, because, closed, worksite.zone)
    found += _room_conflicts(cohort, deployment, span, moving)
    if deployment is not None:
        found += _conflicts_of_grown_stay(deployment, span, moving)
    return found


def _room_conflicts(
    cohort: Cohort, deployment: Deployment | None, span: Span, moving: Session | None
) -> list[Conflict]:
    """A lab is one room, and a cohort is in one place."""
    others = [one for one in cohort.sessions if one.cancelled_at is None]
    if deployment is not None:
        others += [one for one in live_sessions(deployment) if one not in others]
    return [
        Conflict(
            ConflictKind.ROOM_TAKEN,
            Party("cohort", cohort.id, cohort.name),
            Party("session", other.id, other.cohort.name),
            shared,
        )
        for other in others
        if (moving is None or other.id != moving.id)
        and (shared := span.shared_with(Span(other.starts_at, other.ends_at)))
    ]


def _conflicts_of_grown_stay(deployment: Deployment, span: Span, moving: Session | None) -> list[Conflict]:
    spans = [span] + [
        Span(one.starts_at, one.ends_at)
        for one in live_sessions(deployment)
        if moving is None or one.id != moving.id
    ]
    stay = stay_around(deployment, min(one.starts_at for one in spans), max(one.ends_at for one in spans))
    return conflicts_of_stay(deployment, stay)


def times_of(session: Session) -> SessionTimes:
    """A session's times as the rules know them."""
    day = local_day(session.starts_at, session.worksite.zone)
    return SessionTimes(day, session.starts_at, session.ends_at, decode_breaks(session.breaks))


@dataclass(frozen=True)
class WantedSession:
    """One session as somebody would have it: whose, with which lab and people, at which times."""

    cohort: Cohort
    deployment: Deployment | None
    people: tuple[Person, ...]
    times: SessionTimes
    # The session that would leave its own time for it.
    moving: Session | None = None

    @property
    def worksite(self) -> Worksite:
        """Where it would be."""
        return self.deployment.worksite if self.deployment else self.cohort.worksite

    def conflicts_on(self, day: date) -> list[Conflict]:
        """What stands against it on a day, at the same clock times."""
        own = day == self.times.day
        times = self.times if own else on_day(self.times, day, self.worksite.zone)
        span = Span(times.starts_at, times.ends_at)
        return conflicts_of_session(self.cohort, self.deployment, self.people, span, self.moving)


def another_day(wanted: Sequence[WantedSession], after: date) -> date | None:
    """The next day on which all of these, which are of one day, fit at their clock times."""
    closed = closed_days_at(wanted[0].worksite, after)
    weekdays = WORKING_WEEK | {one.times.day.isoweekday() for one in wanted}
    for step in range(1, SEARCH_DAYS + 1):
        day = after + timedelta(days=step)
        if day in closed or day.isoweekday() not in weekdays:
            continue
        if not any(why.blocks for one in wanted for why in one.conflicts_on(day)):
            return day
    return None


def conflicts_with_ways_out(wanted: WantedSession, today: date) -> list[Conflict]:
    """What stands against one session, each with the next day on which nothing would."""
    found = wanted.conflicts_on(wanted.times.day)
    if not any(conflict.blocks for conflict in found):
        return found
    day = another_day([wanted], max(wanted.times.day, today))
    ways = [WayOut(WayOutKind.OTHER_DAY, first_on=day)] if day else []
    return [conflict.with_ways_out(ways) for conflict in found]


@dataclass(frozen=True)
class MissedDay:
    """Sessions of one day that were called off and not made up for, and when they could be."""

    day: date
    sessions: tuple[Session, ...]
    make_up_on: date | None


def missed_days(deployment: Deployment, now: datetime) -> list[MissedDay]:
    """The days that were called off and still miss a make-up, each with the next day that would do."""
    if deployment.status == DeploymentStatus.CANCELLED:
        return []
    by_day: dict[date, list[Session]] = {}
    for one in missed_sessions(deployment):
        by_day.setdefault(times_of(one).day, []).append(one)
    today = local_day(now, deployment.worksite.zone)
    return [
        MissedDay(day, tuple(sessions), another_day([_again(one) for one in sessions], max(day, today)))
        for day, sessions in sorted(by_day.items())
    ]


def _again(session: Session) -> WantedSession:
    """What was called off, once more: its own time is free already."""
    people = tuple(trainer.person for trainer in session.trainers)
    return WantedSession(session.cohort, session.deployment, people, times_of(session))


def missed_sessions(deployment: Deployment, day: date | None = None) -> list[Session]:
    """Sessions (of one day) that were called off, whose cohort goes on, and that nothing makes up for."""
    made_up = sa.select(Session.makes_up_id).where(
        Session.makes_up_id.is_not(None), Session.cancelled_at.is_(None)
    )
    found = db.session.scalars(
        sa.select(Session)
        .join(Cohort, Cohort.id == Session.cohort_id)
        .where(
            Session.deployment_id == deployment.id,
            Session.cancelled_at.is_not(None),
            Session.id.not_in(made_up),
            Cohort.cancelled_at.is_(None),
            Cohort.closed_out_at.is_(None),
        )
        .order_by(Session.starts_at)
    ).all()
    return [one for one in found if day is None or times_of(one).day == day]
