"""A lab's equipment: what is on board, which courses need it, what is out of order."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import EquipmentItem
from labtracker.fleet.rules import ItemDetails
from labtracker.fleet.services.saving import record, require_coordinator, require_version
from labtracker.labs.models import Course, Lab


def add_item(lab: Lab, details: ItemDetails, *, actor: Person, now: datetime) -> EquipmentItem:
    """Put a piece of equipment on a lab's list."""
    require_coordinator(actor)
    _refuse_taken_name(lab, details.name, None)
    item = EquipmentItem(lab=lab, created_at=now, name=details.name, count=details.count)
    with db.session.no_autoflush:
        item.courses = _courses(details)
        db.session.add(item)
    record("added", item, actor=actor, now=now, lab=lab.id)
    return item


def change_item(
    item: EquipmentItem, details: ItemDetails, *, version: int | None, actor: Person, now: datetime
) -> None:
    """Change what it is called, how many there are, which courses need it."""
    require_coordinator(actor)
    require_version(item, version)
    _refuse_taken_name(item.lab, details.name, item)
    with db.session.no_autoflush:
        item.name, item.count, item.courses = details.name, details.count, _courses(details)
        # Whoever only changed the courses has changed the item, too.
        flag_modified(item, "name")
    record("changed", item, actor=actor, now=now)


def put_out_of_order(
    item: EquipmentItem, *, since: date, until: date | None, note: str | None, actor: Person, now: datetime
) -> None:
    """It is out of order since a day, until another if that is known; courses that need it stop there."""
    require_coordinator(actor)
    if until is not None and until < since:
        raise DomainError("ends_before_start", _("The last day is before the first."), field="until")
    item.out_since, item.out_until, item.out_note = since, until, note
    record("out_of_order", item, actor=actor, now=now, since=since, until=until)


def put_in_order(item: EquipmentItem, *, actor: Person, now: datetime) -> None:
    """It works again."""
    require_coordinator(actor)
    if item.out_since is not None:
        item.out_since = item.out_until = item.out_note = None
        record("in_order", item, actor=actor, now=now)


def remove_item(item: EquipmentItem, *, actor: Person, now: datetime) -> None:
    """Take it off the list; the trail remembers it."""
    require_coordinator(actor)
    if item.removed_at is None:
        item.removed_at = now
        record("removed", item, actor=actor, now=now)


def _courses(details: ItemDetails) -> list[Course]:
    query = sa.select(Course).where(Course.id.in_(details.course_ids)).order_by(Course.code)
    return list(db.session.scalars(query))


def _refuse_taken_name(lab: Lab, name: str, besides: EquipmentItem | None) -> None:
    query = sa.select(EquipmentItem.id).where(
        EquipmentItem.lab_id == lab.id,
        sa.func.lower(EquipmentItem.name) == name.lower(),
        EquipmentItem.removed_at.is_(None),
    )
    if [found for found in db.session.scalars(query) if besides is None or found != besides.id]:
        raise DomainError("name_taken", _("This lab has an item of this name already."), field="name")
