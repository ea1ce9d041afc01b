"""What looks like a Social Security number, wherever somebody writes one: the one rule about it.

Three, two and four digits with anything a person puts between, nine digits by themselves, half masked ones.
Telephone numbers, ZIP codes of nine digits and serial numbers with letters are let through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

# Any signs, and any width of space around them: a form makes spaces single only afterwards.
_BETWEEN = r"\s*[\W_]{1,8}\s*"
# A room or a course before a month and its year, and an amount before a year, are no such number.
_DATED = r"(?!\d{3}(?:[^\w/]{1,3}(?:0[1-9]|1[0-2])/|\.\d{2}\s)(?:19|20)\d{2}(?!\d))"
_SHAPE = rf"(?<!\d){_DATED}\d{{3}}{_BETWEEN}\d{{2}}{_BETWEEN}\d{{4}}(?!\d)"
_MASKED = r"(?<!\w)[x*•#]{3}[\s.–-]?[x*•#]{2}[\s.–-]?\d{4}(?!\d)"
# Not a part of a longer number, of a code with letters, or of a fraction; a sentence may end after it.
_NINE = r"(?<![\w+])(?<!\w-)(?<!\d[.,])\d{9}(?:\.0+)*(?!\w|[.,]\d|-\w)"
_NAMED = r"ss[n#]?\W{0,3}\d{9}(?!\d)"
_NAMED_APART = r"(?<!\w)(?:ss[n#]?|nss|social security|seguro social)\W{0,3}(?:\d[\s.–-]?){8}\d(?![\s.–-]?\d)"
_ANY = re.compile("|".join((_SHAPE, _MASKED, _NINE, _NAMED, _NAMED_APART)), re.IGNORECASE)
# A country's code before it makes three, two and four digits a telephone number of another country.
_ABROAD = re.compile(r"\+\d{1,3}[\s.(-]*$")
# The shortest of them, a masked one, shows four digits.
_FOUR_DIGITS = re.compile(r"(?:\d\D*){4}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
# What turns digits into pictures of digits, and what joins signs without being one.
_UNSEEN = frozenset("\u034f\ufe0e\ufe0f\u20e3")
_BARE = re.compile(r"\d{9}(\.0+)?|\d{3}[\s./-]\d{3}[\s./-]\d{3}")


def looks_like_ssn(text: str) -> bool:
    """Whether a Social Security number, in any of its usual shapes, stands anywhere in a text."""
    if not any(map(str.isdigit, text)):
        return False
    plain = _plain(text)
    return bool(_FOUR_DIGITS.search(plain)) and next(_found(plain), None) is not None


def looks_like_bare_ssn(text: str) -> bool:
    """Whether a text is nine digits and nothing else, which says more in a whole column of them."""
    return bool(_BARE.fullmatch(_plain(text).strip()))


def without_ssn(text: str) -> str:
    """The text with whatever looks like such a number taken out, so that the rest of it is not lost."""
    plain, found = _plain(text), []
    if any(map(str.isdigit, text)):
        found = list(_found(plain))
    if not found:
        return text
    for match in reversed(found):
        plain = plain[: match.start()] + plain[match.end() :]
    return plain


def _found(plain: str) -> Iterator[re.Match[str]]:
    return (match for match in _ANY.finditer(plain) if not _ABROAD.search(plain[: match.start()]))


def _plain(text: str) -> str:
    """The text with digits and dashes of every kind made plain, and without what cannot be seen.

    What a web page's source writes for a sign (``&#45;``) is that sign: names are read so, too.
    """
    if text.isascii() and text.isprintable() and "&" not in text:
        return text
    while "&" in text and unescape(text) != text:
        text = unescape(text)
    composed = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(symbol for symbol in composed if symbol.isspace() or not _is_hidden(symbol))


def _is_hidden(symbol: str) -> bool:
    return symbol in _UNSEEN or unicodedata.category(symbol) in ("Cc", "Cf")
