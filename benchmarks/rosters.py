"""Rosters of 10,000 people in and out. `python -m benchmarks.rosters [sqlite|postgresql]`

Each beside its libraries alone, in turns: a CSV and a workbook read and taken into a cohort, beside the
same file read by ``csv`` or openpyxl, its addresses and telephone numbers by the libraries for them, and the
same rows of workers, enrollments and badges inserted; a workbook of the same people written,
beside openpyxl writing it. Three sizes show the growth. What counts is the processor's time, that of the
process which opens workbooks included; the memory of the largest import is measured in a process of its own.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_migrate import upgrade

from benchmarks.roster_floors import (
    csv_alone,
    csv_of,
    person,
    sheet_alone,
    xlsx_alone,
    xlsx_of,
)
from benchmarks.timing import Report, in_turns
from benchmarks.world import measured_database
from labtracker.accounts.models import Organization
from labtracker.app import create_app
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.roster import queries, services
from labtracker.roster.drawing.roster_sheet import roster_sheet
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.reading import workbook
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.reading.verdicts import assess
from labtracker.roster.rules.badges import badge_hash
from labtracker.scheduling.models import Cohort
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS
from tests.scheduling.builders import planned

Pair = tuple[Callable[[], object], Callable[[], object]]
NOW = datetime(2026, 4, 13, 15, tzinfo=UTC)
TODAY = NOW.date()
SIZES = (2_500, 5_000, 10_000)
GOAL_RATIO = 1.5
GOAL_GROWTH = 2.3
GOAL_SECONDS = 10.0
GOAL_MEGABYTES = 200


@dataclass
class Company:
    """An employer without workers and a cohort with a seat for everybody."""

    cohort_id: UUID
    employer_id: UUID

    def take(self, data: bytes) -> None:
        """Read, judge, add, enroll, give badges, commit: as the command does."""
        empty_roster()
        table = services.table_from_file(data, today=TODAY)
        rows = assess(
            read_rows(table, guess_columns(table, today=TODAY), today=TODAY),
            queries.known_facts(self.employer_id),
        )
        cohort = db.session.get_one(Cohort, self.cohort_id)
        employer = db.session.get_one(Organization, self.employer_id)
        outcome = services.take_rows(rows, cohort=cohort, employer=employer, decisions={}, now=NOW)
        db.session.commit()
        assert outcome.enrolled == len(rows)

    def insert(self, rows: list[tuple[Any, ...]]) -> None:
        """The same rows into the same tables, as SQLAlchemy writes many at once."""
        empty_roster()
        workers, enrollments, badges = [], [], []
        for given, family, email, phone, number, hired_on, title in rows:
            one, secret = uuid7(), secrets.token_bytes(16)
            workers.append(
                {
                    "id": one,
                    "employer_id": self.employer_id,
                    "given_name": given,
                    "family_name": family,
                    "email": email,
                    "phone": phone,
                    "employee_number": number,
                    "hired_on": hired_on,
                    "job_title": title,
                    "created_at": NOW,
                }
            )
            enrollments.append(
                {"id": uuid7(), "cohort_id": self.cohort_id, "worker_id": one, "created_at": NOW}
            )
            badges.append(
                {
                    "id": uuid7(),
                    "worker_id": one,
                    "secret": secret,
                    "badge_hash": badge_hash(secret),
                    "issued_at": NOW,
                }
            )
        for model, told in ((Worker, workers), (Enrollment, enrollments), (Badge, badges)):
            db.session.execute(sa.insert(model), told)
        db.session.commit()


def empty_roster() -> None:
    """Nobody is known, as before the first roster."""
    db.session.rollback()
    db.session.expunge_all()
    for model in (Completion, Badge, Enrollment, Worker):
        db.session.execute(sa.delete(model))
    db.session.commit()


def people(size: int) -> list[Worker]:
    """So many workers, kept by no database."""
    names = ("given_name", "family_name", "email", "phone", "employee_number", "hired_on", "job_title")
    return [
        Worker(**{**dict(zip(names, person(number), strict=True)), "phone": f"+1719555{number:04}"[:12]})
        for number in range(size)
    ]


def by_processor(work: Callable[[], object]) -> Callable[[], float]:
    """The work, telling the seconds that processors spent on it, other processes of ours included."""

    def run() -> float:
        begun = sum(os.times()[:4])
        work()
        return sum(os.times()[:4]) - begun

    return run


def compare(report: Report, name: str, sizes: Sequence[int], pair: Callable[[int], Pair]) -> float:
    """Ours beside the libraries alone at three sizes; gives our median seconds at the largest."""
    ours = []
    for size in sizes:
        mine, alone = pair(size)
        samples = in_turns(
            {f"{name} {size}": by_processor(mine), f"{name} {size}, libraries alone": by_processor(alone)}
        )
        for sample_name, sample in samples.items():
            report.sample(sample_name, sample)
        ours.append(samples[f"{name} {size}"].median)
        ratio = ours[-1] / samples[f"{name} {size}, libraries alone"].median
        report.figure(f"{name}_{size}_times_the_libraries", ratio)
    for (smaller, larger), size in zip(pairwise(ours), sizes[1:], strict=True):
        report.figure(f"{name}_times_up_to_{size}", larger / smaller)
    report.goal(f"{name}: at most {GOAL_RATIO} times the libraries alone", ratio <= GOAL_RATIO)
    report.goal(f"{name}: growth n log n at most", ours[-1] / ours[-2] < GOAL_GROWTH)
    return ours[-1]


def measure(kind: str) -> None:
    """Imports on one kind of database, then what is drawn and written."""
    report = Report(f"rosters on {kind}", {"people": list(SIZES)})
    with measured_database(kind) as (folder, address):
        app = create_app(DATABASE_URL=address(), INSTANCE_DIR=str(folder), **TEST_SETTINGS)
        with app.app_context(), app.test_request_context():
            upgrade()
            company = _company()
            slowest = 0.0
            for name, made, alone in (("csv", csv_of, csv_alone), ("xlsx", xlsx_of, xlsx_alone)):
                slowest = max(
                    slowest, compare(report, f"import_{name}", SIZES, _imports(company, made, alone))
                )
            report.goal(f"10,000 rows in {GOAL_SECONDS:.0f} seconds", slowest <= GOAL_SECONDS)
            compare(report, "export_xlsx", SIZES, _exports)
    for name in ("csv", "xlsx"):
        megabytes = float(
            subprocess.check_output([sys.executable, "-m", "benchmarks.rosters", "memory", name])
        )
        report.figure(f"megabytes_for_{name}", megabytes)
        report.goal(f"10,000 rows as {name} in {GOAL_MEGABYTES} MB", megabytes <= GOAL_MEGABYTES)
    report.show()


def _imports(
    company: Company, made: Callable[[int], bytes], alone: Callable[[bytes], list[tuple[Any, ...]]]
) -> Callable[[int], Pair]:
    def pair(size: int) -> Pair:
        data = made(size)
        return lambda: company.take(data), lambda: company.insert(alone(data))

    return pair


def _exports(size: int) -> Pair:
    told = people(size)
    return lambda: roster_sheet(told, "xlsx"), lambda: sheet_alone(told)


def _company() -> Company:
    cast = build_cast()
    cohort = planned(cast, NOW).cohorts[0]
    cohort.seats = 2 * SIZES[-1]
    db.session.commit()
    return Company(cohort.id, cast.steel.id)


def tell_memory(name: str) -> None:
    """The megabytes that the largest import takes at most beyond a server at rest, its reader included.

    The reader of workbooks is a process of its own; both count.
    """
    data = (csv_of if name == "csv" else xlsx_of)(SIZES[-1])
    with measured_database("sqlite") as (folder, address):
        app = create_app(DATABASE_URL=address(), INSTANCE_DIR=str(folder), **TEST_SETTINGS)
        with app.app_context(), app.test_request_context():
            upgrade()
            company = _company()
            rested = _kilobytes("VmRSS")
            company.take(data)
            grown = _kilobytes("VmHWM") - rested
    print((grown + (_reader_kilobytes(data) if name == "xlsx" else 0)) / 1024)


def _kilobytes(what: str, status: str | None = None) -> int:
    status = status or Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0])


def _reader_kilobytes(data: bytes) -> int:
    """The most that the process which opens workbooks held."""
    program = (
        f"import runpy, sys; runpy.run_path({str(workbook.CHILD)!r})['main']();"
        "sys.stderr.write(open('/proc/self/status').read())"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], input=data, capture_output=True, check=True)
    return _kilobytes("VmHWM", done.stderr.decode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        tell_memory(sys.argv[2])
    else:
        measure(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
