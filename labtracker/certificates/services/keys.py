"""The provider's signing key: made when it is first needed, exchanged on request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.certificates import queries, signing
from labtracker.certificates.models import SigningKey
from labtracker.extensions import db


def key_in_use(*, now: datetime) -> tuple[SigningKey, Any]:
    """The key that signs, and its private half; a new one if there is none, or none that can be opened.

    A database that came here without its SECRET_KEY has keys that nobody opens: they stay published, so that
    what they signed stays good, and a new one signs from now on.
    """
    for row in queries.signing_keys():
        if row.retired_at is None:
            try:
                return row, signing.open_key(row.sealed, _secret())
            except signing.SealError:
                break
    row = rotate_key(now=now)
    return row, signing.open_key(row.sealed, _secret())


def rotate_key(*, now: datetime, actor: Person | None = None) -> SigningKey:
    """A new key signs from now on. Those before it sign no more and stay published for good."""
    for row in queries.signing_keys():
        row.retired_at = row.retired_at or now
    key_id, public, sealed = signing.make_key(_secret())
    made = SigningKey(key_id=key_id, public_jwk=public, sealed=sealed, made_at=now)
    db.session.add(made)
    db.session.flush()
    record_audit(actor, "signing_key_made", "signing_key", None, now)
    return made


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
