"""One cell at a time: the value to keep, or the code of what is wrong with it."""

from __future__ import annotations

import re
import string
import unicodedata
from html import unescape
from itertools import product

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from labtracker.kit.ssn import looks_like_ssn
from labtracker.kit.text import folded, letters_in, tidy
from labtracker.roster.reading.names import cased

Cleaned = tuple[str | None, str | None]

# What the reader of a workbook puts where a formula stood.
FORMULA = "\ufffe"
MAX_NAME = 80
# Given and family name in one cell, with what stands between them.
MAX_FULL_NAME = 2 * MAX_NAME + 2
MAX_NUMBER = 40
MAX_TEXT = 120

_NOTHING = {
    *(
        "n a",
        "na",
        "n d",
        "nd",
        "none",
        "nil",
        "null",
        "tbd",
        "tba",
        "unknown",
        "no email",
        "no phone",
        "ref",
    ),
    *("ninguno", "ninguna", "no tiene", "s n", "sin correo", "sin telefono", "pendiente", "value", "div 0"),
}
# Spaces and dots aside; most cells are longer, and need no closer look.
_LONGEST_NOTHING = 20
# The first two signs of a cell tell of nearly every one that it says something.
_SPEAKING = {
    first + second
    for first, second in product(string.ascii_letters + string.digits, repeat=2)
    if not any(nothing.startswith((first + second).lower()) for nothing in _NOTHING)
}
_NO_NAME = re.compile(r"\s*(n\s*[/.]\s*[ad]\.?|#(ref|value|name|n/a|div/0|null).*)\s*", re.IGNORECASE)
SHORTEST_PHONE = 7
_PHONE_WORDS = re.compile(
    r"\(?\b(cell?|cellular|celular|home|work|mobile|movil|móvil|tel|phone|ph|casa|trabajo|oficina|office|personal"
    r"|telefono|teléfono|text|whatsapp)\b[.:]*\)?"
)
# Mexico's mobiles had a 1 behind the country's 52 until 2019; many still write it, or leave out the plus.
_OF_MEXICO = re.compile(r"^\D*(?:00|011)?\D*52\D*1?\D*(?=(?:\d\D*){10}$)")
# Two, four and four figures: how numbers of Mexico's four largest cities are written, and none of the States.
_CITY_OF_MEXICO = re.compile(r"^(?=(?:33|55|56|81)[ .-]\d{4}[ .-]\d{4}$)")
_DIALLED_FROM_MEXICO = re.compile(r"^\D*001\D*(?=(?:\d\D*){10}$)")
_SEVERAL_PHONES = re.compile(r"\s*[/;|,&]\s*(?=\D*\d{3})|\s+(?:or|and|o|y)\s+")
# What holds pictures together, and what is left of one when its picture is gone.
_PICTURE_PARTS = re.compile(r"[\ufe0e\ufe0f\u20e3]|(?<!\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\w)")
_LANGUAGES = {
    **dict.fromkeys(("en", "eng", "engl", "english", "ingles"), "en"),
    **dict.fromkeys(("es", "sp", "spa", "span", "esp", "spanish", "espanol", "castellano"), "es"),
}
_LACKING = frozenset({"no", "not", "without", "little", "limited", "sin", "poco", "ningun"})


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, dashes, n/a and the like."""
    if text[:2] in _SPEAKING:
        return False
    if len(text) > _LONGEST_NOTHING or text[:1].isdigit():
        return not text.strip(" -–—.?*#_")
    return text != FORMULA and (not text.strip(" -–—.?*#_") or folded(text) in _NOTHING)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would calculate this cell instead of showing it."""
    return text == FORMULA or text.lstrip().startswith("=")


