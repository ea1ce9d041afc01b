"""Who asks for a pack: the phone behind a token, and whom it is paired with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device, DeviceTrainer, Person
from labtracker.accounts.queries import people_with_role
from labtracker.checkin.models import SystemState
from labtracker.checkin.queries.tenures import RECORDING_ROLES
from labtracker.extensions import db


@dataclass(frozen=True, slots=True)
class PackReader:
    """The phone that asks for its pack; ``lapsed`` were paired with it and are no trainers any more."""

    device_id: UUID
    revoked: bool
    trainers: frozenset[UUID]
    epoch: UUID | None
    lapsed: frozenset[UUID] = frozenset()


def pack_reader(token_fingerprint: str) -> PackReader | None:
    """The phone behind a token, with its trainers and this database's epoch, in one statement.

    Who was archived, or gave the role up, is no trainer of any phone.
    """
    rows = db.session.execute(
        sa.select(
            Device.id,
            Device.revoked_at,
            DeviceTrainer.person_id,
            DeviceTrainer.person_id.in_(_still_training()).label("trains"),
            sa.select(SystemState.epoch).scalar_subquery().label("epoch"),
        )
        .outerjoin(DeviceTrainer, DeviceTrainer.device_id == Device.id)
        .where(Device.token_fingerprint == token_fingerprint)
    ).all()
    if not rows:
        return None
    paired = frozenset(row.person_id for row in rows if row.person_id is not None)
    trainers = frozenset(row.person_id for row in rows if row.trains)
    return PackReader(rows[0].id, rows[0].revoked_at is not None, trainers, rows[0].epoch, paired - trainers)


def _still_training() -> sa.Select[Any]:
    return people_with_role(*RECORDING_ROLES).order_by(None).with_only_columns(Person.id)
