"""Inspections that come round: begin, note as done, change, end."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import Inspection, TowVehicle
from labtracker.fleet.rules import InspectionDetails, next_due
from labtracker.fleet.services.saving import record, require_coordinator, require_version
from labtracker.labs.models import Lab


def add_inspection(
    of: Lab | TowVehicle, details: InspectionDetails, *, today: date, actor: Person, now: datetime
) -> Inspection:
    """From now on this is inspected every so many months; the last time says when it is due."""
    require_coordinator(actor)
    _refuse_future(details.last_done_on, today)
    inspection = Inspection(
        of=of,
        name=details.name,
        every_months=details.every_months,
        last_done_on=details.last_done_on,
        next_due_on=next_due(details.last_done_on, details.every_months),
        created_at=now,
    )
    db.session.add(inspection)
    record("added", inspection, actor=actor, now=now)
    return inspection


def note_done(
    inspection: Inspection, *, on: date, today: date, version: int | None, actor: Person, now: datetime
) -> None:
    """It was inspected on a day; the next time follows from that."""
    require_coordinator(actor)
    require_version(inspection, version)
    _refuse_future(on, today)
    if on < inspection.last_done_on:
        raise DomainError("older_than_known", _("A later inspection is noted already."), field="done_on")
    was, inspection.last_done_on = inspection.last_done_on, on
    inspection.next_due_on = next_due(on, inspection.every_months)
    record("done", inspection, actor=actor, now=now, was=was, to=on)


def end_inspection(inspection: Inspection, *, actor: Person, now: datetime) -> None:
    """This is no longer inspected; nothing is due any more."""
    require_coordinator(actor)
    if inspection.ended_at is None:
        inspection.ended_at = now
        record("ended", inspection, actor=actor, now=now)


def _refuse_future(on: date, today: date) -> None:
    if on > today:
        raise DomainError("not_done_yet", _("Only what was done can be noted as done."), field="done_on")
