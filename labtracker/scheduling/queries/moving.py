"""Moving what is placed: what would come of it, how it stands, and whether a move can still be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab
from labtracker.scheduling.models import Deployment, DeploymentMove, Session
from labtracker.scheduling.queries.holds import person_holds
from labtracker.scheduling.queries.proposals import Proposal, holds_of, reach_of
from labtracker.scheduling.queries.visits import Kept, as_it_stands, standing_sessions, visit_of_deployment
from labtracker.scheduling.queries.ways_out import propose
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.conflicts import ConflictKind
from labtracker.scheduling.rules.sessions import SessionTimes, decode_breaks, encode_breaks
from labtracker.scheduling.rules.states import DeploymentStatus, Duty

Rows = Sequence[Sequence[Session]]
OF_THE_VEHICLE = frozenset(
    {
        ConflictKind.VEHICLE_TAKEN,
        ConflictKind.VEHICLE_CLOSED,
        ConflictKind.VEHICLE_RETIRED,
        ConflictKind.CANNOT_TOW,
        ConflictKind.NO_CDL,
    }
)


def propose_move(
    deployment: Deployment,
    rows: Rows,
    now: datetime,
    *,
    lab: Lab | None = None,
    first_on: date | None = None,
    trainers: Sequence[Person] | None = None,
    kept: Kept | None = None,
    ways_out: bool = True,
    vehicle: TowVehicle | None = None,
) -> Proposal:
    """What would come of another lab, another first day or other trainers; what is not given stays.

    ``rows`` are its ``standing_sessions``; ``kept`` is how it stood once, where it goes back to that.
    """
    stood = kept or as_it_stands(deployment, rows)
    visit = visit_of_deployment(deployment, rows, stood)
    assert visit.standing is not None

    def proposed(vehicle: TowVehicle | None) -> Proposal:
        return propose(
            visit,
            lab=lab or deployment.lab,
            trainers=stood.crew if trainers is None else trainers,
            drivers=[member.person for member in deployment.crew if member.duty == Duty.DRIVER],
            first_on=first_on or min(one.day for one in stood.times.values()),
            not_before=local_day(now, visit.worksite.zone),
            ways_out=ways_out,
            vehicle=vehicle,
            vehicle_stays=stood.vehicle_stays and vehicle is not None,
        )

    if vehicle is not None:
        return proposed(vehicle)
    proposal = proposed(stood.vehicle)
    # Another lab may need another vehicle: which is chosen later, as for a new placement.
    changes_lab = kept is None and proposal.lab.id != deployment.lab_id and proposal.vehicle is not None
    if changes_lab and any(one.kind in OF_THE_VEHICLE for one in proposal.conflicts):
        return proposed(None)
    return proposal


def free_among(proposal: Proposal, people: Sequence[Person]) -> set[UUID]:
    """Which of these people could train all of it, as far as their own calendars say."""
    if proposal.stay is None:
        return {person.id for person in people}
    everybody = {person.id for person in people}
    busy = Busy(person_holds(everybody, reach_of(proposal), ignoring=proposal.visit.moving))
    return {
        person.id
        for person in people
        if busy.leaves_room_for(holds_of(replace(proposal, trainers=(person,), drivers=())))
    }


def has_begun(rows: Rows, now: datetime) -> bool:
    """Whether something of it was held or has started: then it stays where it is."""
    return any(one.opened_at is not None or one.starts_at <= now for row in rows for one in row)


def snapshot_of(deployment: Deployment, rows: Rows) -> dict[str, Any]:
    """How a deployment stands, as ``DeploymentMove`` keeps it; equal if and only if nothing changed."""
    return {
        "lab": str(deployment.lab_id),
        "vehicle": str(deployment.vehicle_id) if deployment.vehicle_id else None,
        "vehicle_stays": deployment.vehicle_stays,
        "crew": sorted([str(member.person_id), str(member.duty)] for member in deployment.crew),
        "seats": {str(row[0].cohort_id): row[0].cohort.seats for row in rows},
        "sessions": {
            str(one.id): {
                "times": encode_breaks([(one.starts_at, one.ends_at)])[0],
                "breaks": [list(pair) for pair in one.breaks],
                "trainers": sorted(str(trainer.person_id) for trainer in one.trainers),
            }
            for row in rows
            for one in row
        },
    }


def kept_from(snapshot: dict[str, Any], zone: str) -> Kept:
    """What a snapshot says of sessions and trainers, with the people it names."""
    sessions = {UUID(key): value for key, value in snapshot["sessions"].items()}
    crew = [UUID(person) for person, duty in snapshot["crew"] if duty == Duty.TRAINER]
    named = {*crew, *(UUID(one) for value in sessions.values() for one in value["trainers"])}
    people = {
        one.id: one for one in db.session.scalars(sa.select(Person).where(Person.id.in_(named))).unique()
    }
    times = {}
    for key, value in sessions.items():
        ((starts_at, ends_at),) = decode_breaks([value["times"]])
        times[key] = SessionTimes(
            local_day(starts_at, zone), starts_at, ends_at, decode_breaks(value["breaks"])
        )
    return Kept(
        times=times,
        teachers={
            key: tuple(people[UUID(one)] for one in value["trainers"]) for key, value in sessions.items()
        },
        crew=tuple(people[one] for one in crew),
        vehicle=db.session.get(TowVehicle, UUID(snapshot["vehicle"])) if snapshot["vehicle"] else None,
        vehicle_stays=snapshot["vehicle_stays"],
    )


def is_as_left(move: DeploymentMove) -> bool:
    """Whether nothing has changed since this move, so that it can be undone."""
    deployment = move.deployment
    if move.undone_at is not None or deployment.status == DeploymentStatus.CANCELLED:
        return False
    if move.before is None and deployment.status != DeploymentStatus.TENTATIVE:
        return False
    return snapshot_of(deployment, standing_sessions(deployment)) == move.after


def undoable_move(actor: Person) -> DeploymentMove | None:
    """The last move of a person that was not undone, if nothing else changed what it moved."""
    query = (
        sa.select(DeploymentMove)
        .where(DeploymentMove.actor_id == actor.id, DeploymentMove.undone_at.is_(None))
        .order_by(DeploymentMove.at.desc(), DeploymentMove.id.desc())
        .limit(1)
    )
    move = db.session.scalars(query).first()
    return move if move is not None and is_as_left(move) else None


def moves_visible_to(actor: Person) -> sa.Select[DeploymentMove]:
    """Moves that somebody may undo: one's own."""
    return sa.select(DeploymentMove).where(DeploymentMove.actor_id == actor.id)
