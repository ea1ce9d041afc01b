"""What keeps two people who click at the same moment from both being right.

Locks are always taken in one order, so that nobody waits in a ring: bookings, labs, vehicles, people,
deployments, sessions; and several of a kind in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from labtracker.accounts.models import AuditEntry, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.labs.models import Lab
from labtracker.scheduling.models import Deployment
from labtracker.web.display import local_clock


def lock_calendar(
    *, labs: Iterable[UUID] = (), vehicles: Iterable[UUID] = (), people: Iterable[UUID] = ()
) -> None:
    """Hold the calendars of these labs, tow vehicles and people until the transaction ends.

    PostgreSQL locks the rows, one kind after the other and each in the order of their ids, so that two who
    want the same never wait for each other in a ring. SQLite has one writer, who holds it all already.
    """
    for model, ids in ((Lab, set(labs)), (TowVehicle, set(vehicles)), (Person, set(people))):
        if ids:
            key: Any = model.id
            db.session.execute(sa.select(key).where(key.in_(ids)).order_by(key).with_for_update()).all()


def lock_row(row: Any) -> None:
    """Hold one row and read it anew, so that what is decided is decided on what is true now."""
    kind: Any = type(row)
    db.session.flush()
    db.session.execute(sa.select(kind.id).where(kind.id == row.id).with_for_update()).all()
    db.session.refresh(row)


def touch(deployment: Deployment) -> None:
    """Give it a new version though only its crew or its sessions changed: nobody overwrites that unseen."""
    flag_modified(deployment, "blocks_from")


def require_version(row: Any, expected: int | None, kind: str) -> None:
    """Refuse an edit that began from an older state than the present one, and say what changed since."""
    if expected is None or row.version == expected:
        return
    raise DomainError(
        "changed_meanwhile",
        _(
            "Somebody changed this in the meantime. %(change)s Look at it again, then decide.",
            change=_last(row, kind),
        ),
        status=409,
        version=row.version,
    )


def _last(row: Any, kind: str) -> str:
    entry = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == row.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    ).first()
    if entry is None:
        return ""
    who = entry.actor.name if entry.actor else "labtracker"
    return _(
        "Last change: %(who)s at %(at)s (%(action)s).",
        who=who,
        at=local_clock(entry.at).striptags(),
        action=action_words(entry.action),
    )


def action_words(action: str) -> str:
    """What an entry of the audit trail is called for people."""
    words = {
        "booking_submitted": _("sent in"),
        "booking_under_review": _("taken under review"),
        "booking_planned": _("planned"),
        "booking_confirmed": _("confirmed"),
        "booking_waitlisted": _("put on the waiting list"),
        "booking_declined": _("declined"),
        "booking_withdrawn": _("withdrawn"),
        "booking_cancelled": _("cancelled"),
        "deployment_placed": _("placed"),
        "deployment_confirmed": _("confirmed"),
        "deployment_moved": _("moved"),
        "deployment_cancelled": _("cancelled"),
        "vehicle_chosen": _("tow vehicle chosen"),
        "crew_added": _("crew added to"),
        "crew_removed": _("crew taken from"),
        "booking_joined": _("booking added to"),
        "day_called_off": _("day called off"),
        "session_added": _("session added"),
        "session_moved": _("session moved"),
        "session_cancelled": _("session cancelled"),
    }
    return words.get(action, action.replace("_", " "))
