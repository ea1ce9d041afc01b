"""Days on which a worksite takes nobody in: add some, take them back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Blackout, Worksite
from labtracker.labs.services.saving import record

HORIZON = timedelta(days=3 * 366)
MOST = 60


def add_blackout(
    *, worksite: Worksite, starts_on: date, ends_on: date, reason: str, actor: Person, now: datetime
) -> Blackout:
    """Close a worksite on some days, both ends included. What is placed there already stays, and is told."""
    why = " ".join(reason.split())[:120]
    today = local_day(now, worksite.zone)
    if not why:
        raise DomainError("reason_missing", _("Please say why."), field="reason")
    if ends_on < starts_on:
        raise DomainError(
            "blackout_ends_before_start", _("The last day is before the first."), field="ends_on"
        )
    if ends_on < today:
        raise DomainError("blackout_over", _("These days are over."), field="ends_on")
    if ends_on > today + HORIZON:
        raise DomainError("blackout_too_far", _("Choose days within the next three years."), field="ends_on")
    if sum(1 for one in worksite.blackouts if one.ends_on >= today) >= MOST:
        raise DomainError("too_many_blackouts", _("This worksite has too many closed days already."))
    blackout = Blackout(
        worksite=worksite,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=why,
        created_by_id=actor.id,
        created_at=now,
    )
    db.session.add(blackout)
    record("closed", worksite, actor=actor, now=now, starts_on=str(starts_on), ends_on=str(ends_on))
    db.session.flush()
    db.session.expire(worksite, ["blackouts"])
    return blackout


def remove_blackout(*, blackout: Blackout, actor: Person, now: datetime) -> None:
    """Open a worksite again on these days."""
    worksite = blackout.worksite
    worksite.blackouts.remove(blackout)
    record(
        "opened",
        worksite,
        actor=actor,
        now=now,
        starts_on=str(blackout.starts_on),
        ends_on=str(blackout.ends_on),
    )
    db.session.flush()
