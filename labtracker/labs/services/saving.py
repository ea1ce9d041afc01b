"""What every change here has in common: it meets no other change unseen, and it leaves a trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from labtracker.accounts.models import Person
from labtracker.accounts.services.audit import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.geography import ZipPlace, zip_place
from labtracker.labs.models import Course, Lab, SiteReadiness, Worksite
from labtracker.labs.rules import Details, differences

Row = Lab | Course | Worksite


def record(action: str, row: Row | SiteReadiness, *, actor: Person, now: datetime, **detail: Any) -> None:
    """Write into the trail who did what to which lab, course or worksite."""
    record_audit(actor, f"{row.__tablename__}_{action}", row.__tablename__, row.id, now, **detail)


@contextmanager
def saving() -> Iterator[None]:
    """Flush what is changed inside; a row somebody else changed meanwhile is refused, not overwritten."""
    try:
        with db.session.begin_nested(), db.session.no_autoflush:  # one flush, one new version
            yield
            db.session.flush()
    except StaleDataError as error:
        raise changed_meanwhile(()) from error


def begin_change(row: Row, before: Details, after: Details, *, version: int | None) -> list[str]:
    """The names of the fields that a change touches, once it is sure that nobody came between.

    ``version`` is the one the editor saw; ``None`` (an import) takes the row as it is.
    """
    changed = differences(before, after)
    if version is not None and version != row.version and changed:
        raise changed_meanwhile(tuple(changed))
    return sorted(changed)


def changed_meanwhile(names: tuple[str, ...]) -> DomainError:
    """The refusal of a change to something that is no longer as the editor saw it."""
    return DomainError(
        "changed_meanwhile",
        _("Somebody else changed this while you were editing. Nothing of theirs was overwritten."),
        status=409,
        fields=list(names),
    )


def touch(row: Row) -> None:
    """Give the row a new version although only its list (skills, courses) changed."""
    flag_modified(row, "title" if isinstance(row, Course) else "name")


def known_zip(text: str, field: str) -> ZipPlace:
    """The place of a ZIP code, or a refusal that names the field."""
    place = zip_place(text)
    if place is None:
        raise DomainError(
            "zip_unknown",
            _("There is no ZIP code %(zip)s. Please check the five digits.", zip=text),
            field=field,
        )
    return place


def delete_unused(row: Row, *, actor: Person, now: datetime) -> None:
    """Delete something nothing refers to; what is in use is refused, since history needs it."""
    try:
        with db.session.begin_nested():
            record("deleted", row, actor=actor, now=now)
            db.session.delete(row)
            db.session.flush()
    except sa.exc.IntegrityError as error:
        raise DomainError(
            "in_use",
            _("This is in use, so it cannot be deleted. It can be retired: its history stays."),
            status=409,
        ) from error
