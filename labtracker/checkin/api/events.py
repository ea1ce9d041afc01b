"""Uploading what phones recorded."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from flask import Blueprint, Response, current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from labtracker.checkin.api import wire
from labtracker.checkin.api.requests import answer, bearer_fingerprint, body_as, unknown_token
from labtracker.checkin.queries.phones import is_paired
from labtracker.checkin.rules.frames import is_seq
from labtracker.checkin.services.contact import note_contact
from labtracker.checkin.services.inbox import OvertakenError
from labtracker.checkin.services.reading import Item, read_items
from labtracker.checkin.services.receiving import Receipt, bearer_of, receive_upload
from labtracker.checkin.services.system import ensure_epoch
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import to_ms, utc_now
from labtracker.web.edge import commit
from labtracker.web.turnstile import turnstile

MOST_ITEMS = 500
TRIES = 6
RETRY_SECONDS = 10

log = logging.getLogger(__name__)
blueprint = Blueprint("checkin_events", __name__)


@blueprint.post("/events")
def upload() -> Response:
    """Keep a batch of frames: a verdict for each, and how far the chain is held."""
    token = bearer_fingerprint()
    with turnstile().turn(token, vet=lambda: _vet(token)):
        kept = _keep(token, body_as(wire.Upload), utc_now())
    return answer(_as_wire(*kept))


def _vet(token: str) -> None:
    if not is_paired(token):
        raise unknown_token()


def _keep(token: str, told: wire.Upload, now: datetime) -> tuple[Receipt, UUID, datetime]:
    if len(told.items) > MOST_ITEMS:
        raise DomainError("too_many_items", _("Send at most 500 records at a time."), status=413)
    for _attempt in range(TRIES):
        try:
            receipt, epoch = _receive(token, told, now)
            commit()
        except (OvertakenError, StaleDataError, IntegrityError, OperationalError) as error:
            log.info("an upload was overtaken by another", exc_info=True)
            # Somebody else wrote to the same chain at the same moment: look again.
            db.session.rollback()
            if "database is locked" in str(error):
                # This one waited for its turn until SQLite gave up; its place is somebody else's now.
                break
        else:
            return receipt, epoch, now
    raise DomainError("busy", _("The server is busy. Send it again."), status=503, retry_after=RETRY_SECONDS)


def _receive(token: str, told: wire.Upload, now: datetime) -> tuple[Receipt, UUID]:
    bearer = bearer_of(token, told.device, told.incarnation, carried=told.carried)
    if bearer is None:
        raise unknown_token()
    epoch = bearer.epoch
    if epoch is None:
        epoch = ensure_epoch(now=now)
    items = read_items(told.items, str(told.device), told.incarnation)
    receipt = receive_upload(bearer, items, seal=told.seal, lost=_numbers(told.lost), now=now)
    note_contact(
        bearer.device_id,
        bearer.contact,
        version=told.app_version if isinstance(told.app_version, str) else None,
        persisted=told.persisted if isinstance(told.persisted, bool) else None,
        now=now,
        always=not receipt.proved,
    )
    return receipt, epoch


def _numbers(raws: list[msgspec.Raw]) -> list[int]:
    """The sequence numbers among what a phone says it lost; anything else is ignored."""
    found = []
    for raw in raws:
        try:
            number = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, RecursionError):
            continue
        if is_seq(number):
            found.append(number)
    return found


def _as_wire(receipt: Receipt, epoch: UUID, now: datetime) -> wire.Receipt:
    demo = bool(current_app.config["DEMO"])
    have = wire.Place(receipt.mark.seq, receipt.mark.hash)
    shape = wire.Receipt(
        epoch=epoch,
        now=to_ms(now),
        results=[_result(item, demo) for item in receipt.items],
        have=have,
        missing=receipt.missing,
        # Only verified backups make a record durable; the demo has none and says so.
        durable=have if demo else wire.Place(receipt.durable.seq, receipt.durable.hash),
    )
    if demo:
        shape.durable_is_demo = True
    return shape


def _result(item: Item, demo: bool) -> wire.Result:
    result = wire.Result(
        seq=item.seq,
        hash=item.hash,
        verdict=cast(wire.Verdict, item.verdict),
        durable=item.durable or (demo and item.kept and item.chained),
    )
    if item.code is not None:
        result.code = item.code
    return result
