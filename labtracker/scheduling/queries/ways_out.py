"""Whole proposals: a placement worked out, what stands in its way, and ways out that were checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import may_teach
from labtracker.labs.models import Lab
from labtracker.labs.queries import labs_hosting
from labtracker.scheduling.queries.holds import person_holds
from labtracker.scheduling.queries.outfit import outfit_conflicts_of
from labtracker.scheduling.queries.proposals import (
    Proposal,
    clashes_of,
    closed_days_at,
    holds_of,
    own_conflicts,
    reach_of,
    taken_around,
    work_out,
)
from labtracker.scheduling.queries.visits import Visit
from labtracker.scheduling.rules.clashes import Busy, clashes, next_free_day
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, WayOut, WayOutKind
from labtracker.scheduling.rules.sessions import Arrangement

SEARCH_DAYS = 90
MOST_OTHERS = 2


def propose(
    visit: Visit,
    *,
    lab: Lab,
    trainers: Sequence[Person],
    drivers: Sequence[Person] = (),
    first_on: date,
    arrangement: Arrangement = Arrangement.ALTERNATING,
    not_before: date | None = None,
    ways_out: bool = True,
    vehicle: TowVehicle | None = None,
    vehicle_stays: bool = False,
) -> Proposal:
    """Work a placement out and hold it against everything that is placed already."""
    proposal = work_out(
        visit,
        lab,
        tuple(trainers),
        tuple(drivers),
        first_on,
        arrangement,
        vehicle=vehicle,
        vehicle_stays=vehicle_stays,
    )
    found = [
        *own_conflicts(proposal, not_before),
        *outfit_conflicts_of(proposal, not_before),
        *clashes_of(proposal),
    ]
    if ways_out:
        found = _with_ways_out(proposal, found)
    return replace(proposal, conflicts=tuple(found))


def _with_ways_out(proposal: Proposal, found: list[Conflict]) -> list[Conflict]:
    day: WayOut | None = None
    looked = False
    answered = []
    for conflict in found:
        ways: list[WayOut] = []
        if conflict.kind in _CURED_BY_ANOTHER_DAY:
            if not looked:
                day, looked = _other_day(proposal), True
            ways += [day] if day else []
        if conflict.kind in _CURED_BY_ANOTHER_LAB:
            ways += _other_labs(proposal)
        if conflict.kind in _CURED_BY_ANOTHER_TRAINER:
            ways += _other_trainers(proposal)
        answered.append(conflict.with_ways_out(ways))
    return answered


_CURED_BY_ANOTHER_DAY = frozenset(
    {
        ConflictKind.LAB_TAKEN,
        ConflictKind.LAB_CLOSED,
        ConflictKind.VEHICLE_TAKEN,
        ConflictKind.VEHICLE_CLOSED,
        ConflictKind.PERSON_TAKEN,
        ConflictKind.PERSON_AWAY,
    }
)
_CURED_BY_ANOTHER_TRAINER = frozenset(
    {ConflictKind.PERSON_TAKEN, ConflictKind.PERSON_AWAY, ConflictKind.COURSE_NOT_TAUGHT}
)
_CURED_BY_ANOTHER_LAB = frozenset(
    {
        ConflictKind.LAB_TAKEN,
        ConflictKind.LAB_CLOSED,
        ConflictKind.ITEM_OUT,
        ConflictKind.INSPECTION_OVERDUE,
        ConflictKind.NOT_EQUIPPED,
        ConflictKind.LAB_RETIRED,
        ConflictKind.TOO_MANY,
        ConflictKind.PAD_TOO_SHORT,
        ConflictKind.POWER_TOO_WEAK,
    }
)


# What another lab may still leave to be settled.
_BEARABLE = frozenset(
    {
        ConflictKind.OUTSIDE_WINDOWS,
        ConflictKind.VEHICLE_MISSING,
        ConflictKind.DRIVER_MISSING,
        ConflictKind.SKILLS_UNKNOWN,
        ConflictKind.INSPECTION_DUE,
    }
)


def _other_day(proposal: Proposal) -> WayOut | None:
    """The next first day on which the same lab and the same people would be free."""
    taken = taken_around(proposal, reach_of(proposal, timedelta(days=SEARCH_DAYS + 31)))
    closed = closed_days_at(proposal.visit.worksite, proposal.first_on)

    def holds_from(day: date) -> list[Hold]:
        if day.isoweekday() not in proposal.visit.pattern.weekdays or day in closed:
            return []
        return holds_of(
            work_out(
                proposal.visit,
                proposal.lab,
                proposal.trainers,
                proposal.drivers,
                day,
                proposal.arrangement,
                closed,
                proposal.vehicle,
                proposal.vehicle_stays,
            )
        )

    day = next_free_day(holds_from, Busy(taken), after=proposal.first_on, days=SEARCH_DAYS)
    return WayOut(WayOutKind.OTHER_DAY, first_on=day) if day else None


def _other_labs(proposal: Proposal) -> list[WayOut]:
    """Labs in service that are equipped, fit the site, and are free with these people on the same day."""
    query = labs_hosting(proposal.visit.course).where(Lab.id != proposal.lab.id)
    ways = []
    for lab in db.session.scalars(query):
        other = propose(
            proposal.visit,
            lab=lab,
            trainers=proposal.trainers,
            drivers=proposal.drivers,
            first_on=proposal.first_on,
            arrangement=proposal.arrangement,
            ways_out=False,
        )
        if all(conflict.kind in _BEARABLE for conflict in other.conflicts):
            ways.append(WayOut(WayOutKind.OTHER_LAB, Party("lab", lab.id, lab.name), miles=other.miles))
    return sorted(ways, key=lambda way: way.miles or 0)[:MOST_OTHERS]


def _other_trainers(proposal: Proposal) -> list[WayOut]:
    """Trainers who are free for all of its sessions."""
    taken_part = {person.id for person in (*proposal.trainers, *proposal.drivers)}
    ways = []
    for person in db.session.scalars(active_trainers().where(may_teach(proposal.visit.course.id))):
        if person.id in taken_part:
            continue
        if not clashes(
            holds_of(replace(proposal, trainers=(person,), drivers=())),
            person_holds({person.id}, reach_of(proposal), ignoring=proposal.visit.moving),
        ):
            ways.append(WayOut(WayOutKind.OTHER_PERSON, Party("person", person.id, person.name)))
    return ways[:MOST_OTHERS]


def suggest(
    visit: Visit, labs: Sequence[Lab], trainers: Sequence[Person], first_on: date
) -> tuple[Lab | None, Person | None]:
    """The first lab that is free from that day on, and the first trainer who is; else the first of each."""

    def is_free(lab: Lab, crew: Sequence[Person]) -> bool:
        return not propose(visit, lab=lab, trainers=crew, first_on=first_on, ways_out=False).blocked

    lab = next((one for one in labs if is_free(one, ())), labs[0] if labs else None)
    if lab is None or not trainers:
        return lab, None
    return lab, next((one for one in trainers if is_free(lab, (one,))), trainers[0])


def active_trainers() -> sa.Select[Person]:
    """People who train for the provider now, by name."""
    return (
        sa.select(Person)
        .where(
            Person.archived_at.is_(None),
            Person.id.in_(
                sa.select(Membership.person_id).where(
                    Membership.role == Role.TRAINER, Membership.ended_at.is_(None)
                )
            ),
        )
        .order_by(Person.name)
    )
