"""The completion report as a spreadsheet: a line for each cohort and employer, with counts and rates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from labtracker.kit.statistics import Rate
from labtracker.reports.completion import CohortFigures, figures

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "cohort", "employer", "delivery_mode", "course", "lab", "county", "county_fips", "is_rural",
    "local_area", "sub_area", "shift", "last_session_on", "closed_out", "enrolled", "starters",
    "completers", "decided_by_coordinator", "withdrawn", "no_shows", "credited_hours", "scheduled_hours",
    "completion_rate", "completion_low", "completion_high", "attendance_rate", "no_show_rate",
)  # fmt: skip


def completion_sheet(rows: Iterable[CohortFigures]) -> str:
    """The rows as CSV that spreadsheets open as UTF-8. A running cohort has counts and no rates."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_harmless(value) for value in (*_counts(row), *_rates(row))])
    return "\ufeff" + sheet.getvalue()


def _counts(row: CohortFigures) -> list[Any]:
    return [
        row.name, row.employer_name, row.mode, row.course, row.lab_name, row.county_name, row.county,
        row.rural, row.local_area, row.sub_area, row.shift, row.last_on.isoformat(),
        "yes" if row.closed else "no", row.enrolled, row.starters, row.completers, row.decided,
        row.withdrawn, row.no_shows, round(row.credited_minutes / 60, 2),
        round(row.scheduled_minutes / 60, 2),
    ]  # fmt: skip


def _rates(row: CohortFigures) -> list[Any]:
    if not row.closed:
        return [""] * 5
    total = figures([row])
    low, high = total.completion.interval or (None, None)
    return [
        _share(total.completion),
        _rounded(low),
        _rounded(high),
        _share(total.attendance),
        _share(total.no_show),
    ]


def _share(rate: Rate) -> Any:
    return _rounded(rate.value)


def _rounded(value: float | None) -> Any:
    return "" if value is None else round(value, 4)


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
