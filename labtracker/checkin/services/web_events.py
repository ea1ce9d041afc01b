"""Corrections on the web are frames too: of a phone called `web`, through the same inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Device, Person
from labtracker.checkin.bodies import VERSION
from labtracker.checkin.models import Watermark
from labtracker.checkin.rules.frames import frame_bytes, frame_hash, to_base64url
from labtracker.checkin.services.inbox import Chain
from labtracker.checkin.services.reading import read_items
from labtracker.checkin.services.receiving import Bearer, receive_upload
from labtracker.checkin.services.system import ensure_epoch
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import to_ms


def record_web_event(
    *, actor: Person | None, body: Mapping[str, Any], now: datetime, at: datetime | None = None
) -> UUID:
    """Record what a person says on a web page, as an event; gives the event's id.

    ``body`` holds the type and what that type needs (session, enrollment, target, reason ...); who,
    when and the frame around it are added here. ``actor`` is None for what a worker says of themselves on
    their own page; ``at`` is when it happened, if that is not now.

    Raises DomainError ``event_refused`` when the event would have been set aside.
    """
    epoch = ensure_epoch(now=now)
    device = _web_device(now)
    # A new epoch begins a new chain, so that a restored database never forks the web's own.
    incarnation = f"{epoch.int & (2**64 - 1):016x}"
    chain = _chain_of(device.id, incarnation)
    event_id = uuid7(to_ms(now))
    raw = frame_bytes(
        str(device.id),
        incarnation,
        chain.mark.seq + 1,
        chain.mark.hash,
        _body_bytes(event_id, actor, body, at or now, now),
    )
    told = msgspec.json.encode(
        {"seq": chain.mark.seq + 1, "hash": frame_hash(raw), "frame": to_base64url(raw)}
    )
    items = read_items([msgspec.Raw(told)], str(device.id), incarnation)
    bearer = Bearer(
        device_id=device.id,
        owner_revoked=False,
        is_own=True,
        owner_key=None,
        trainers=None,
        chain=chain,
        epoch=epoch,
        backed_up_to=0,
    )
    receipt = receive_upload(bearer, items, seal=None, lost=(), now=now)
    if receipt.items[0].verdict != "stored":
        raise DomainError(
            "event_refused",
            _("This could not be recorded. Load the page again and check what it shows."),
            why=receipt.items[0].code,
        )
    return event_id


def _body_bytes(
    event_id: UUID, actor: Person | None, body: Mapping[str, Any], at: datetime, now: datetime
) -> bytes:
    at_ms = to_ms(at)
    # The server's clock is the truth here, so the frame says that its own clock agreed with it.
    sync = {"server_ms": at_ms, "wall_ms": at_ms, "mono_ms": 0, "boot": "web"}
    return msgspec.json.encode(
        {
            "v": VERSION,
            "id": event_id,
            "session": None,
            "chosen_session": None,
            "method": "web",
            "wall_ms": at_ms,
            "mono_ms": 0,
            "boot": "web",
            "sync": sync,
            "by": actor.id if actor else None,
            "recorded_ms": to_ms(now),
            **body,
        }
    )


def _web_device(now: datetime) -> Device:
    device = db.session.scalar(sa.select(Device).where(Device.is_web))
    if device is None:
        device = Device(name="web", is_web=True, paired_at=now)
        db.session.add(device)
        db.session.flush()
    return device


def _chain_of(device_id: UUID, incarnation: str) -> Chain:
    # The lock makes people who correct at the same moment follow one another.
    row = db.session.execute(
        sa.select(Watermark.__table__)
        .where(Watermark.device_id == device_id, Watermark.incarnation == incarnation)
        .with_for_update()
    ).one_or_none()
    return Chain.from_row(device_id, incarnation, row) if row else Chain(device_id, incarnation)
