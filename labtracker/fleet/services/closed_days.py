"""Days on which the provider trains nowhere in a state, beside its holidays."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import ClosedDay
from labtracker.fleet.services.saving import record, require_coordinator
from labtracker.kit.holidays import holidays_of


def add_closed_day(*, state: str, on: date, name: str, actor: Person, now: datetime) -> ClosedDay:
    """Nobody is trained in this state on this day; what is planned on it already stays."""
    require_coordinator(actor)
    if on in holidays_of(state, on.year):
        raise DomainError("holiday_already", _("This day is a holiday there already."), field="closed_on")
    known = sa.select(ClosedDay.id).where(ClosedDay.state == state, ClosedDay.closed_on == on)
    if db.session.scalars(known).first() is not None:
        raise DomainError("closed_already", _("This day is closed there already."), field="closed_on")
    day = ClosedDay(state=state, closed_on=on, name=name, created_by_id=actor.id, created_at=now)
    db.session.add(day)
    record("added", day, actor=actor, now=now, state=state, on=on)
    return day


def remove_closed_day(day: ClosedDay, *, actor: Person, now: datetime) -> None:
    """It is a day like others again."""
    require_coordinator(actor)
    record("removed", day, actor=actor, now=now, state=day.state, on=day.closed_on)
    db.session.delete(day)
    db.session.flush()
