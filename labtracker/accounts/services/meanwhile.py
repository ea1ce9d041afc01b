"""Changes that meet no other change unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import mark_of


def require_as_seen(
    row: Organization | Person, seen: str | None, facts: Callable[[], dict[str, Any]]
) -> None:
    """Hold a row, and refuse its change when its facts are no longer those that the editor saw.

    ``seen`` is the mark of what the editor saw; ``None`` takes the row as it is.
    """
    if seen is None:
        return
    db.session.flush()
    db.session.refresh(row, with_for_update=True)
    now_known = facts()
    if mark_of(now_known) != seen:
        raise DomainError(
            "changed_meanwhile",
            _(
                "Somebody else changed this while you were editing. Nothing of theirs was overwritten: "
                "compare, then save again what shall stand."
            ),
            status=409,
            seen=mark_of(now_known),
            saved=now_known,
        )
