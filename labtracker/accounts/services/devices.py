"""Phones: a one-time code pairs one, a token speaks for it, revoking shuts it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Device, DeviceTrainer, PairingCode, Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services.audit import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint, new_secret, read_code, readable_code
from labtracker.kit.text import tidy

CODE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Pairing:
    """What pairing gave: the phone, the trainer now on it, and its token if it is new (told only once)."""

    device: Device
    trainer: Person
    token: str | None


def create_pairing_code(*, actor: Person, now: datetime) -> str:
    """A fresh code with which the trainer can pair one phone in the next ten minutes; older ones lapse."""
    if not actor.has(Role.TRAINER, Role.COORDINATOR) or actor.archived_at is not None:
        raise DomainError("not_a_trainer", _("Only trainers and coordinators pair phones."), status=403)
    db.session.execute(
        sa.update(PairingCode)
        .where(PairingCode.person_id == actor.id, PairingCode.used_at.is_(None), PairingCode.expires_at > now)
        .values(expires_at=now)
    )
    code = readable_code(8)
    db.session.add(
        PairingCode(
            fingerprint=fingerprint(code),
            person_id=actor.id,
            created_at=now,
            expires_at=now + CODE_LIFETIME,
        )
    )
    db.session.flush()
    return code


def redeem_pairing_code(
    code: str,
    *,
    public_key: dict[str, Any] | None,
    name: str,
    app_version: str | None,
    now: datetime,
    device: Device | None = None,
) -> Pairing:
    """Pair a phone with the code that a trainer was shown.

    With ``device`` (the phone already has a token) the trainer is added to that phone and no token is made.
    """
    trainer = _use_code(code, now)
    token = None
    if device is None:
        token = new_secret()
        device = Device(
            name=tidy(name)[:80] or _("Phone"),
            token_fingerprint=fingerprint(token),
            public_key=public_key,
            app_version=tidy(app_version or "")[:40] or None,
            paired_at=now,
            last_seen_at=now,
        )
        db.session.add(device)
        db.session.flush()
    elif device.revoked_at is not None:
        raise DomainError("device_revoked", _("This phone was revoked. Pair it anew."), status=403)
    if trainer.id not in {row.person_id for row in device.trainers}:
        device.trainers.append(DeviceTrainer(person=trainer, added_at=now))
        db.session.flush()
    record_audit(trainer, "device_paired", "device", device.id, now)
    return Pairing(device, trainer, token)


def device_by_token(token: str) -> Device | None:
    """The phone that a bearer token speaks for, also when it was revoked: look at ``revoked_at``."""
    if not token:
        return None
    return db.session.execute(
        sa.select(Device).where(Device.token_fingerprint == fingerprint(token))
    ).scalar_one_or_none()


def revoke_device(device: Device, *, actor: Person, now: datetime) -> None:
    """Shut a phone out. What it still brings is kept aside until a coordinator has looked at it."""
    if device.revoked_at is not None:
        return
    device.revoked_at = now
    device.revoked_by_id = actor.id
    record_audit(actor, "device_revoked", "device", device.id, now)


def _use_code(code: str, now: datetime) -> Person:
    # One statement finds and spends the code, so two phones cannot both win.
    person_id = db.session.execute(
        sa.update(PairingCode)
        .where(
            PairingCode.fingerprint == fingerprint(read_code(code)),
            PairingCode.used_at.is_(None),
            PairingCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(PairingCode.person_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    trainer = db.session.get(Person, person_id) if person_id else None
    if trainer is None or trainer.archived_at is not None or not trainer.has(Role.TRAINER, Role.COORDINATOR):
        raise DomainError(
            "pairing_code_unknown",
            _(
                "This code is mistyped, used or older than ten minutes. Check it, or ask for a new one on the"
                " pairing page."
            ),
            field="code",
        )
    return trainer
