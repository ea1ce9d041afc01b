"""People for the benchmark of rosters, their sheets, and what the libraries do with them by themselves."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import phonenumbers
from email_validator import validate_email

from labtracker.roster.models import Worker

HEADINGS = ("First name", "Last name", "E-mail", "Phone", "Employee number", "Hire date", "Job title")
FIRSTS = ("Ana", "Bo", "Cy", "Di", "Ed", "Fi", "José", "María", "Lucía", "Óscar")
LASTS = ("Vigil", "Lee", "Roe", "Peña", "Núñez", "de la Cruz", "O'Neil", "Baca", "Keller", "Ortega")


def person(number: int) -> tuple[Any, ...]:
    """Somebody of a large company, told from all others by mail and number."""
    first, last = FIRSTS[number % 10], f"{LASTS[number // 10 % 10]}-{_letters(number)}"
    return (
        first,
        last,
        f"p{number}@mill.example",
        f"719-555-{number:04}"[:12],
        f"{number:06}",
        date(2012, 1, 1) + timedelta(days=number % 5000),
        "Welder",
    )


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4)).capitalize()


def csv_of(size: int) -> bytes:
    """A roster as CSV."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows([HEADINGS, *map(person, range(size))])
    return target.getvalue().encode()


def xlsx_of(size: int) -> bytes:
    """The same as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Crew")
    for row in (HEADINGS, *map(person, range(size))):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_alone(data: bytes) -> list[tuple[Any, ...]]:
    """The rows below the headings, as ``csv`` and the libraries for mail and telephone give them."""
    rows = csv.reader(io.StringIO(data.decode(), newline=""))
    next(rows)
    return [_checked(tuple(row)) for row in rows]


def xlsx_alone(data: bytes) -> list[tuple[Any, ...]]:
    """The rows below the headings, as openpyxl and the libraries for mail and telephone give them."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    return [_checked(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def _checked(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a row is after the libraries without which none could be taken as it is."""
    given, family, email, phone, number, hired_on, title = row
    email = validate_email(email, check_deliverability=False).normalized
    told = phonenumbers.parse(phone, "US")
    assert phonenumbers.is_valid_number(told)
    phone = phonenumbers.format_number(told, phonenumbers.PhoneNumberFormat.E164)
    hired_on = hired_on.date() if isinstance(hired_on, datetime) else date.fromisoformat(hired_on)
    return given, family, email, phone, number, hired_on, title


def sheet_alone(told: list[Worker]) -> bytes:
    """The same cells, as openpyxl writes them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Crew")
    sheet.append(HEADINGS)
    for one in told:
        sheet.append(
            [
                one.given_name,
                one.family_name,
                one.email,
                one.phone,
                one.employee_number,
                one.hired_on,
                one.job_title,
                None,
            ]
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
