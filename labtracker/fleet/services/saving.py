"""What every change of the fleet has in common: who may, that nobody's edit is lost, and the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import ClosedDay, Closure, EquipmentItem, Inspection, Leave, TowVehicle

Row = ClosedDay | Closure | EquipmentItem | Inspection | Leave | TowVehicle


def require_coordinator(actor: Person) -> None:
    """The fleet is the coordinators' to change."""
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_coordinator", _("Only a coordinator can do this."), status=403)


def require_version(row: Any, version: int | None) -> None:
    """Refuse an edit that began from an older state than the present one."""
    if version is not None and row.version != version:
        raise DomainError(
            "changed_meanwhile",
            _("Somebody else changed this while you were editing. Nothing of theirs was overwritten."),
            status=409,
            version=row.version,
        )


def record(action: str, row: Row, *, actor: Person, now: datetime, **detail: Any) -> None:
    """Flush, and write into the trail who did what."""
    db.session.flush()
    record_audit(actor, f"{row.__tablename__}_{action}", row.__tablename__, row.id, now, **detail)
