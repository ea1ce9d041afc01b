"""Checks that are written on a phone: what it sends may come twice, late, or after somebody decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.text import tidy_lines
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.queries.readiness import was_discarded
from labtracker.labs.services.readiness import (
    MOST_NOTES,
    Told,
    begin_check,
    keep_check,
    require_room_for_draft,
)


def keep_phone_check(
    *, id_: UUID, revision: int, worksite: Worksite, lab: Lab, told: Told, actor: Person, now: datetime
) -> SiteReadiness:
    """Keep what somebody typed on a phone as a draft; ``revision`` counts it there, from 1.

    The same again changes nothing. Raises DomainError (409) where keeping it would write over something:
    ``check_final``, ``check_discarded``, ``check_overtaken`` (a later revision is here), ``id_taken``; and
    where somebody has ``too_many_drafts``. Notes may be ``too_long``.
    """
    told = Told(told.answers, told.checked_on, told.expires_on, _notes_as_kept(told.notes))
    row = db.session.get(SiteReadiness, id_, with_for_update=True)
    if row is None:
        return _begun(id_, revision, worksite, lab, told, actor, now)
    if not row.from_phone or (row.checked_by_id, row.worksite_id, row.lab_id) != (
        actor.id,
        worksite.id,
        lab.id,
    ):
        raise _refused("id_taken", _("Another check has this number already."))
    if _says_the_same(row, told):
        if row.finalised_at is None:
            row.phone_revision = max(revision, row.phone_revision or 0)
    elif row.finalised_at is not None:
        raise _refused("check_final", _("A coordinator made this check final before this came."))
    elif revision <= (row.phone_revision or 0):
        raise _refused("check_overtaken", _("A later version of this draft is here already."))
    else:
        keep_check(check=row, told=told, actor=actor, now=now)
        row.phone_revision = revision
    db.session.flush()
    return row


def _notes_as_kept(notes: str) -> str:
    """Notes without what hides in them. Refused is what would be cut off."""
    kept = tidy_lines(notes)
    if len(kept) > MOST_NOTES:
        raise DomainError("too_long", _("At most %(most)s characters.", most=MOST_NOTES), field="notes")
    return kept


def _begun(
    id_: UUID, revision: int, worksite: Worksite, lab: Lab, told: Told, actor: Person, now: datetime
) -> SiteReadiness:
    if was_discarded(id_):
        raise _refused("check_discarded", _("Somebody threw this draft away."))
    require_room_for_draft(actor)
    row = begin_check(worksite=worksite, lab=lab, told=told, actor=actor, now=now, id_=id_, from_phone=True)
    row.phone_revision = revision
    db.session.flush()
    return row


def _says_the_same(row: SiteReadiness, told: Told) -> bool:
    kept = (row.answers, row.checked_on, row.notes or "")
    return kept == (dict(told.answers), told.checked_on, told.notes)


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, status=409)