def clean_name(text: str, most: int = MAX_NAME) -> Cleaned:
    """A name or a part of one, at most so long. Letters of any script; no formula, no markup, no picture."""
    while "&" in text and unescape(text) != text:
        text = unescape(text)
    if text.count('"') == 1:
        text = text.replace('"', " ")
    plain = tidy(text)
    if is_formula(text) or plain[:1] in ("=", "+", "-", "@"):
        return None, "name_formula" if letters_in(text) or is_formula(text) else None
    name = plain if text.isascii() else tidy(_without_pictures(text))
    if _NO_NAME.fullmatch(plain) or not text.strip(" -–—.?*"):
        return None, None
    if letters_in(name) == 0:
        return None, "name_without_letters"
    if re.search(r"[<>{}\[\]|\\^~=@;%$]", name):
        return None, "name_characters"
    if len(name) > most:
        return None, "name_too_long"
    if looks_like_ssn(name):
        return None, "ssn_removed"
    return cased(name.strip(" ,-")), None


def _without_pictures(text: str) -> str:
    kept = "".join(symbol for symbol in text if unicodedata.category(symbol) not in ("So", "Sk", "Cs", "Cn"))
    return _PICTURE_PARTS.sub("", kept)


def clean_email(text: str) -> Cleaned:
    """An e-mail address in lower case. Its form is checked, nobody is asked whether it exists."""
    if is_blank(text):
        return None, None
    # "Ana Vigil <ana@x.example>" is how mail programs write an address down.
    written = re.fullmatch(r"[^<>@]*<\s*([^<>]*?)\s*>", tidy(text))
    address = (written[1] if written else tidy(text)).lower().removeprefix("mailto:").rstrip(",;.")
    # The apostrophe that keeps a spreadsheet from calculating.
    address = re.sub(r"^'(?=[=+@-])", "", address)
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None, "email_invalid"
    return (checked.normalized, None) if len(checked.normalized) <= 254 else (None, "email_invalid")


def clean_phone(text: str) -> Cleaned:
    """A telephone number in E.164; without a country code it is taken as one of the United States."""
    if is_blank(text):
        return None, None
    told = tidy(text).removesuffix(".0").strip("'").lower().removeprefix("tel:")
    told = _PHONE_WORDS.sub(" ", told)
    first = _SEVERAL_PHONES.split(told)[0]
    if _digits_in(first) < SHORTEST_PHONE:
        first = told.replace("/", " ")
    first = _DIALLED_FROM_MEXICO.sub("+1", _OF_MEXICO.sub("+52", _CITY_OF_MEXICO.sub("+52 ", first.strip())))
    if re.search(r"[^\W\d_]{4,}", first.replace("extension", "")):
        return None, "phone_invalid"
    try:
        number = phonenumbers.parse(first, "US")
    except phonenumbers.NumberParseException:
        return None, "phone_invalid"
    if not phonenumbers.is_valid_number(number):
        return None, "phone_invalid"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None


def _digits_in(text: str) -> int:
    return sum(map(str.isdigit, text))


def clean_number(text: str) -> Cleaned:
    """An employee number as it is written, zeros in front kept."""
    if is_blank(text):
        return None, None
    if is_formula(text) or tidy(text)[:1] in ("=", "+", "-", "@"):
        return None, "formula_removed"
    if looks_like_ssn(text):
        return None, "ssn_removed"
    # 1204.0 is a number that passed through a calculation, '0012 one that was told to stay a text.
    number = re.sub(r"(?<=\d)(\.0)+$", "", tidy(text).lstrip("'"))
    if re.search(r"[<>{}]", number):
        return None, "number_invalid"
    return (number, None) if len(number) <= MAX_NUMBER else (None, "number_too_long")


def clean_text(text: str) -> Cleaned:
    """Free text such as a job title, cut to what fits; what a spreadsheet would calculate goes."""
    if is_blank(text):
        return None, None
    if is_formula(text) or tidy(text)[:1] in ("=", "+", "-", "@"):
        return None, "formula_removed"
    if looks_like_ssn(text):
        return None, "ssn_removed"
    return tidy(text)[:MAX_TEXT].rstrip() or None, None


def clean_language(text: str) -> Cleaned:
    """``en`` or ``es``, the first of several that we speak; any other language is left open."""
    words = folded(text).split()
    if _LACKING.intersection(words):
        return None, None
    return next((_LANGUAGES[word] for word in words if word in _LANGUAGES), None), None
