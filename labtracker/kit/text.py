"""Text as people write it: compared without letter case, accents and spacing; cleaned of what hides in it."""

from __future__ import annotations

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")
# Joiners that Persian and Indic scripts need inside words; every other invisible character goes.
_JOINERS = {"\u200c", "\u200d"}


def folded(text: str) -> str:
    """The text for comparing: no accents, no letter case, no punctuation, single spaces."""
    plain = text
    if text.isascii():
        if text.isalnum():
            return text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        plain = "".join(symbol for symbol in decomposed if not unicodedata.combining(symbol))
    return " ".join(_NO_WORD.sub(" ", plain.casefold()).split())


def tidy(text: str) -> str:
    """The text without control and invisible characters, composed (NFC), spacing made single."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = []
    for symbol in unicodedata.normalize("NFC", text):
        category = unicodedata.category(symbol)
        if category == "Cc" or category in ("Zl", "Zp"):
            visible.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn") or symbol in _JOINERS:
            visible.append(symbol)
    return " ".join("".join(visible).split())


def tidy_lines(text: str) -> str:
    """Text of several lines, each of them tidy, without empty ones at its ends."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def letters_in(text: str) -> int:
    """How many letters of any script a text has."""
    return sum(map(str.isalpha, text))
