"""Whether a site is ready for a lab: answers held against the lab's needs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from labtracker.labs.rules.needs import ITEMS, Item, Kind, Question, whole

Answers = Mapping[str, Any]


class Verdict(StrEnum):
    """What a check came to, from the worst to the best."""

    NOT_READY = "not_ready"
    INCOMPLETE = "incomplete"
    CONDITIONS = "conditions"
    READY = "ready"


@dataclass(frozen=True)
class Finding:
    """A need that the site does not meet: ``wanted`` and ``offered`` are figures, choices, or yes and no."""

    key: str
    wanted: int | tuple[str, ...] | bool
    offered: Any

    def as_dict(self) -> dict[str, Any]:
        """The finding as it is stored."""
        wanted = list(self.wanted) if isinstance(self.wanted, tuple) else self.wanted
        return {"key": self.key, "wanted": wanted, "offered": self.offered}


@dataclass(frozen=True)
class Judgement:
    """The verdict, what may be accepted or put right, what rules the site out, and what nobody answered."""

    verdict: Verdict
    conditions: tuple[Finding, ...] = ()
    reasons: tuple[Finding, ...] = ()
    unanswered: tuple[str, ...] = ()


def judge(asked: Iterable[Question], answers: Answers) -> Judgement:
    """Hold the answers against everything that is asked."""
    conditions: list[Finding] = []
    reasons: list[Finding] = []
    unanswered: list[str] = []
    for question in asked:
        offered = answers.get(question.key)
        if offered is None:
            unanswered.append(question.key)
        elif not _meets(question, offered):
            found = Finding(question.key, question.wanted, offered)
            (conditions if _can_be_put_right(question, offered) else reasons).append(found)
    if reasons:
        verdict = Verdict.NOT_READY
    elif unanswered:
        verdict = Verdict.INCOMPLETE
    else:
        verdict = Verdict.CONDITIONS if conditions else Verdict.READY
    return Judgement(verdict, tuple(conditions), tuple(reasons), tuple(unanswered))


def _meets(question: Question, offered: Any) -> bool:
    wanted = question.wanted
    if question.item.kind is Kind.ONE_OF:
        return isinstance(wanted, tuple) and offered in wanted
    if question.item.kind is Kind.YES:
        return offered is True
    return bool(offered >= wanted if question.item.kind is Kind.AT_LEAST else offered <= wanted)


def _can_be_put_right(question: Question, offered: Any) -> bool:
    item, wanted = question.item, question.wanted
    if item.kind in (Kind.ONE_OF, Kind.YES):
        return not item.hard
    assert isinstance(wanted, int)
    if item.kind is Kind.AT_LEAST:
        return bool(offered >= wanted * (1 - item.slack))
    return bool(offered <= wanted * (1 + item.slack))


def sound_answers(answers: Any) -> dict[str, Any]:
    """What of somebody's answers can be read: known items with values of their kind, all else left out."""
    if not isinstance(answers, Mapping):
        return {}
    return {
        key: answers[key] for key, item in ITEMS.items() if key in answers and is_sound(item, answers[key])
    }


def is_sound(item: Item, value: Any) -> bool:
    """Whether a value can be an answer about an item."""
    if item.kind is Kind.YES:
        return isinstance(value, bool)
    if item.kind is Kind.ONE_OF:
        return value in item.choices
    number = whole(value)
    return number is not None and 0 <= number <= item.highest


def unsound_answers(answers: Mapping[str, Any]) -> list[str]:
    """The keys of answers that cannot be read: of no item, or with a value that is not of its kind."""
    return [key for key, value in answers.items() if key not in ITEMS or not is_sound(ITEMS[key], value)]


def expiry_of(checked_on: date, wished: date | None = None) -> date:
    """The last day on which a check holds: a year later, or earlier if somebody says so."""
    try:
        latest = checked_on.replace(year=checked_on.year + 1)
    except ValueError:  # checked on 29 February
        latest = checked_on.replace(year=checked_on.year + 1, day=28)
    return min(latest, wished) if wished else latest


@dataclass(frozen=True)
class Check:
    """One final check of a site as the rule needs it; ``accepted`` names findings a coordinator accepted."""

    for_this_lab: bool
    answers: Answers
    expires_on: date
    accepted: Collection[Finding] = ()


@dataclass(frozen=True)
class Standing:
    """How a site stands for a lab: the judgement of the check that counts, until when, what nobody accepted.

    No ``judgement``: nobody checked the site for this lab.
    """

    judgement: Judgement | None = None
    expires_on: date | None = None
    unaccepted: tuple[Finding, ...] = ()

    def verdict_on(self, day: date) -> Verdict | None:
        """The verdict of a check that is valid on a day; None where there is none."""
        valid = self.expires_on is not None and self.expires_on >= day
        return self.judgement.verdict if valid and self.judgement is not None else None


def standing(asked: Sequence[Question], checks: Sequence[Check], on: date) -> Standing:
    """How a site stands for a lab on a day, from its final checks, the newest first.

    The newest check that was made for the lab counts. Where it has lapsed, or there is none, a check that was
    made for another lab counts if it is valid and answers and meets every need of this one.
    """
    own = next((check for check in checks if check.for_this_lab), None)
    if own is not None and own.expires_on >= on:
        return _standing_of(asked, own)
    for check in checks:
        if check.expires_on >= on and judge(asked, check.answers).verdict is Verdict.READY:
            return _standing_of(asked, check)
    return _standing_of(asked, own) if own is not None else _nearest(asked, checks, on)


def _standing_of(asked: Sequence[Question], check: Check) -> Standing:
    judgement = judge(asked, check.answers)
    unaccepted = tuple(one for one in judgement.conditions if one not in check.accepted)
    return Standing(judgement, check.expires_on, unaccepted)


def _nearest(asked: Sequence[Question], checks: Sequence[Check], on: date) -> Standing:
    """A valid check of another lab that leaves something open: worth telling, no more than that."""
    for check in checks:
        if check.expires_on >= on:
            found = judge(asked, check.answers)
            left = (*found.unanswered, *(one.key for one in (*found.conditions, *found.reasons)))
            return Standing(Judgement(Verdict.INCOMPLETE, unanswered=left), check.expires_on)
    return Standing()


def is_met(found: Standing, on: date) -> bool:
    """Whether a lab may go there on a day: the check is valid, and nothing stands open in it."""
    return found.verdict_on(on) in (Verdict.READY, Verdict.CONDITIONS) and not found.unaccepted


def finding_from(stored: Mapping[str, Any]) -> Finding:
    """A finding as it was stored."""
    wanted = stored["wanted"]
    return Finding(stored["key"], tuple(wanted) if isinstance(wanted, list) else wanted, stored["offered"])
