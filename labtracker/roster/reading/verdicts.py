"""What becomes of each row: what it says, who that is, and what somebody may decide about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from labtracker.roster.reading.messages import problem_message
from labtracker.roster.reading.rows import ASKS, RowReading
from labtracker.roster.rules.matching import Facts, Match, Register, Verdict, match

AS_NEW = "new"
AS_SAID = "take"
FACTS = (
    "given_name",
    "family_name",
    "email",
    "phone",
    "employee_number",
    "hired_on",
    "job_title",
    "language",
)


@dataclass
class Assessed:
    """One row with its verdict. ``options`` are the decisions that would let a row under review in.

    ``decision`` is the one of them that somebody has made already.
    """

    number: int
    verdict: Verdict
    values: dict[str, Any]
    problems: list[dict[str, Any]] = field(default_factory=list)
    known: Any = None
    candidates: tuple[Any, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    is_repeat: bool = False
    decision: str | None = None

    @property
    def is_decided(self) -> bool:
        """Whether somebody looked at it and decided what becomes of it."""
        return self.decision is not None and self.decision in self.options

    @property
    def is_ready(self) -> bool:
        """Whether it goes in without anybody looking at it any more."""
        return self.verdict in (Verdict.NEW, Verdict.SAME, Verdict.UPDATED) or self.is_decided

    @property
    def person(self) -> Any:
        """The id of the known worker as whom it goes in; none for somebody new."""
        if not self.is_decided:
            return self.known
        return next((one for one in self.candidates if str(one) == self.decision), self._as_said)

    @property
    def _as_said(self) -> Any:
        return self.known if self.decision == AS_SAID else None

    @property
    def options(self) -> tuple[str, ...]:
        """The decisions open to somebody: a known worker's id, ``new``, or ``take`` for "yes, as it is"."""
        if self.verdict is not Verdict.REVIEW or any(p["code"] == "date_ambiguous" for p in self.problems):
            return ()
        if self.candidates:
            return (*(str(candidate) for candidate in self.candidates), AS_NEW)
        return (AS_SAID,) if self.known is not None else (AS_NEW,)

    @property
    def name(self) -> str:
        """The name in the row, if it has one that can be shown."""
        return f"{self.values.get('given_name') or ''} {self.values.get('family_name') or ''}".strip()

    def messages(self) -> list[dict[str, Any]]:
        """Its problems with words, in the reader's language."""
        return [
            {
                "code": problem["code"],
                "column": problem.get("column"),
                "message": problem_message(
                    problem["code"],
                    **{name: value for name, value in problem.items() if name not in ("code", "column")},
                ),
            }
            for problem in self.problems
        ]


def facts_of(row: Any, values: dict[str, Any]) -> Facts:
    """What a row says, ready for comparing."""
    said: dict[str, Any] = {name: values.get(name) for name in FACTS}
    said["given_name"], said["family_name"] = said["given_name"] or "", said["family_name"] or ""
    return Facts(id=row, **said)


def assess(readings: Iterable[RowReading], known: Iterable[Facts] = ()) -> list[Assessed]:
    """A verdict for every row, given who is known already."""
    register, earlier = Register(known), Register()
    assessed = []
    for reading in readings:
        if reading.is_refused:
            assessed.append(Assessed(reading.number, Verdict.ERROR, reading.values, reading.problems))
            continue
        said = facts_of(reading.number, reading.values)
        found = match(said, register, earlier)
        assessed.append(_assessed(reading, found))
        # A row that repeats or contradicts an earlier one is no measure for those after it.
        if not (found.problem or {}).get("row"):
            earlier.add(said)
    return assessed


def _assessed(reading: RowReading, found: Match) -> Assessed:
    problems = reading.problems
    if found.verdict is Verdict.SAME and "date_ambiguous" not in reading.codes:
        # Somebody looks, or looked, at the row or the worker that this one repeats; nothing is new.
        problems = [problem for problem in problems if problem["code"] not in ASKS]
    verdict = Verdict.REVIEW if any(problem["code"] in ASKS for problem in problems) else found.verdict
    return Assessed(
        number=reading.number,
        verdict=verdict,
        values=reading.values,
        problems=problems + ([found.problem] if found.problem else []),
        known=found.known,
        candidates=found.candidates,
        changes=found.changes,
        is_repeat=found.verdict is Verdict.SAME and found.known is None,
    )


def counted(rows: Iterable[Assessed]) -> dict[str, int]:
    """How many rows have each verdict, and how many are ready."""
    rows = list(rows)
    counts = Counter(str(row.verdict) for row in rows if not row.is_decided)
    return {
        **{str(verdict): counts[str(verdict)] for verdict in Verdict},
        "total": len(rows),
        "ready": sum(row.is_ready for row in rows),
    }
