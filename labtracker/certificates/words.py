"""What certificates and transcripts say, in the language being spoken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.certificates.models import Certificate
from labtracker.certificates.rules import CertificateState, Doubt
from labtracker.completion.words import level_words, skill_name
from labtracker.web.display import day_range, plain_day

STATES = {
    CertificateState.VALID: _l("valid"),
    CertificateState.REPLACED: _l("replaced"),
    CertificateState.REVOKED: lazy_pgettext("certificate", "revoked"),
}
DOUBTS = {
    Doubt.NOT_COMPLETE: _l("The completion behind it was undone."),
    Doubt.COHORT_OPEN: _l("Its cohort was opened again, so figures may change."),
    Doubt.OTHER_FIGURES: _l("Its hours or its day of completion are others by now."),
}


def attended_words(minutes: Decimal, contact_hours: Decimal) -> str:
    """How much of a course was attended: "20.5 of 24 contact hours"."""
    return _(
        "%(attended)s of %(all)s contact hours",
        attended=format_decimal(round(minutes / 60, 1).normalize()),
        all=format_decimal(contact_hours.normalize()),
    )


def hours_words(certificate: Certificate) -> str:
    """The hours as they stand on a certificate."""
    return attended_words(Decimal(certificate.credited_minutes), certificate.contact_hours)


def plain(value: date | None) -> str:
    """A day as plain text, for paper."""
    return plain_day(value).striptags()


def span_words(first: date, last: date) -> str:
    """The days of a training: one, or from the first to the last."""
    return plain(first) if first == last else day_range(first, last).striptags()


def skills_words(skills: Iterable[dict[str, Any]], language: str) -> list[str]:
    """Skills as they stand on a certificate, those on a scale with the level that was shown."""
    return [_skill(skill, language) for skill in skills]


def _skill(skill: dict[str, Any], language: str) -> str:
    name = skill_name(skill, language)
    if not skill.get("level"):
        return name
    return _("%(skill)s: level %(level)s", skill=name, level=level_words(skill, skill["level"], language))
