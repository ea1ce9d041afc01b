"""Who may record on which phone, and since when not any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device, DeviceTrainer, Membership, Person
from labtracker.accounts.rules import Role
from labtracker.checkin.models import FRAMES
from labtracker.checkin.rules.tenure import Link, Tenure
from labtracker.extensions import db
from labtracker.kit.time import to_ms

RECORDING_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.ADMINISTRATOR)

# Everybody on a phone; None for the web, where who acts is certain.
Trainers = Mapping[UUID, Tenure] | None

TENURE_COLUMNS = (
    DeviceTrainer.person_id,
    Person.archived_at,
    Membership.started_at,
    Membership.ended_at,
)


def with_tenures(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """A query that knows DeviceTrainer, with what is needed to tell each trainer's tenure."""
    return query.outerjoin(Person, Person.id == DeviceTrainer.person_id).outerjoin(
        Membership,
        sa.and_(
            Membership.person_id == DeviceTrainer.person_id,
            Membership.role.in_([str(role) for role in RECORDING_ROLES]),
        ),
    )


def tenures_in(rows: Iterable[Any]) -> dict[UUID, Tenure]:
    """The tenures that rows with these columns tell, by person."""
    found: dict[UUID, Tenure] = {}
    for row in rows:
        if row.person_id is None:
            continue
        terms = found[row.person_id].terms if row.person_id in found else frozenset()
        if row.started_at is not None:
            until = to_ms(row.ended_at) if row.ended_at is not None else None
            terms |= {(to_ms(row.started_at), until)}
        archived = to_ms(row.archived_at) if row.archived_at is not None else None
        found[row.person_id] = Tenure(terms, archived)
    return found


def trainers_by_device() -> dict[UUID, Trainers]:
    """Who may act on each phone, for all of them."""
    rows: dict[UUID, list[Any]] = {}
    query = with_tenures(sa.select(DeviceTrainer.device_id, *TENURE_COLUMNS).select_from(DeviceTrainer))
    for row in db.session.execute(query):
        rows.setdefault(row.device_id, []).append(row)
    trainers: dict[UUID, Trainers] = {device: tenures_in(theirs) for device, theirs in rows.items()}
    for web in db.session.scalars(sa.select(Device.id).where(Device.is_web)):
        trainers[web] = None
    return trainers


def links_from(device_id: UUID, incarnation: str, seq: int, hashes: Collection[bytes]) -> list[Link]:
    """The stored frames of a chain from a number on, and every copy of the frames with these hashes.

    What nobody proved is among them: whoever names a hash has seen the frame.
    """
    of_chain = sa.and_(
        FRAMES.c.device_id == device_id, FRAMES.c.incarnation == incarnation, FRAMES.c.seq >= seq
    )
    rows = db.session.execute(
        sa.select(FRAMES.c.seq, FRAMES.c.hash, FRAMES.c.prev, FRAMES.c.arrived_at).where(
            FRAMES.c.damaged.is_(False), sa.or_(of_chain, FRAMES.c.hash.in_(hashes))
        )
    )
    return [
        Link(row.seq, bytes(row.hash), bytes(row.prev) if row.prev else None, to_ms(row.arrived_at))
        for row in rows
    ]
