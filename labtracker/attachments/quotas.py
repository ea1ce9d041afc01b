"""How much more somebody may attach: a small server's memory and disk belong to everybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from labtracker.accounts.models import Membership, Organization, Person
from labtracker.accounts.rules import Role
from labtracker.attachments.models import Attachment
from labtracker.attachments.refusals import refused
from labtracker.attachments.rules import DAY, MEGABYTE, MOST_A_DAY
from labtracker.errors import DomainError
from labtracker.extensions import db


@dataclass
class Room:
    """How many files more, and how many bytes; None where nothing limits them."""

    files: int | None = None
    bytes: int | None = None

    def refusal(self, size: int = 0) -> DomainError | None:
        """Why a file of this size finds no place any more, or None."""
        if self.files is not None and self.files < 1:
            words = _(
                "At most %(most)s files may be attached within a day. Send this one tomorrow, or ask the"
                " office to attach it.",
                most=MOST_A_DAY,
            )
            return refused("too_many_today", words)
        if self.bytes is not None and self.bytes < max(size, 1):
            words = _(
                "There is no room left for files of your organization. Ask the office for more room, or to"
                " attach it."
            )
            return refused("no_room_left", words)
        return None

    def take(self, size: int) -> None:
        """Count a file of this size."""
        self.files = None if self.files is None else self.files - 1
        self.bytes = None if self.bytes is None else self.bytes - size


def room_of(actor: Person, now: datetime, *, held: bool = False) -> Room:
    """What is left to somebody now: a coordinator may always, an employer's people share, others count alone.

    What was removed lies in the archive and counts too. ``held`` keeps others of the organization from
    attaching at the same moment until the transaction ends.
    """
    if actor.has(Role.COORDINATOR):
        return Room()
    employers = actor.organization_ids(Role.EMPLOYER)
    if held and employers:
        db.session.execute(sa.select(Organization.id).where(Organization.id.in_(employers)).with_for_update())
    people = _people_of(employers) | {actor.id}
    since = sa.func.sum(sa.case((Attachment.added_at > now - DAY, 1), else_=0))
    total = sa.func.sum(Attachment.size)
    today, kept = db.session.execute(sa.select(since, total).where(Attachment.added_by_id.in_(people))).one()
    most = current_app.config["EMPLOYER_FILES_MB"] * MEGABYTE
    return Room(MOST_A_DAY - int(today or 0), most - int(kept or 0) if employers else None)


def _people_of(organizations: Collection[UUID]) -> set[UUID]:
    """Everybody who is or was with them: what they attached lies there still."""
    held = sa.select(Membership.person_id).where(
        Membership.organization_id.in_(organizations), Membership.role == str(Role.EMPLOYER)
    )
    return {*db.session.scalars(held)} if organizations else set()
