"""Awarding certificates, to one worker or to a whole cohort, and ending them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from flask_babel import force_locale
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.provider import provider_name
from labtracker.accounts.services import record_audit
from labtracker.certificates import queries, signing
from labtracker.certificates.addresses import check_url, issuer, key_url
from labtracker.certificates.credential import Awarded, Shown, credential_of
from labtracker.certificates.facts import Earned, earned_by
from labtracker.certificates.models import Certificate
from labtracker.certificates.rules import CertificateState, Refusal, why_not_awarded
from labtracker.certificates.services.keys import key_in_use
from labtracker.certificates.signals import certificates_issued
from labtracker.certificates.words import attended_words
from labtracker.completion.words import policy_words
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import instant_at
from labtracker.roster.models import Enrollment
from labtracker.roster.rules.badges import SECRET_BYTES, badge_hash
from labtracker.web.language import LOCALES

LONGEST_REASON = 500
# A day without its hour: the middle of it is that day in every zone of the country.
NOON = time(12)


def award(enrollment_ids: Sequence[UUID], *, actor: Person | None, now: datetime) -> list[Certificate]:
    """Issue a certificate for each of these enrollments, whose completion was looked at before."""
    if not enrollment_ids:
        return []
    key, private = key_in_use(now=now)
    made = []
    for earned in earned_by(enrollment_ids):
        secret = secrets.token_bytes(SECRET_BYTES)
        certificate = Certificate(
            **earned.standing_on_it(provider_name()),
            secret=secret,
            secret_hash=badge_hash(secret),
            credential_id=uuid4(),
            key_id=key.key_id,
            issued_at=now,
            issued_by_id=actor.id if actor else None,
        )
        claims = credential_of(_told(certificate, earned, now), issuer())
        certificate.credential = signing.sign(claims, private, key_url=key_url(key.key_id))
        made.append(certificate)
    db.session.add_all(made)
    db.session.flush()
    certificates_issued.send(certificate_ids=[one.id for one in made], now=now)
    return made


def issue_certificate(enrollment: Enrollment, *, actor: Person, now: datetime) -> Certificate:
    """Issue one worker's certificate.

    Raises DomainError ``has_one``, ``not_complete`` or ``cohort_open``.
    """
    (earned,) = earned_by([enrollment.id])
    _refuse(earned, has_one=queries.standing_certificate(enrollment.id) is not None)
    (certificate,) = award([enrollment.id], actor=actor, now=now)
    record_audit(actor, "certificate_issued", "certificate", certificate.id, now)
    return certificate


def revoke_certificate(certificate: Certificate, *, reason: str, actor: Person, now: datetime) -> None:
    """Say that a certificate is good no longer. Its public page says so, and the reason stays here.

    Raises DomainError ``reason_missing`` or ``not_standing``.
    """
    reason = _reason(reason)
    _refuse_ended(certificate)
    certificate.revoked_at = now
    certificate.ended_by_id, certificate.ended_reason = actor.id, reason
    db.session.flush()
    record_audit(actor, "certificate_revoked", "certificate", certificate.id, now)


def replace_certificate(
    certificate: Certificate, *, reason: str, actor: Person, now: datetime
) -> Certificate:
    """Issue a certificate anew from what is known now, such as after a name was corrected.

    The old one's page says that it was replaced, and not by what. Raises DomainError ``reason_missing``,
    ``not_standing``, ``not_complete`` or ``cohort_open``.
    """
    reason = _reason(reason)
    _refuse_ended(certificate)
    (earned,) = earned_by([certificate.enrollment_id])
    _refuse(earned, has_one=False)
    certificate.replaced_at = now
    certificate.ended_by_id, certificate.ended_reason = actor.id, reason
    # An enrollment has one that stands: the old one steps aside before the new one comes.
    db.session.flush()
    (newer,) = award([certificate.enrollment_id], actor=actor, now=now)
    certificate.replaced_by_id = newer.id
    db.session.flush()
    record_audit(actor, "certificate_replaced", "certificate", newer.id, now)
    return newer


def _told(certificate: Certificate, earned: Earned, now: datetime) -> Awarded:
    cohort = earned.cohort
    with force_locale(LOCALES["en"]):
        criteria = policy_words(cohort, "en")
        attended = attended_words(Decimal(certificate.credited_minutes), certificate.contact_hours)
    return Awarded(
        credential_id=certificate.credential_id,
        subject_id=uuid4(),
        name=certificate.name,
        course_id=cohort.course_id,
        course=certificate.course_title,
        description=cohort.course.description or certificate.course_title,
        criteria=criteria,
        attended=attended,
        completed_at=instant_at(certificate.completed_on, NOON, cohort.worksite.zone),
        issued_at=now,
        check_url=check_url(certificate),
        shown=[_shown(skill) for skill in certificate.skills if skill.get("level")],
    )


def _shown(skill: dict[str, Any]) -> Shown:
    levels = [str(level["title"]) for level in skill["levels"]]
    reached = levels[min(skill["level"], len(levels)) - 1]
    return Shown(UUID(skill["id"]), str(skill["title"]), levels, levels[skill["needed_level"] - 1], reached)


def _refuse(earned: Earned, *, has_one: bool) -> None:
    state = earned.completion.state if earned.completion else None
    why = why_not_awarded(state, closed_out=earned.cohort.closed_out_at is not None, has_one=has_one)
    if why is None:
        return
    messages: dict[Refusal, Any] = {
        Refusal.HAS_ONE: _("This worker has a certificate for this cohort already."),
        Refusal.NOT_COMPLETE: _("This worker has not completed, so there is nothing to certify."),
        Refusal.COHORT_OPEN: _("Close the cohort out first: until then its figures may still change."),
    }
    raise DomainError(why, messages[why], status=409)


def _refuse_ended(certificate: Certificate) -> None:
    if certificate.state is not CertificateState.VALID:
        raise DomainError("not_standing", _("This certificate was revoked or replaced already."), status=409)


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError("reason_missing", _("Say why; the reason stays on record."), field="reason")
    return text[:LONGEST_REASON]
