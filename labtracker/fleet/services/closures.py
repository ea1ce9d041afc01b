"""Closures of labs and vehicles: a fact that is saved whatever stands in its way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import Closure, TowVehicle
from labtracker.fleet.rules import ClosureKind, whole_days
from labtracker.fleet.services.saving import record, require_coordinator, require_version
from labtracker.labs.models import Lab

LONGEST_CLOSURE = timedelta(days=732)


def add_closure(
    of: Lab | TowVehicle,
    *,
    kind: ClosureKind,
    first: date,
    last: date,
    note: str | None,
    broke: Collection[UUID],
    actor: Person,
    now: datetime,
) -> Closure:
    """Close a lab or a vehicle from a day to a day, on the clocks of its home.

    ``broke`` are the deployments that lie in its way: they stay, and are listed until they are dealt with.
    """
    require_coordinator(actor)
    _check_days(first, last)
    # Whoever places this lab at the same moment sees the closure, or is seen by it.
    db.session.execute(sa.select(type(of).id).where(type(of).id == of.id).with_for_update()).all()
    starts_at, ends_at = whole_days(first, last, of.zone)
    closure = Closure(
        of=of,
        kind=kind,
        starts_on=first,
        ends_on=last,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note,
        broke=sorted(map(str, broke)),
        created_by=actor,
        created_at=now,
    )
    db.session.add(closure)
    record("added", closure, actor=actor, now=now, breaks=len(broke))
    return closure


def change_last_day(
    closure: Closure,
    *,
    last: date,
    broke: Collection[UUID],
    version: int | None,
    actor: Person,
    now: datetime,
) -> None:
    """It takes longer, or less long, than was thought."""
    require_coordinator(actor)
    require_version(closure, version)
    _refuse_ended(closure)
    _check_days(closure.starts_on, last)
    was, closure.ends_on = closure.ends_on, last
    closure.ends_at = whole_days(closure.starts_on, last, closure.of.zone)[1]
    closure.broke = sorted({*closure.broke, *map(str, broke)})
    record("changed", closure, actor=actor, now=now, was=was, to=last)


def end_closure(closure: Closure, *, actor: Person, now: datetime) -> None:
    """It is back earlier than was thought; where it had not begun, it never was."""
    require_coordinator(actor)
    _refuse_ended(closure)
    if closure.ends_at <= now:
        raise DomainError("closure_over", _("These days are over already."), status=409)
    closure.ended_at, closure.ends_at = now, max(now, closure.starts_at)
    record("ended", closure, actor=actor, now=now)


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise DomainError("ends_before_start", _("The last day is before the first."), field="ends_on")
    if last - first > LONGEST_CLOSURE:
        raise DomainError(
            "closure_too_long", _("Enter at most two years, or retire it instead."), field="ends_on"
        )


def _refuse_ended(closure: Closure) -> None:
    if closure.ended_at is not None:
        raise DomainError("closure_over", _("These days are over already."), status=409)
