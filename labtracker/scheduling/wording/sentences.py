"""How most conflicts are said: one sentence into which names, times and figures are put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.wording import day_words, span_words

Words = Callable[[Conflict, str], str]


def other_name(conflict: Conflict) -> str:
    """What a conflict's second party is called, if it has one."""
    return conflict.other.name if conflict.other else ""


def said(
    sentence: Any, *, party: str = "name", other: str = "other", figures: Callable[[int], Any] = int
) -> Words:
    """Words for a conflict from a lazy sentence.

    It may name ``%(when)s``, ``%(day)s``, ``%(wanted)s`` and ``%(possible)s``, and the two parties by the
    words given here for them; ``figures`` says what is wanted and possible.
    """

    def words(conflict: Conflict, zone: str) -> str:
        return str(sentence) % {
            party: conflict.party.name,
            other: other_name(conflict),
            "when": span_words(conflict.overlap, zone) if conflict.overlap else "",
            "day": day_words(conflict.on) if conflict.on else "",
            "wanted": figures(conflict.wanted or 0),
            "possible": figures(conflict.possible or 0),
        }

    return words
