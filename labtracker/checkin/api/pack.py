"""Handing out the pack."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from labtracker.changes import current_stamp
from labtracker.checkin.api import wire
from labtracker.checkin.api.requests import answer, bearer_fingerprint, unknown_token
from labtracker.checkin.queries.pack import pack_page
from labtracker.checkin.queries.pack_reader import pack_reader
from labtracker.checkin.services.system import ensure_epoch
from labtracker.extensions import db
from labtracker.kit.time import to_ms, utc_now

blueprint = Blueprint("checkin_pack", __name__)


@blueprint.get("/pack")
def pack() -> Response:
    """Changes since the phone's cursor, or everything when its epoch is another."""
    token = bearer_fingerprint()
    now = utc_now()
    reader = pack_reader(token)
    if reader is None:
        raise unknown_token()
    if reader.revoked:
        return answer(wire.Pack(device_revoked=True))
    epoch = reader.epoch or ensure_epoch(now=now)
    after = _cursor(str(epoch))
    page = pack_page(reader.trainers, after=after or 0, now=now)
    return answer(
        {
            "epoch": epoch,
            "reset": after is None,
            "cursor": page.cursor,
            "more": page.more,
            "now": to_ms(now),
            "sessions": page.sessions,
            "cohorts": page.cohorts,
            "enrollments": page.enrollments,
            "revoked": page.revoked,
            "gone": page.gone,
            "trainers_gone": sorted(str(one) for one in reader.lapsed),
            "badge_hosts": list(current_app.config["BADGE_HOSTS"]),
        }
    )


def _cursor(epoch: str) -> int | None:
    """The phone's cursor; None when it must begin anew."""
    told = request.args.get("cursor", "")
    if request.args.get("epoch", "") != epoch or not (told.isascii() and told.isdigit() and len(told) < 19):
        return None
    cursor = int(told)
    return cursor if cursor <= current_stamp(db.session()) else None
