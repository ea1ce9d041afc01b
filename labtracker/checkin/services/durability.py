"""What phones are told to be safe: claims that follow from verified backups, written by the slice above."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import SYSTEM, WATERMARKS
from labtracker.checkin.rules.watermark import Mark
from labtracker.extensions import db

Chain = tuple[UUID, str]


def hold_claims() -> None:
    """Let nobody else write claims until this transaction ends, so that the last word is the latest."""
    db.session.execute(sa.select(SYSTEM.c.id).with_for_update())


def claim_durable(places: Mapping[Chain, Mark], *, backed_up_to: int) -> None:
    """Tell phones, from now on, that they may forget up to these places, and nothing of other chains.

    ``backed_up_to`` is the row number up to which every stored frame counts as backed up.
    """
    change = sa.update(WATERMARKS).where(
        WATERMARKS.c.device_id == sa.bindparam("of_device"),
        WATERMARKS.c.incarnation == sa.bindparam("of_incarnation"),
    )
    changes = []
    for row in db.session.execute(
        sa.select(
            WATERMARKS.c.device_id,
            WATERMARKS.c.incarnation,
            WATERMARKS.c.durable_seq,
            WATERMARKS.c.durable_hash,
        )
    ):
        place = places.get((row.device_id, row.incarnation), Mark())
        seq, found = (place.seq, bytes.fromhex(place.hash)) if place.seq else (None, None)
        if (row.durable_seq, row.durable_hash) != (seq, found):
            changes.append(
                {
                    "of_device": row.device_id,
                    "of_incarnation": row.incarnation,
                    "durable_seq": seq,
                    "durable_hash": found,
                }
            )
    if changes:
        db.session.connection().execute(change, changes)
    db.session.execute(sa.update(SYSTEM).values(backed_up_to=backed_up_to or None))


def claim_nothing() -> None:
    """Take back every claim: a restored database knows nothing of the backups made after it."""
    db.session.execute(sa.update(WATERMARKS).values(durable_seq=None, durable_hash=None))
    db.session.execute(sa.update(SYSTEM).values(backed_up_to=None))
