"""A judgement in words that a person can follow."""

from __future__ import annotations

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from labtracker.completion.models import Completion
from labtracker.completion.rules import Need
from labtracker.scheduling.models import Cohort


def policy_words(cohort: Cohort, language: str) -> list[str]:
    """What completing a cohort asks for, one sentence for each thing. Hours alone say that they are alone."""
    sentences = [
        _(
            "at least %(least)s of %(all)s contact hours",
            least=format_percent(cohort.minimum_share),
            all=format_decimal(cohort.contact_hours),
        )
    ]
    if cohort.assessment_required:
        sentences.append(_("an assessment with at least %(mark)s of 100 points", mark=cohort.pass_mark))
    required = [skill for skill in cohort.skills if skill.get("required", True)]
    if required:
        names = ", ".join(_skill_name(skill, language) for skill in required)
        sentences.append(_("these skills signed off: %(names)s", names=names))
    if len(sentences) == 1:
        sentences.append(_("attendance only: nothing else was asked for"))
    return sentences


def explanation(row: Completion, cohort: Cohort, language: str) -> list[str]:
    """Sentences such as "20.5 of 24 h = 85 %, needs 80 %", one for each thing the policy asks for."""
    return list(_sentences(row, cohort, language).values())


def missing(row: Completion, cohort: Cohort, language: str, *, with_hours: bool) -> list[str]:
    """The same sentences, of what is not met yet alone; with the hours or without them."""
    sentences = _sentences(row, cohort, language)
    return [
        sentences[need]
        for need in map(Need, row.unmet)
        if need in sentences and (with_hours or need is not Need.HOURS)
    ]


def _sentences(row: Completion, cohort: Cohort, language: str) -> dict[Need, str]:
    total = cohort.contact_hours * 60
    sentences = {
        Need.HOURS: _(
            "%(hours)s of %(all)s h = %(share)s, needs %(least)s",
            hours=format_decimal(round(row.credited_minutes / 60, 1)),
            all=format_decimal(cohort.contact_hours),
            share=format_percent(row.credited_minutes / float(total) if total else 0),
            least=format_percent(cohort.minimum_share),
        )
    }
    if cohort.assessment_required:
        sentences[Need.ASSESSMENT] = _assessment(row, cohort)
    required = [skill for skill in cohort.skills if skill.get("required", True)]
    if required:
        sentences[Need.SKILLS] = _skills(row, required, language)
    return sentences


def _assessment(row: Completion, cohort: Cohort) -> str:
    if row.best_score is None:
        return _("no assessment yet, needs %(mark)s", mark=cohort.pass_mark)
    return _(
        "assessment %(score)s, needs %(mark)s", score=format_decimal(row.best_score), mark=cohort.pass_mark
    )


def _skills(row: Completion, required: list[dict[str, object]], language: str) -> str:
    signed = set(row.signed_skills)
    missing = [skill for skill in required if str(skill["id"]) not in signed]
    count = ngettext(
        "%(signed)s of %(num)s skill signed off",
        "%(signed)s of %(num)s skills signed off",
        len(required),
        signed=len(required) - len(missing),
    )
    if not missing:
        return count
    names = ", ".join(_skill_name(skill, language) for skill in missing)
    return _("%(count)s; missing: %(names)s", count=count, names=names)


def _skill_name(skill: dict[str, object], language: str) -> str:
    return str((language == "es" and skill.get("title_es")) or skill["title"])
