"""When a phone was last in touch, and what it then told of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device
from labtracker.extensions import db
from labtracker.kit.text import tidy

# A phone that uploads scan by scan need not be written down each time.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Contact:
    """The last contact as it is stored; None where the phone told nothing."""

    at: datetime | None = None
    version: str | None = None
    persisted: bool | None = None


UNHEARD = Contact()


def note_contact(
    device_id: UUID,
    last: Contact,
    *,
    version: str | None,
    persisted: bool | None,
    now: datetime,
    always: bool = False,
) -> None:
    """Write down that a phone is in touch, unless that was just done and it tells nothing new.

    ``always`` is for an upload that wrote nothing else: a standby must have what its answer speaks of.
    """
    news: dict[str, Any] = {}
    version = tidy(version or "")[:40]
    if version and version != last.version:
        news |= {"app_version": version, "is_version_told": True}
    if persisted is not None and persisted != last.persisted:
        news["is_persisted"] = persisted
    if always or news or last.at is None or now - last.at >= NOTED_EVERY:
        db.session.execute(sa.update(Device).where(Device.id == device_id).values(last_seen_at=now, **news))
