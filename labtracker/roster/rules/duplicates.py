"""Which known workers may be one person: pure comparison, nothing is ever merged unasked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Any

from labtracker.roster.rules.matching import Facts, differ, similar

# A mailbox or a telephone of so many is the company's, and tells nobody apart.
FEW = 4
# Many are hired on one day; among more than this only names that stand near each other are compared.
MANY, NEIGHBOURS = 60, 8


class MergeKind(StrEnum):
    """What was said of two records: a walk-in is somebody known, two are one, or one person has two jobs."""

    WALK_IN = "walk_in"
    DUPLICATE = "duplicate"
    LINK = "link"


class Sign(StrEnum):
    """Why two may be one, the strongest first."""

    MAIL = "mail"
    NUMBER = "number"
    NAME_AND_DATE = "name_and_date"
    NEAR_NAME_AND_DATE = "near_name_and_date"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Known:
    """A known worker for comparing: what is known, and at which employer."""

    facts: Facts
    employer: Any

    @property
    def hired_on(self) -> date | None:
        """The hire date."""
        return self.facts.hired_on


@dataclass(frozen=True)
class Likely:
    """Two who may be one, and why."""

    one: Known
    other: Known
    signs: tuple[Sign, ...]


def likely_pairs(people: Iterable[Known], distinct: frozenset[frozenset[Any]] = frozenset()) -> list[Likely]:
    """Pairs that may be one person, the surest first; ``distinct`` are pairs of ids that were told apart."""
    signs: dict[tuple[Any, Any], set[Sign]] = defaultdict(set)
    known = {one.facts.id: one for one in people}
    for sign, one, other in _alike(list(known.values())):
        first, second = sorted((one.facts.id, other.facts.id))
        if frozenset((first, second)) not in distinct:
            signs[first, second].add(sign)
    order = list(Sign)
    found = [
        Likely(known[first], known[second], tuple(sorted(why, key=order.index)))
        for (first, second), why in signs.items()
    ]
    return sorted(found, key=lambda pair: ([order.index(sign) for sign in pair.signs], pair.one.facts.id))


def _alike(people: Sequence[Known]) -> Iterator[tuple[Sign, Known, Known]]:
    for one, other in _sharing((one.facts.email, one) for one in people if one.facts.email):
        yield Sign.MAIL, one, other
    numbered = [
        ((one.employer, one.facts.employee_number.casefold()), one)
        for one in people
        if one.facts.employee_number
    ]
    for one, other in _sharing(numbered, most=None):
        yield Sign.NUMBER, one, other
    for one, other in _sharing((one.facts.phone, one) for one in people if one.facts.phone):
        if similar(one.facts, other.facts) and not differ(one.facts, other.facts):
            yield Sign.PHONE, one, other
    for one, other in _sharing((((one.employer, one.facts.folded_name), one) for one in people), most=None):
        if one.hired_on and one.hired_on == other.hired_on:
            yield Sign.NAME_AND_DATE, one, other
        elif not differ(one.facts, other.facts):
            yield Sign.NAME, one, other
    yield from _of_near_names(people)


def _sharing(
    keyed: Iterable[tuple[Hashable, Known]], most: int | None = FEW
) -> Iterator[tuple[Known, Known]]:
    """Pairs with the same key; of a key that more than ``most`` share, only those of similar names."""
    groups: dict[Hashable, list[Known]] = defaultdict(list)
    for key, one in keyed:
        groups[key].append(one)
    for group in groups.values():
        if most is not None and len(group) > most:
            group.sort(key=lambda one: one.facts.folded_name)
            yield from (pair for pair in _near(group) if similar(pair[0].facts, pair[1].facts))
        else:
            yield from combinations(group, 2)


def _of_near_names(people: Sequence[Known]) -> Iterator[tuple[Sign, Known, Known]]:
    hired: dict[tuple[Any, date], list[Known]] = defaultdict(list)
    for one in people:
        if one.hired_on:
            hired[one.employer, one.hired_on].append(one)
    for group in hired.values():
        group.sort(key=lambda one: one.facts.folded_name)
        for one, other in _near(group) if len(group) > MANY else combinations(group, 2):
            if one.facts.folded_name == other.facts.folded_name:
                continue
            if similar(one.facts, other.facts) and not differ(one.facts, other.facts):
                yield Sign.NEAR_NAME_AND_DATE, one, other


def _near(group: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    for place, one in enumerate(group):
        for other in group[place + 1 : place + 1 + NEIGHBOURS]:
            yield one, other
