"""Checks of worksites: keep a draft, make it final, accept a condition, throw a draft away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.attachments.queries import attached_to
from labtracker.attachments.services import erase_attachments
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab, ReadinessAcceptance, SiteReadiness, Worksite
from labtracker.labs.queries.readiness import checklist_of, open_drafts_of
from labtracker.labs.rules.readiness import Verdict, expiry_of, judge, sound_answers
from labtracker.labs.services.saving import changed_meanwhile, record, saving
from labtracker.labs.wording import item_label

SUBJECT = "site_readiness"
MOST_NOTES = 4000
# More than anybody fills in before a coordinator looks at them.
MOST_DRAFTS = 50


@dataclass(frozen=True)
class Told:
    """What somebody says of a site: answers by item, when they looked, how long it holds (a year at most)."""

    answers: Mapping[str, Any]
    checked_on: date
    expires_on: date | None = None
    notes: str = ""


def require_room_for_draft(actor: Person) -> None:
    """Refuse (409) a draft more where so many of somebody wait; a coordinator may always begin one."""
    if not actor.has(Role.COORDINATOR) and open_drafts_of(actor) >= MOST_DRAFTS:
        raise DomainError(
            "too_many_drafts",
            _("%(most)s drafts of yours wait already. Ask a coordinator to look at them.", most=MOST_DRAFTS),
            status=409,
        )


def begin_check(
    *,
    worksite: Worksite,
    lab: Lab,
    told: Told,
    actor: Person,
    now: datetime,
    id_: UUID | None = None,
    from_phone: bool = False,
) -> SiteReadiness:
    """A new draft of a worksite's check for a lab that says what it needs."""
    if not checklist_of(lab):
        raise DomainError(
            "nothing_asked", _("Nobody said yet what %(lab)s needs of a site.", lab=lab.name), field="lab"
        )
    row = SiteReadiness(
        id=id_ or uuid7(),
        worksite=worksite,
        lab=lab,
        checked_by=actor,
        from_phone=from_phone,
        created_at=now,
    )
    _write(row, told, now)
    db.session.add(row)
    db.session.flush()
    record("begun", row, actor=actor, now=now, worksite=str(worksite.id), lab=str(lab.id))
    return row


def keep_check(
    *, check: SiteReadiness, told: Told, actor: Person, now: datetime, expected_version: int | None = None
) -> SiteReadiness:
    """Keep new answers in a draft. A final check is refused: it is followed by a new one."""
    _refuse_final(check)
    if expected_version is not None and expected_version != check.version:
        raise changed_meanwhile(("answers",))
    with saving():
        _write(check, told, now)
    return check


def _write(row: SiteReadiness, told: Told, now: datetime) -> None:
    today = local_day(now, row.worksite.zone)
    if told.checked_on > today:
        raise DomainError(
            "checked_in_future", _("The day of the check lies in the future."), field="checked_on"
        )
    if told.expires_on is not None and told.expires_on <= told.checked_on:
        raise DomainError(
            "expires_before_check", _("It would lapse before it was checked."), field="expires_on"
        )
    row.answers = sound_answers(told.answers)
    row.checked_on = told.checked_on
    row.expires_on = expiry_of(told.checked_on, told.expires_on)
    row.notes = told.notes.strip()[:MOST_NOTES] or None
    row.updated_at = now


def finalise_check(
    *, check: SiteReadiness, actor: Person, now: datetime, expected_version: int | None = None
) -> SiteReadiness:
    """Make a draft final: judged now, never edited again. Open questions refuse, except where it is a no."""
    _require_coordinator(actor)
    _refuse_final(check)
    if expected_version is not None and expected_version != check.version:
        raise changed_meanwhile(("answers",))
    found = judge(checklist_of(check.lab), check.answers)
    if found.verdict is Verdict.INCOMPLETE:
        names = ", ".join(item_label(key) for key in found.unanswered)
        raise DomainError(
            "check_incomplete", _("These are not answered yet: %(names)s.", names=names), status=409
        )
    with saving():
        check.verdict = found.verdict.value
        check.judged = {
            "conditions": [one.as_dict() for one in found.conditions],
            "reasons": [one.as_dict() for one in found.reasons],
        }
        check.finalised_at, check.finalised_by = now, actor
    record("finalised", check, actor=actor, now=now, verdict=found.verdict.value)
    return check


def accept_condition(
    *, check: SiteReadiness, key: str, note: str, actor: Person, now: datetime
) -> ReadinessAcceptance:
    """Accept one condition of a final check, with a note on how it is met or borne."""
    _require_coordinator(actor)
    why = " ".join(note.split())[:300]
    if not why:
        raise DomainError("note_missing", _("Please say how it is put right or borne."), field="note")
    judgement = judge(checklist_of(check.lab), check.answers)
    finding = next((one for one in judgement.conditions if one.key == key), None)
    if check.finalised_at is None or finding is None:
        raise DomainError("no_such_condition", _("This condition does not stand in the check."), status=404)
    stored = finding.as_dict()
    known = next((one for one in check.acceptances if one.finding == stored), None)
    if known is not None:
        return known
    acceptance = ReadinessAcceptance(finding=stored, note=why, accepted_by=actor, at=now)
    check.acceptances.append(acceptance)
    db.session.flush()
    record("condition_accepted", check, actor=actor, now=now, condition=key)
    return acceptance


def may_discard(check: SiteReadiness, actor: Person) -> bool:
    """Whether somebody may throw a check away: a draft of their own to which nobody else attached anything.

    A coordinator may throw any draft away.
    """
    if check.finalised_at is not None:
        return False
    if actor.has(Role.COORDINATOR):
        return True
    files = db.session.scalars(attached_to(SUBJECT, [check.id])).unique()
    return check.checked_by_id == actor.id and all(file.added_by_id == actor.id for file in files)


def discard_check(*, check: SiteReadiness, actor: Person, now: datetime) -> None:
    """Throw a draft away, its photos with it.

    Raises DomainError ``check_final``, or ``not_yours_to_discard``.
    """
    _refuse_final(check)
    if not may_discard(check, actor):
        raise DomainError(
            "not_yours_to_discard",
            _("This draft, or a file in it, is somebody else’s. A coordinator can throw it away."),
            status=403,
        )
    record("discarded", check, actor=actor, now=now, worksite=str(check.worksite_id))
    erase_attachments(SUBJECT, [check.id])
    db.session.delete(check)
    db.session.flush()


def _refuse_final(check: SiteReadiness) -> None:
    if check.finalised_at is not None:
        raise DomainError(
            "check_final",
            _("This check is final. Begin a new one; it starts with these answers."),
            status=409,
        )


def _require_coordinator(actor: Person) -> None:
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_allowed", _("Only a coordinator may do this."), status=403)
