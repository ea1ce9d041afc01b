"""Which column holds what: by its heading first, by its cells where headings do not tell."""

from __future__ import annotations

from datetime import date

from labtracker.kit.text import folded
from labtracker.roster.reading import cells, dates
from labtracker.roster.reading.headings import FIELDS, meaning_of, plain_heading
from labtracker.roster.reading.table import Table, has_names

Columns = dict[int, str]
SAMPLE = 300
_TICKS = {"yes", "no", "y", "n", "si", "x", "true", "false", "ok", ""}


def guess_columns(table: Table, *, today: date) -> Columns:
    """The field of each column that has one; a field belongs to one column at most."""
    columns: Columns = {}
    for field in FIELDS:
        named = [place for place, heading in enumerate(table.headings) if meaning_of(heading or "") == field]
        named = [place for place in named if _can_be(table, place, field)]
        if len(named) == 1:
            columns[named[0]] = field
        elif named:
            columns[max(named, key=lambda place: _preferred(table, place))] = field
    _settle_names(table, columns)
    _by_content(table, columns, today)
    return dict(sorted(columns.items()))


def _preferred(table: Table, place: int) -> tuple[bool, int, int]:
    # "Employee ID" rather than "No."; of two telephone columns the one that more people filled in.
    return not _is_vague(table, place), len(table.values(place)), -place


def _is_vague(table: Table, place: int) -> bool:
    return plain_heading(table.headings[place] or "") in {"no", "number", "n", "num", "id"}


def _can_be(table: Table, place: int, field: str) -> bool:
    """Whether a column's cells let it be what its heading says: "Hired?" may be answered with yes and no."""
    values = table.values(place)
    if field in ("hired_on", "email", "phone"):
        return not values or not all(folded(value) in _TICKS for value in values)
    if field == "employee_number" and _is_vague(table, place) and len(values) > 1:
        # Rows that are counted, 1, 2, 3, have no number of their own.
        return values != [str(number) for number in range(1, len(values) + 1)]
    return True


def column_of(columns: Columns, field: str) -> int | None:
    """Where a field stands."""
    return next((place for place, known in columns.items() if known == field), None)


def has_name_column(columns: Columns) -> bool:
    """Whether anything holds names."""
    return any(field in ("full_name", "given_name", "family_name") for field in columns.values())


def _settle_names(table: Table, columns: Columns) -> None:
    """ "Nombre" or "Name" is a given name beside a surname, and a whole name when it stands alone."""
    full, given, family = (column_of(columns, field) for field in ("full_name", "given_name", "family_name"))
    if family is None and given is not None and full is None:
        if plain_heading(table.headings[given] or "") in {"nombre", "nombres", "nombre s"}:
            columns[given] = "full_name"
    elif family is not None and given is None and full is not None:
        if plain_heading(table.headings[full] or "") in {"name", "names"}:
            columns[full] = "given_name"
    elif full is not None and given is not None and family is not None:
        del columns[full]


def _by_content(table: Table, columns: Columns, today: date) -> None:
    free = [
        place
        for place in range(len(table.headings))
        if place not in columns
        and place not in table.dropped
        and meaning_of(table.headings[place] or "") is None
    ]
    for field, fits in (("email", _are_emails), ("hired_on", _are_dates), ("phone", _are_phones)):
        if column_of(columns, field) is not None:
            continue
        found = next((place for place in free if fits(table.values(place)[:SAMPLE], today)), None)
        if found is not None:
            columns[found] = field
            free.remove(found)
    if not has_name_column(columns):
        found = next((place for place in free if has_names(table, place)), None)
        if found is not None:
            columns[found] = "full_name"
        else:
            _two_name_columns(table, columns, free)


def _two_name_columns(table: Table, columns: Columns, free: list[int]) -> None:
    # Without headings, two neighbouring columns of single words are given and family name.
    for place in free:
        if place + 1 in free and all(_are_words(table.values(one)) for one in (place, place + 1)):
            columns[place], columns[place + 1] = "given_name", "family_name"
            return


def _are_words(values: list[str]) -> bool:
    good = [
        value for value in values if value.replace(" ", "").replace("-", "").isalpha() and len(value) < 40
    ]
    return len(values) > 0 and len(good) >= 0.9 * len(values) and len(set(values)) > len(values) // 3


def _mostly(good: int, values: list[str]) -> bool:
    return bool(values) and good >= 0.6 * len(values)


def _are_emails(values: list[str], today: date) -> bool:
    return _mostly(sum(cells.clean_email(value)[0] is not None for value in values if "@" in value), values)


def _are_phones(values: list[str], today: date) -> bool:
    good = [value for value in values if sum(symbol.isdigit() for symbol in value) >= 10]
    return _mostly(sum(cells.clean_phone(value)[0] is not None for value in good), values)


def _are_dates(values: list[str], today: date) -> bool:
    read = [dates.read_date(value, today=today) for value in values]
    return _mostly(sum(cell.day is not None or cell.either is not None for cell in read), values)
