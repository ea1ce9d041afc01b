"""A judgement in words that a person can follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask_babel import format_decimal, format_percent, get_locale, lazy_pgettext, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.completion.models import Completion
from labtracker.completion.rules import CompletionState, Need
from labtracker.scheduling.models import Cohort


def policy_words(cohort: Cohort, language: str) -> list[str]:
    """What completing a cohort asks for, one sentence for each thing. Hours alone say that they are alone."""
    sentences = [
        _(
            "at least %(least)s of %(all)s contact hours",
            least=_share(cohort.minimum_share),
            all=format_decimal(cohort.contact_hours),
        )
    ]
    if cohort.assessment_required:
        sentences.append(_assessment_asked(cohort, language))
    required = [skill for skill in cohort.skills if skill.get("required", True)]
    if required:
        names = ", ".join(_skill_asked(skill, language) for skill in required)
        sentences.append(_("these skills signed off: %(names)s", names=names))
    if len(sentences) == 1:
        sentences.append(_("attendance only: nothing else was asked for"))
    return sentences


def _assessment_asked(cohort: Cohort, language: str) -> str:
    name = assessment_name(cohort, language)
    sentence = (
        _("%(name)s: at least %(mark)s of 100 points", name=name, mark=cohort.pass_mark)
        if name
        else _("an assessment with at least %(mark)s of 100 points", mark=cohort.pass_mark)
    )
    if cohort.max_attempts:
        limit = ngettext("in at most %(num)s attempt", "in at most %(num)s attempts", cohort.max_attempts)
        sentence = f"{sentence} {limit}"
    if cohort.attempt_counts == "last":
        sentence = _("%(asked)s, of which the last counts", asked=sentence)
    return sentence


def _skill_asked(skill: dict[str, Any], language: str) -> str:
    name = skill_name(skill, language)
    if not skill.get("needed_level"):
        return name
    level = level_words(skill, skill["needed_level"], language)
    return _("%(skill)s at level %(level)s", skill=name, level=level)


def assessment_name(cohort: Cohort, language: str) -> str | None:
    """What a cohort's assessment is called in a language, if it has a name."""
    return (cohort.assessment_title_es if language == "es" else None) or cohort.assessment_title


def skill_name(skill: dict[str, Any], language: str) -> str:
    """What a skill of a cohort is called in a language, in English where there is no other."""
    return str((language == "es" and skill.get("title_es")) or skill["title"])


def signed_words(skills: Mapping[str, dict[str, Any]], payload: Mapping[str, Any], language: str) -> str:
    """What a sign-off says: the skill, and its level with its word; an unknown skill has no name."""
    skill, level = skills.get(str(payload.get("skill"))), payload.get("level")
    if skill is None:
        return ""
    name = skill_name(skill, language)
    if not isinstance(level, int):
        return name
    return _("%(skill)s: level %(level)s", skill=name, level=level_words(skill, level, language))


def level_words(skill: dict[str, Any], level: int, language: str) -> str:
    """A level of a skill's scale with its word: "2 (with help)"; what is above the scale has no word."""
    levels = skill.get("levels") or []
    if not 1 <= level <= len(levels):
        return str(level)
    return f"{level} ({skill_name(levels[level - 1], language)})"


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
    # Rounded down: what is short by a minute must not look as if it were enough.
    tenths = row.credited_minutes // 6
    sentences = {
        Need.HOURS: _(
            "%(hours)s of %(all)s h = %(share)s, needs %(least)s",
            hours=format_decimal(Decimal(tenths) / 10),
            all=format_decimal(cohort.contact_hours),
            share=_share(row.credited_minutes / total if total else Decimal(0)),
            least=_share(cohort.minimum_share),
        )
    }
    if cohort.assessment_required:
        sentences[Need.ASSESSMENT] = _assessment(row, cohort, language)
    required = [skill for skill in cohort.skills if skill.get("required", True)]
    if required:
        sentences[Need.SKILLS] = _skills(row, required, language)
    return sentences


def _share(value: Decimal) -> str:
    """A share as percent, rounded down to a tenth."""
    locale = get_locale()
    pattern = re.sub("0(?=[^0]*$)", "0.#", locale.percent_formats[None].pattern)
    return format_percent(value.quantize(Decimal("0.001"), ROUND_DOWN), pattern)


def _assessment(row: Completion, cohort: Cohort, language: str) -> str:
    name = assessment_name(cohort, language) or _("assessment")
    if row.score is None:
        return _("%(name)s not taken yet, needs %(mark)s", name=name, mark=cohort.pass_mark)
    sentence = _(
        "%(name)s %(score)s, needs %(mark)s",
        name=name,
        score=format_decimal(row.score),
        mark=cohort.pass_mark,
    )
    if cohort.max_attempts and Need.ASSESSMENT in row.unmet:
        tries = _("attempt %(number)s of %(most)s", number=row.attempts, most=cohort.max_attempts)
        sentence = f"{sentence} ({tries})"
    return sentence


def _skills(row: Completion, required: list[dict[str, Any]], language: str) -> str:
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
    names = ", ".join(missing_skill(row, skill, language) for skill in missing)
    return _("%(count)s; missing: %(names)s", count=count, names=names)


def missing_skill(row: Completion, skill: dict[str, Any], language: str) -> str:
    """A skill that is not signed off yet, with the level that was reached where one was."""
    name, level = skill_name(skill, language), row.skill_levels.get(str(skill["id"]))
    if not level:
        return name
    return _(
        "%(skill)s (level %(level)s, needs %(needed)s)",
        skill=name,
        level=level,
        needed=skill["needed_level"],
    )


STATES = {
    CompletionState.IN_PROGRESS: _l("in progress"),
    CompletionState.COMPLETE: _l("complete"),
    CompletionState.INCOMPLETE: _l("not complete"),
    CompletionState.WITHDRAWN: lazy_pgettext("worker", "withdrawn"),
    CompletionState.NO_SHOW: _l("never attended"),
}


def change_words(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What changed of a worker's figures: "never attended, now complete; 0 h, now 24 h"."""
    if not before:
        return _("was not on the roster")
    pairs = [
        (STATES[CompletionState(before["state"])], STATES[CompletionState(after["state"])]),
        (_hours(before["credited_minutes"]), _hours(after["credited_minutes"])),
        (_points(before["score"]), _points(after["score"])),
        (_signed(before["signed_skills"]), _signed(after["signed_skills"])),
    ]
    changed = [_("%(before)s, now %(after)s", before=old, after=new) for old, new in pairs if old != new]
    if changed:
        return "; ".join(changed)
    if before == after:
        return _("as it was before")
    if before["completed_on"] != after["completed_on"]:
        return _("completed on another day")
    return _("other hours were scheduled")


def _hours(minutes: int) -> str:
    return _("%(hours)s h", hours=format_decimal(round(minutes / 60, 1)))


def _points(score: str | None) -> str:
    return _("no assessment") if score is None else _("assessment %(score)s", score=score)


def _signed(skills: list[str]) -> str:
    return ngettext("%(num)s skill signed off", "%(num)s skills signed off", len(skills))
