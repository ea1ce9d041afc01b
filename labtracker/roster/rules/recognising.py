"""How alike two names are."""

from __future__ import annotations

from difflib import SequenceMatcher

from labtracker.kit.text import folded


def likeness(one: str, other: str) -> float:
    """From 0 (nothing alike) to 1 (the same), letter case, accents and the order of the words aside."""
    return SequenceMatcher(None, _sorted_words(one), _sorted_words(other)).ratio()


def _sorted_words(name: str) -> str:
    return " ".join(sorted(folded(name).split()))
