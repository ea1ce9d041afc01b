"""The first page, which anybody may read: what this is, and where the labs will be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app

from labtracker.kit.time import utc_now


@dataclass(frozen=True)
class PublicDate:
    """One coming visit of a lab, as much of it as everybody may know: never which employer.

    ``place`` is named only where it is open to all: a town's lot, a fairground, a campus.
    """

    town: str
    county: str
    county_fips: str | None
    course: str
    course_es: str | None
    course_code: str
    first_on: date
    last_on: date
    seats: int
    place: str | None = None


Source = Callable[[datetime], Sequence[PublicDate]]


def show_dates_from(app: Flask, source: Source) -> None:
    """Name the query that knows the public dates; the slice that has it stands above this one."""
    app.extensions["labtracker_public_dates"] = source


def public_dates() -> Sequence[PublicDate]:
    """The coming public dates, soonest first."""
    source: Source | None = current_app.extensions.get("labtracker_public_dates")
    return source(utc_now()) if source else ()
