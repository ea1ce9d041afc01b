"""People's names as sheets have them: order, suffixes, two surnames, all capitals."""

from __future__ import annotations

import re
import unicodedata

SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "v", "2nd", "3rd", "4th", "hijo"}
# Words that begin or continue a surname and are never one by themselves.
PARTICLES = {
    *("de", "del", "de la", "la", "las", "los", "da", "das", "do", "dos", "di", "du", "van", "von", "der"),
    *("den", "ter", "le", "san", "santa", "mac", "st", "bin", "ibn", "al", "el", "y"),
}
# Second given names common enough that the word after a first one is read as a given name too.
SECOND_GIVEN = {
    *("jose", "maria", "luis", "juan", "carlos", "angel", "antonio", "manuel", "jesus", "miguel", "alberto"),
    *("fernando", "eduardo", "javier", "francisco", "guadalupe", "isabel", "elena", "teresa", "carmen"),
    *("alejandro", "enrique", "ramon", "rafael", "andres", "pablo", "luisa", "fernanda", "alejandra"),
    *(
        "del carmen",
        "de jesus",
        "ann",
        "anne",
        "lee",
        "lynn",
        "marie",
        "jo",
        "sue",
        "kay",
        "rae",
        "mae",
        "paul",
    ),
}
# Second halves of given names that begin like a surname: María del Carmen, Juan de Dios.
_GIVEN_PAIRS = {
    *("del carmen", "del rosario", "del pilar", "del socorro", "del refugio", "del consuelo", "del mar"),
    *("del sol", "de jesus", "de dios", "de lourdes", "de fatima", "de guadalupe", "de la luz", "de la paz"),
    *("de la soledad", "de los angeles", "de los dolores", "de los santos", "de los remedios"),
}
_TITLE = re.compile(r"(mr|mrs|ms|mx|dr|dra|sr|sra|srta|ing|lic)\b\.?\s+(?=\w)", re.IGNORECASE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


_SCOTTISH = re.compile(r"^Mc([a-z])(?=[a-z]{2})")


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(symbol for symbol in decomposed if symbol.isalnum())


def _is_suffix(word: str) -> bool:
    return _plain(word) in SUFFIXES


def split_name(text: str, *, two_surnames: bool = False) -> tuple[str, str]:
    """Given and family name of a full name in one text.

    ``Family, Given`` is told by its comma; otherwise the last word is the family name, with the particles
    before it and a suffix after it. ``two_surnames`` says that the sheet is Spanish, where three or more
    words usually end in two surnames. A single word, and a name in Chinese, Japanese or Korean without a
    space, is a given name alone.
    """
    parts = [without_title(part.strip()) for part in text.split(",") if part.strip()]
    suffixes = [part for part in parts[1:] if _is_suffix(part)]
    parts = parts[:1] + [part for part in parts[1:] if not _is_suffix(part)]
    if not parts:
        return "", ""
    if len(parts) > 1:
        given, family = " ".join(parts[1:]), parts[0]
        words = given.split()
        # "Flores, Ramon Jr."; a V after a given name is an initial.
        if len(words) > 1 and _is_suffix(words[-1]) and _plain(words[-1]) != "v":
            given, suffixes = " ".join(words[:-1]), [words[-1], *suffixes]
    else:
        given, family = _split_words(parts[0].split(), two_surnames)
    if suffixes:
        family = f"{family} {' '.join(suffixes)}".strip()
    return given, family


def without_title(text: str) -> str:
    """A name without the Mr., Dra. or Ing. before it, when something follows."""
    return _TITLE.sub("", text, count=1) if _TITLE.match(text) else text


def split_family_first(text: str, *, two_surnames: bool = False) -> tuple[str, str]:
    """Given and family name of "Vigil Ana" or "Peña Ríos Ana", in a sheet that says so in its heading."""
    words = text.split()
    end = 0
    while end < len(words) - 2 and _plain(words[end]) in PARTICLES:
        end += 1
    end += 1
    if two_surnames and len(words) - end >= 2:
        end += 1
    if end < len(words) - 1 and _is_suffix(words[end]):
        end += 1
    return " ".join(words[end:]), " ".join(words[:end])


def _split_words(words: list[str], two_surnames: bool) -> tuple[str, str]:
    suffix: list[str] = []
    while len(words) > 2 and _is_suffix(words[-1]):
        suffix.insert(0, words.pop())
    if len(words) < 2:
        return " ".join(words), ""
    given = _given_pair(words)
    if given:
        # "María del Carmen Núñez Soto": what comes after the pair is the family name.
        return " ".join(words[:given]), " ".join(words[given:] + suffix)
    start = len(words) - 1
    for place in range(1, len(words) - 1):
        if _plain(words[place]) in PARTICLES:
            # A surname such as "Zúñiga de la O" begins before its particle when something is left for
            # the given name; "José de la Cruz" has only the given name before it.
            start = place - 1 if two_surnames and place >= 2 else place
            break
    else:
        if two_surnames and len(words) >= 3:
            has_second = len(words) > 3 or _plain(words[1]) in SECOND_GIVEN
            start = min(2, len(words) - 1) if has_second else 1
    return " ".join(words[:start]), " ".join(words[start:] + suffix)


def _given_pair(words: list[str]) -> int:
    """How many words a given name of two halves takes; nothing where there is none or nothing follows."""
    for length in (2, 3):
        pair = " ".join(_plain(word) for word in words[1 : 1 + length])
        if pair in _GIVEN_PAIRS and len(words) > 1 + length:
            return 1 + length
    return 0


def is_single(given: str, family: str) -> bool:
    """Whether a name is one word in a script where people usually have two."""
    whole = f"{given} {family}".split()
    return len(whole) == 1 and not _CJK.search(whole[0])


def cased(text: str) -> str:
    """A name typed all in capitals or all in small letters, as it would be written on a card."""
    letters = [symbol for symbol in text if symbol.isalpha()]
    shouted = all(symbol.isupper() for symbol in letters)
    whispered = all(symbol.islower() for symbol in letters)
    if len(letters) < 3 or not (shouted or whispered):
        return text
    return " ".join(_cased_word(word, place) for place, word in enumerate(text.split()))


def _cased_word(word: str, place: int) -> str:
    plain = _plain(word)
    if plain in {"ii", "iii", "iv"}:
        return word.upper()
    if place and plain in PARTICLES:
        return word.lower()
    parts = re.split(r"(\W)", word.lower())
    return "".join(_SCOTTISH.sub(_capital_after, part[:1].upper() + part[1:]) for part in parts)


def _capital_after(match: re.Match[str]) -> str:
    return f"Mc{match[1].upper()}"
