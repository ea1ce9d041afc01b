"""Hire dates as people type them; whether day or month comes first is decided for the whole column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from labtracker.kit.text import folded
from labtracker.kit.time import is_near

EARLIEST = date(1930, 1, 1)
# No way of writing a date is longer; a page of text in a cell would be tried in vain at every letter.
LONGEST = 80
DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september set septiembre setiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    *("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
}
_CLOCK = re.compile(
    r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|a\.m\.|p\.m\.)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.I
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
# Payrolls write 03142019 without signs; the year tells which end is which.
_COMPACT_YEAR_LAST = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_CJK_DATE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_ORDER_TOLD = re.compile(r"\b(d{1,2}|m{1,2})\W?(?:m{1,3}|d{1,2})\W?(?:y{2,4}|a{2,4})\b", re.IGNORECASE)
_TWO_WAYS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*('?\d{2}|\d{4})")
_FIRST_OF_EXCEL = date(1899, 12, 30)


@dataclass(frozen=True)
class Written:
    """A date as it stands in a cell.

    ``day`` when it can mean one day only; ``either`` when it can mean two, as (month first, day first);
    otherwise ``problem``. ``shows`` is the order that this cell gives away for its column.
    """

    day: date | None = None
    either: tuple[date, date] | None = None
    problem: str | None = None
    shows: str | None = None


def read_date(text: str, *, today: date, has_serials: bool = False) -> Written:
    """What a cell says, before its column's order is known."""
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        return Written(problem="date_invalid")
    plain = _CJK_DATE.sub(r"\1-\2-\3", _CLOCK.sub("", plain)).strip(" ,.'")
    for pattern in (_YEAR_FIRST, _COMPACT):
        match = pattern.fullmatch(plain)
        if match:
            return _made(int(match[1]), int(match[2]), int(match[3]))
    match = _TWO_WAYS.fullmatch(plain)
    if match:
        return _two_ways(int(match[1]), int(match[2]), _year(match[3], today))
    match = _COMPACT_YEAR_LAST.fullmatch(plain)
    if match:
        return _two_ways(int(match[1]), int(match[2]), int(match[3]))
    if has_serials and re.fullmatch(r"[1-9]\d{4}(\.\d+)?", plain):
        return _serial(int(plain[:5]), today)
    return _with_words(plain, today)


def order_of(written: Iterable[Written]) -> str | None:
    """The order of a column, when its unambiguous cells agree on one."""
    shown = {cell.shows for cell in written if cell.shows}
    return shown.pop() if len(shown) == 1 else None


def order_told(heading: str) -> str | None:
    """The order that a heading asks for, as in "Hire date (dd/mm/yyyy)"."""
    match = _ORDER_TOLD.search(heading)
    return None if match is None else DAY_FIRST if match[1].lower().startswith("d") else MONTH_FIRST


def column_order(written: Collection[Written], heading: str) -> str | None:
    """The order of a column: as its plain cells have it, or as its heading tells where none is."""
    return order_of(written) or (None if any(cell.shows for cell in written) else order_told(heading))


def settle(cell: Written, order: str | None, *, today: date) -> tuple[date | None, str | None]:
    """The day a cell means under its column's order, or the code of what is wrong with it."""
    if cell.problem:
        return None, cell.problem
    day = cell.day
    if cell.either is not None:
        if order is None:
            return None, "date_ambiguous"
        day = cell.either[order == DAY_FIRST]
    if day is None:
        return None, "date_invalid"
    if day < EARLIEST:
        return None, "date_implausible"
    if not is_near(day):
        return None, "date_invalid"
    return day, "date_in_future" if day > today else None


def _serial(days: int, today: date) -> Written:
    """A spreadsheet's count of days; a ZIP code of five digits would be a day in another century."""
    day = _FIRST_OF_EXCEL + timedelta(days=days)
    return Written(day=day) if day.year <= today.year + 2 else Written(problem="date_invalid")


def _made(year: int, month: int, day: int, shows: str | None = None) -> Written:
    try:
        return Written(day=date(year, month, day), shows=shows)
    except ValueError:
        return Written(problem="date_impossible")


def _two_ways(first: int, second: int, year: int) -> Written:
    if first > 12 and second > 12:
        return Written(problem="date_impossible")
    if first > 12:
        return _made(year, second, first, DAY_FIRST)
    if second > 12:
        return _made(year, first, second, MONTH_FIRST)
    if first == second:
        return _made(year, first, second)
    month_first, day_first = _made(year, first, second), _made(year, second, first)
    if month_first.day is None or day_first.day is None:
        return Written(problem="date_impossible")
    return Written(either=(month_first.day, day_first.day))


def _year(text: str, today: date) -> int:
    digits = text.strip("'")
    if len(digits) == 4:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    # Two digits never mean a year that is still far off.
    return year - 100 if year > today.year + 1 else year


def _with_words(plain: str, today: date) -> Written:
    words = [word for word in folded(plain).split() if word not in {"de", "del", "of", "the"}]
    if len(words) == 4 and words[0][:3] in _WEEKDAYS:
        words = words[1:]
    if len(words) == 1:
        # 13-Jan-2018 typed without signs: 13jan2018
        words = re.findall(r"\d+|[a-z]+", words[0])
    months = [place for place, word in enumerate(words) if word in _MONTHS]
    if len(words) == 2 and (months or all(word.isdigit() for word in words)):
        return Written(problem="date_incomplete")
    if len(words) == 1 and re.fullmatch(r"(19|20)\d\d", words[0]):
        return Written(problem="date_incomplete")
    if len(words) != 3 or len(months) != 1:
        return Written(problem="date_invalid")
    month = _MONTHS[words.pop(months[0])]
    numbers = [re.fullmatch(r"(\d{1,4})(st|nd|rd|th|o)?", word) for word in words]
    if not (numbers[0] and numbers[1]):
        return Written(problem="date_invalid")
    day, year = numbers[0][1], numbers[1][1]
    if len(day) == 4:
        day, year = year, day
    if len(day) > 2 or len(year) not in (2, 4):
        return Written(problem="date_invalid")
    return _made(_year(year, today), month, int(day))
