"""Whether a row of a sheet is somebody already known: pure comparison, nothing is ever merged unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Any

from labtracker.kit.text import folded

COMPARED = (
    "given_name",
    "family_name",
    "email",
    "phone",
    "employee_number",
    "hired_on",
    "job_title",
    "language",
)
SIMILAR = 0.85
MOST_ALIKE = 20
MOST_SHARED = 5


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    UPDATED = "updated"
    REVIEW = "review"
    ERROR = "error"


@dataclass(frozen=True)
class Facts:
    """What is known of a worker, or said of one in a row (then ``id`` is the row's number)."""

    id: Any
    given_name: str = ""
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    employee_number: str | None = None
    hired_on: date | None = None
    job_title: str | None = None
    language: str | None = None
    archived: bool = False
    # What other records of the same person say, who were merged into this one.
    also: tuple[Facts, ...] = ()

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @cached_property
    def keys(self) -> tuple[tuple[str, Any], ...]:
        """Everything that tells this person apart from others, each with its kind."""
        alike = (self.folded_name, self.email, self.phone, self.employee_number, self.hired_on)
        keys: list[tuple[str, Any]] = [("name", self.folded_name), ("alike", alike)]
        if self.email:
            keys.append(("email", self.email))
            keys.append(("mail_name", (self.email, self.folded_name)))
        if self.employee_number:
            keys.append(("number", self.employee_number.casefold()))
        if self.hired_on:
            keys.append(("name_date", (self.folded_name, self.hired_on)))
            # Of a name typed wrong one word is right, mostly; all who were hired on a day would be too many.
            keys += [("word_date", (word, self.hired_on)) for word in set(self.folded_name.split())]
        if self.phone:
            keys.append(("phone", self.phone))
        return tuple(keys)

    @cached_property
    def folded_name(self) -> str:
        """The name for comparing, its words in one order so that "Baca Ana" is "Ana Baca"."""
        return " ".join(sorted(folded(self.name).split()))


@dataclass(frozen=True)
class Match:
    """What a row turned out to be: its verdict, who it is or may be, what would change, and why it asks."""

    verdict: Verdict
    known: Any = None
    candidates: tuple[Any, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    problem: dict[str, Any] | None = None


class Register:
    """People by everything that tells them apart."""

    def __init__(self, people: Iterable[Facts] = ()) -> None:
        self._by: dict[tuple[str, Any], list[Facts]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Facts) -> None:
        """Remember one more."""
        for key in dict.fromkeys(key for one in (person, *person.also) for key in one.keys):
            self._by[key].append(person)

    def surely(self, person: Facts) -> list[Facts]:
        """Those with the same mail, employee number, or name and hire date, or alike in all that is said.

        Where several share a mailbox, those of a similar name come before the others.
        """
        sure = self._found(person, ("number", "name_date", "alike", "mail_name"))
        if sure:
            return [other for other in sure if similar(person, other)] or sure
        found = self._found(person, ("email",))
        return [other for other in found if similar(person, other)] or found

    def perhaps(self, person: Facts) -> list[Facts]:
        """Those of the same name, or a similar one and the same telephone or hire date, unless told apart."""
        found = [other for other in self._found(person, ("name",)) if not differ(person, other)]
        # The telephone of a whole company tells nobody apart.
        shared = len(self._by.get(("phone", person.phone), ())) > MOST_SHARED
        for other in () if shared else self._found(person, ("phone",)):
            if other not in found and similar(person, other) and not differ(person, other):
                found.append(other)
        for other in self._hired_with(person):
            if other not in found and similar(person, other) and not _told_apart(person, other):
                found.append(other)
        return found

    def _hired_with(self, person: Facts) -> list[Facts]:
        """Those hired the same day of whose name a word is the same, unless many have it."""
        groups = (self._by.get(key, ()) for key in person.keys if key[0] == "word_date")
        return [other for group in groups if len(group) <= MOST_ALIKE for other in group]

    def _found(self, person: Facts, kinds: Sequence[str]) -> list[Facts]:
        found: list[Facts] = []
        for key in person.keys if self._by else ():
            if key[0] in kinds and key in self._by:
                # A number or mailbox of the whole company tells nobody apart; a few suffice to ask.
                found += [other for other in self._by[key][:MOST_ALIKE] if other not in found]
        return found


def differ(one: Facts, other: Facts) -> bool:
    """Whether two of one name are told apart by their employee numbers, or by hire date and mail."""
    if one.employee_number and other.employee_number:
        return one.employee_number.casefold() != other.employee_number.casefold()
    if one.hired_on and other.hired_on and one.email and other.email:
        return one.hired_on != other.hired_on and one.email != other.email
    return False


def _told_apart(one: Facts, other: Facts) -> bool:
    """Whether two of similar names have different mailboxes, or differ as two of one name may."""
    return differ(one, other) or bool(one.email and other.email and one.email != other.email)


def similar(one: Facts, other: Facts) -> bool:
    """Whether two names are so alike that one may be the other mistyped or shortened."""
    first, second = one.folded_name, other.folded_name
    if set(first.split()) <= set(second.split()) or set(second.split()) <= set(first.split()):
        return True
    compared = SequenceMatcher(None, first, second)
    # The first two are quick and never less than the third.
    return all(
        ratio() >= SIMILAR for ratio in (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
    )


def changes_to(known: Facts, said: Facts) -> dict[str, Any]:
    """What a row would change of somebody known. Empty cells, letter case and accents change nothing.

    Nor does what a second record of the same person said: which is right was decided when they were merged.
    """
    changes: dict[str, Any] = {}
    same_name = known.folded_name == said.folded_name
    for name in COMPARED:
        new, old = getattr(said, name), getattr(known, name)
        if new in (None, "") or new == old or (name in ("given_name", "family_name") and same_name):
            continue
        if name == "employee_number" and old and new.casefold() == old.casefold():
            continue
        if any(getattr(one, name) == new for one in known.also):
            continue
        changes[name] = new
    return changes


def match(said: Facts, known: Register, earlier: Register) -> Match:
    """What a row is, given everybody known and the rows before it in the same sheet."""
    sure = known.surely(said)
    again = _match_earlier(said, earlier)
    exact = [person for person in sure if _says_nothing_new(person, said)]
    # Somebody of whom just this is known and no more.
    exact = [person for person in exact if _says_nothing_new(said, person)] or exact
    repeats = again is not None and again.verdict is Verdict.SAME
    if exact and not (repeats and not _is_known_apart(exact[0], said, earlier)):
        # Who is known just so is that person, however alike others of the sheet are.
        return Match(Verdict.SAME, known=exact[0].id)
    if again is not None:
        return again
    if len(sure) > 1:
        ids = tuple(person.id for person in sure)
        return Match(Verdict.REVIEW, candidates=ids, problem={"code": "several_known"})
    if sure:
        return _match_sure(said, sure[0])
    for row in earlier.perhaps(said):
        return Match(Verdict.REVIEW, problem={"code": "near_in_file", "row": row.id})
    near = known.perhaps(said)
    if near:
        ids = tuple(person.id for person in near)
        problem = {"code": "near_match", "name": near[0].name}
        return Match(Verdict.REVIEW, candidates=ids, problem=problem)
    return Match(Verdict.NEW)


def _match_sure(said: Facts, known: Facts) -> Match:
    if not similar(said, known):
        problem = {"code": "name_differs", "name": known.name}
        return Match(Verdict.REVIEW, candidates=(known.id,), problem=problem)
    if known.archived:
        problem = {"code": "left_before", "name": known.name}
        return Match(Verdict.REVIEW, candidates=(known.id,), problem=problem)
    changes = changes_to(known, said)
    return Match(Verdict.UPDATED if changes else Verdict.SAME, known=known.id, changes=changes)


def _match_earlier(said: Facts, earlier: Register) -> Match | None:
    for row in earlier.surely(said):
        # A later row may say less than an earlier one; what it says else or more, somebody has to look at.
        if not similar(row, said) or changes_to(row, said):
            return Match(Verdict.REVIEW, problem={"code": "conflict_in_file", "row": row.id})
        return Match(Verdict.SAME, problem={"code": "duplicate_in_file", "row": row.id})
    return None


def _is_known_apart(known: Facts, said: Facts, earlier: Register) -> bool:
    """Whether a row is all that is known of somebody, and none of the rows before it is."""
    rows = [row for row in earlier.surely(said) if _says_nothing_new(row, said)]
    return _says_nothing_new(said, known) and not any(_says_nothing_new(said, row) for row in rows)


def _says_nothing_new(known: Facts, said: Facts) -> bool:
    return known.folded_name == said.folded_name and not known.archived and not changes_to(known, said)
