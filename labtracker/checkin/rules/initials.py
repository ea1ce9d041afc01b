"""Initials that somebody typed at the door: whether they fit a name, and what about them is worth a look.

They prove nothing. Whoever copied a badge may not know them, or write them otherwise each time.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labtracker.checkin.rules.flags import INITIALS, Flag, Sighting

FEWEST, MOST = 2, 4
_BETWEEN_WORDS = re.compile(r"[\s\-'’]+")


@dataclass(frozen=True, slots=True)
class Given:
    """Initials as they were typed, by somebody who came in as the worker of this name."""

    sighting: Sighting
    name: str
    typed: str


def tidied(typed: str) -> str | None:
    """Two to four letters in upper case, accents, dots and spaces aside; None where it is anything else."""
    letters = _letters(typed)
    return letters if FEWEST <= len(letters) <= MOST else None


def fit(letters: str, name: str) -> bool:
    """Whether each of these letters begins a word of the name, in whatever order, as names are written."""
    begins = Counter(word[0] for part in _BETWEEN_WORDS.split(name) if (word := _letters(part)))
    return not Counter(letters) - begins


def initials_flags(given: Iterable[Given]) -> list[Flag]:
    """The first use of initials that do not fit the worker's name, or are others than those given first.

    The same letters again raise nothing more, nor does one letter more or less of the same.
    """
    people: dict[str, list[Given]] = defaultdict(list)
    for one in {one.sighting.hash: one for one in given}.values():
        people[one.sighting.who].append(one)
    return [flag for those in people.values() for flag in _of_one(those)]


def _of_one(given: Iterable[Given]) -> Iterator[Flag]:
    first: tuple[Sighting, str] | None = None
    seen: set[str] = set()
    for one in sorted(given, key=lambda one: (one.sighting.at_ms, one.sighting.id, one.sighting.hash)):
        letters, here = tidied(one.typed), one.sighting
        if letters is None or letters in seen:
            continue
        seen.add(letters)
        if not fit(letters, one.name):
            yield Flag(INITIALS, here, here, (here,), letters=(letters,))
        elif first is None:
            first = (here, letters)
        elif not (_is_part(letters, first[1]) or _is_part(first[1], letters)):
            yield Flag(INITIALS, first[0], here, (first[0], here), letters=(first[1], letters))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    return "".join(one for one in plain.upper() if one.isalpha())


def _is_part(fewer: str, more: str) -> bool:
    """Whether the first are among the second, in whatever order."""
    return not Counter(fewer) - Counter(more)
