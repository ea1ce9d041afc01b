"""Pairing a phone."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _

from labtracker.accounts.services import device_by_token, redeem_pairing_code
from labtracker.checkin.api.requests import answer, body_as, unknown_token
from labtracker.checkin.api.wire import Paired, Pairing, Trainer
from labtracker.checkin.services import recognise_trainer
from labtracker.checkin.services.sealing import public_key_of
from labtracker.errors import DomainError
from labtracker.extensions import limiter
from labtracker.kit.time import to_ms, utc_now
from labtracker.web.edge import commit

blueprint = Blueprint("checkin_devices", __name__)


@blueprint.post("/devices")
@limiter.limit("30 per minute")
def pair() -> Response:
    """Pair a phone by a one-time code; with a bearer, add a trainer to the phone it speaks for."""
    told = body_as(Pairing)
    now = utc_now()
    device = None
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        device = device_by_token(token.strip())
        if device is None:
            raise unknown_token()
    elif public_key_of(told.public_key) is None:
        raise DomainError("bad_key", _("The phone's key is not a P-256 public key."), field="public_key")
    paired = redeem_pairing_code(
        told.code,
        public_key=_only_public(told.public_key),
        name=told.name,
        app_version=told.app_version,
        now=now,
        device=device,
    )
    recognise_trainer(device_id=paired.device.id, person_id=paired.trainer.id, now=now)
    commit()
    shape = Paired(
        device=paired.device.id,
        trainer=Trainer(paired.trainer.id, paired.trainer.name, paired.trainer.language),
        now=to_ms(now),
        badge_hosts=list(current_app.config["BADGE_HOSTS"]),
    )
    if paired.token is not None:
        shape.token = paired.token
    return answer(shape, 201)


def _only_public(jwk: dict[str, object] | None) -> dict[str, object] | None:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk} if jwk else None
