"""One cell at a time: the value to keep, or the code of what is wrong with it."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from labtracker.kit.text import folded, letters_in, tidy
from labtracker.roster.reading.names import cased

Cleaned = tuple[str | None, str | None]

# What the reader of a workbook puts where a formula stood.
FORMULA = "\ufffe"
MAX_NAME = 80
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
_NO_NAME = re.compile(r"\s*(n\s*[/.]\s*[ad]\.?|#(ref|value|name|n/a|div/0|null).*)\s*", re.IGNORECASE)
# 3-2-4 digits with anything a person puts between, also half masked.
_SSN_SHAPE = re.compile(r"(?<!\d)\d{3}[\s./_–-]{1,3}\d{2}[\s./_–-]{1,3}\d{4}(?!\d)")
_SSN_MASKED = re.compile(r"[x*•#]{3}[\s.–-]?[x*•#]{2}[\s.–-]?\d{4}(?!\d)", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"(?<![\w+.,-])\d{9}(?![\w.,])|ss[n#]?\W{0,3}\d{9}(?!\d)", re.IGNORECASE)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
_LANGUAGES = {
    **dict.fromkeys(("en", "eng", "engl", "english", "ingles"), "en"),
    **dict.fromkeys(("es", "sp", "spa", "span", "esp", "spanish", "espanol", "castellano"), "es"),
}
_LACKING = frozenset({"no", "not", "without", "little", "limited", "sin", "poco", "ningun"})


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, dashes, n/a and the like."""
    return text != FORMULA and (not text.strip(" -–—.?*") or folded(text) in _NOTHING)


def looks_like_ssn(text: str) -> bool:
    """Whether a Social Security number, in any of its usual shapes, stands anywhere in a text."""
    if not any(symbol.isdigit() for symbol in text):
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES)
    return bool(_SSN_SHAPE.search(plain) or _SSN_MASKED.search(plain) or _NINE_DIGITS.search(plain))


def looks_like_bare_ssn(text: str) -> bool:
    """Whether a cell is nine digits and nothing else, which says more in a whole column of them."""
    return bool(re.fullmatch(r"\d{9}(\.0)?", unicodedata.normalize("NFKC", text).strip()))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would calculate this cell instead of showing it."""
    return text == FORMULA or text.lstrip().startswith("=")


def clean_name(text: str) -> Cleaned:
    """A name or a part of one. Letters of any script; neither formulas nor markup nor only pictures."""
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
    if len(name) > MAX_NAME:
        return None, "name_too_long"
    return cased(name.strip(" ,-")), None


def _without_pictures(text: str) -> str:
    return "".join(symbol for symbol in text if unicodedata.category(symbol) not in ("So", "Sk", "Cs", "Cn"))


def clean_email(text: str) -> Cleaned:
    """An e-mail address in lower case. Its form is checked, nobody is asked whether it exists."""
    if is_blank(text):
        return None, None
    address = tidy(text).removeprefix("mailto:").strip("<>").lower()
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None, "email_invalid"
    return (checked.normalized, None) if len(checked.normalized) <= 254 else (None, "email_invalid")


def clean_phone(text: str) -> Cleaned:
    """A telephone number in E.164; without a country code it is taken as one of the United States."""
    if is_blank(text):
        return None, None
    first = re.split(r"\s*[/;|]\s*|\s+or\s+|\s+o\s+", tidy(text).removesuffix(".0"))[0]
    if re.search(r"[^\W\d_]{4,}", re.sub(r"(?i)ext(ension)?|cell?|home|work|mobile|tel", "", first)):
        return None, "phone_invalid"
    try:
        number = phonenumbers.parse(first, "US")
    except phonenumbers.NumberParseException:
        return None, "phone_invalid"
    if not phonenumbers.is_valid_number(number):
        return None, "phone_invalid"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None


def clean_number(text: str) -> Cleaned:
    """An employee number as it is written, zeros in front kept."""
    if is_blank(text):
        return None, None
    if is_formula(text) or tidy(text)[:1] in ("=", "+", "-", "@"):
        return None, "formula_removed"
    if looks_like_ssn(text):
        return None, "ssn_cell_removed"
    number = tidy(text)
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
        return None, "ssn_cell_removed"
    return tidy(text)[:MAX_TEXT] or None, None


def clean_language(text: str) -> Cleaned:
    """``en`` or ``es``, the first of several that we speak; any other language is left open."""
    words = folded(text).split()
    if _LACKING.intersection(words):
        return None, None
    return next((_LANGUAGES[word] for word in words if word in _LANGUAGES), None), None
