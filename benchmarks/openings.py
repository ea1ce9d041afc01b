"""Days that can be served, in a full calendar. `python -m benchmarks.openings [sqlite|postgresql]`

A booking asks for openings within half a year in which nearly every lab is out: the search has to look at
most days and labs. Each lab is towed by a tractor that a licensed trainer drives, and asks for a check of the
site. Beside it stands the floor: the same holds read as bare rows. Three sizes show the growth.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from time import process_time
from uuid import UUID

import sqlalchemy as sa
from flask_migrate import upgrade

from benchmarks.timing import Report, in_turns
from benchmarks.world import kinds_asked_for, measured_database
from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import Role
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.fleet.models import DriverLicence, TowVehicle
from labtracker.labs.models import Lab, Worksite
from labtracker.labs.queries import labs_hosting
from labtracker.labs.queries.readiness import checklist_of
from labtracker.labs.services.readiness import Told, begin_check, finalise_check
from labtracker.scheduling.models import (
    BookingRequest,
    Cohort,
    CrewMember,
    Deployment,
    Session,
    SessionTrainer,
)
from labtracker.scheduling.queries import active_trainers
from labtracker.scheduling.queries.openings import openings_to_ask_for, whereabouts
from labtracker.scheduling.rules.states import Duty
from tests.cast import Cast, build_cast
from tests.conftest import TEST_SETTINGS
from tests.scheduling.builders import draft

NOW = datetime(2026, 4, 13, 15, tzinfo=UTC)
TODAY = NOW.date()
SIZES = ((10, 250), (20, 500), (40, 1000))
SESSIONS = 4
GOAL_SECONDS = 0.2
GOAL_GROWTH = 2.3


def fill(cast: Cast, labs: int, stays: int, first: date = TODAY, every: int = 1) -> None:
    """Labs and trainers, and stays one after another for each lab, a week each: hardly a gap is left.

    With ``every`` 2 each second week stays free.
    """
    sites = [_site(cast, number) for number in range(60)]
    trainers = [_trainer(cast, number) for number in range(labs)]
    fleet = [cast.welding_lab, *(_lab(cast, number) for number in range(1, labs))]
    db.session.flush()
    for number in range(stays):
        lab, week = fleet[number % labs], number // labs * every + 1
        _stay(cast, lab, trainers[number % labs], sites[number * 7 % 60], first + timedelta(weeks=week))
    db.session.commit()


def equip(cast: Cast) -> None:
    """A tractor for every two labs, a licensed driver for each stay, and a check that the labs ask for."""
    labs = db.session.scalars(labs_hosting(cast.welding)).all()
    trainers = db.session.scalars(active_trainers().where(Person.name.startswith("Trainer"))).all()
    vehicles: dict[UUID, TowVehicle] = {}
    for number, lab in enumerate(labs):
        lab.weight_lb, lab.needs = 30_000, {"restrooms": True}
        vehicle = _tractor(cast, number) if number % 2 == 0 else vehicles[labs[number - 1].id]
        vehicle.labs.append(lab)
        vehicles[lab.id] = vehicle
    for person in trainers:
        noted = {"noted_at": NOW, "noted_by_id": person.id}
        db.session.add(DriverLicence(person=person, licence_class="A", expires_on=date(2030, 1, 1), **noted))
    for number, stay in enumerate(db.session.scalars(sa.select(Deployment)).unique()):
        stay.vehicle = vehicles[stay.lab_id]
        stay.crew.append(CrewMember(person=trainers[number % len(trainers)], duty=Duty.DRIVER))
    db.session.flush()
    asked = {key: True for lab in labs for key in (one.key for one in checklist_of(lab))}
    told = Told({**asked, "pad_length_ft": 100, "power_kw": 100, "load_lb": 80_000}, TODAY)
    check = begin_check(worksite=cast.steel_site, lab=cast.welding_lab, told=told, actor=cast.cora, now=NOW)
    finalise_check(check=check, actor=cast.cora, now=NOW)
    db.session.commit()


def _tractor(cast: Cast, number: int) -> TowVehicle:
    vehicle = TowVehicle(
        provider=cast.college,
        name=f"Tractor {number:03}",
        plate=f"{number}",
        weight_lb=18_000,
        created_at=NOW,
        labs=[],
    )
    db.session.add(vehicle)
    return vehicle


def _site(cast: Cast, number: int) -> Worksite:
    site = Worksite(
        organization=cast.dairy,
        name=f"Yard {number}",
        address="1 Road",
        city="Lamar",
        zip="81052",
        latitude=37 + number % 8 / 2,
        longitude=-109 + number / 9,
        created_at=NOW,
    )
    db.session.add(site)
    return site


def _trainer(cast: Cast, number: int) -> Person:
    person = Person(email=f"t{number}@college.example", name=f"Trainer {number:03}", created_at=NOW)
    person.memberships = [Membership(organization=cast.college, role=Role.TRAINER, started_at=NOW)]
    db.session.add(person)
    return person


def _lab(cast: Cast, number: int) -> Lab:
    lab = Lab(
        provider=cast.college,
        name=f"Lab {number:03}",
        seats=6 + number % 3,
        home_city="Pueblo",
        home_zip="81004",
        latitude=37 + number % 8 / 2,
        longitude=-108 + number / 8,
        setup_hours=Decimal(4),
        created_at=NOW,
        courses=[cast.welding],
    )
    db.session.add(lab)
    return lab


def _stay(cast: Cast, lab: Lab, trainer: Person, site: Worksite, monday: date) -> None:
    start = datetime.combine(monday, time(12), UTC)
    stay = Deployment(
        lab=lab,
        worksite=site,
        status="confirmed",
        blocks_from=start - timedelta(hours=20),
        blocks_until=start + timedelta(days=SESSIONS, hours=2),
        created_at=NOW,
    )
    cohort = Cohort(
        name="Cohort",
        course=cast.welding,
        worksite=site,
        delivery_mode="employer_site",
        seats=8,
        contact_hours=Decimal(24),
        minimum_share=Decimal("0.8"),
        assessment_required=True,
        pass_mark=70,
        grace_minutes=7,
        created_at=NOW,
        deployments=[stay],
    )
    for step in range(SESSIONS):
        begins = start + timedelta(days=step)
        session = Session(
            cohort=cohort,
            deployment=stay,
            worksite=site,
            starts_at=begins,
            ends_at=begins + timedelta(hours=8),
            trainers=[SessionTrainer(person=trainer)],
        )
        db.session.add(session)


def rows_alone() -> None:
    """The same holds, read as bare rows and left as they are."""
    connection = db.session.connection()
    connection.execute(
        sa.select(Deployment.id, Deployment.lab_id, Deployment.blocks_from, Deployment.blocks_until)
    ).all()
    connection.execute(
        sa.select(SessionTrainer.person_id, Session.worksite_id, Session.starts_at, Session.ends_at).join(
            Session, Session.id == SessionTrainer.session_id
        )
    ).all()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def afresh(work: Callable[[], object]) -> Callable[[], None]:
    """The work as a request finds it: nothing is left in the session from the one before."""

    def run() -> None:
        db.session.expunge_all()
        work()

    return run


def processor_time(work: Callable[[], object]) -> Callable[[], float]:
    """The work, telling the seconds that the processor spent on it: others use this machine, too."""

    def run() -> float:
        begun = process_time()
        work()
        return process_time() - begun

    return run


def measure(kind: str) -> None:
    """Three sizes on one kind of database."""
    report = Report(
        f"openings on {kind}",
        {"labs": [labs for labs, _stays in SIZES], "deployments": [stays for _labs, stays in SIZES]},
    )
    with measured_database(kind) as (folder, address):
        medians = [_one_size(report, address(), folder, *size) for size in SIZES]
    for (smaller, larger), (_labs, stays) in zip(pairwise(medians), SIZES[1:], strict=True):
        report.figure(f"processor_times_up_to_{stays}", larger[1] / smaller[1])
    clock, processor = medians[-1]
    report.goal("40 labs and 1,000 deployments in 200 ms of the clock", clock < GOAL_SECONDS)
    report.goal("40 labs and 1,000 deployments in 200 ms of the processor", processor < GOAL_SECONDS)
    report.goal("growth n log n at most, by the processor", processor / medians[-2][1] < GOAL_GROWTH)
    report.show()


def _one_size(report: Report, url: str, folder: Path, labs: int, stays: int) -> tuple[float, float]:
    """The median seconds with so many labs and stays, by the clock and by the processor."""
    app = create_app(DATABASE_URL=url, INSTANCE_DIR=str(folder), **TEST_SETTINGS)
    with app.app_context(), app.test_request_context():
        upgrade()
        cast = build_cast()
        booking_id = draft(cast, NOW).id
        fill(cast, labs, stays)
        equip(cast)

        def ask() -> int:
            booking = db.session.get_one(BookingRequest, booking_id)
            found = openings_to_ask_for(booking, TODAY)
            assert found is not None
            assert booking.worksite is not None
            whereabouts(found.worth_telling, booking.worksite)
            return len(found.found)

        with counted() as sent:
            db.session.expunge_all()
            offered = ask()
        taken = in_turns(
            {"openings": afresh(ask), "rows_alone": rows_alone, "processor": processor_time(afresh(ask))}
        )
        db.session.remove()
        db.engine.dispose()
    report.sample(f"openings_{stays}", taken["openings"])
    report.sample(f"rows_alone_{stays}", taken["rows_alone"])
    report.figure(f"openings_{stays}_of_the_rows", taken["openings"].median / taken["rows_alone"].median)
    report.figure(f"processor_{stays}_seconds", taken["processor"].median)
    report.figure(f"statements_{stays}", len(sent))
    report.figure(f"offered_{stays}", offered)
    return taken["openings"].median, taken["processor"].median


def main() -> int:
    """Measure what was asked for."""
    for kind in kinds_asked_for():
        measure(kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
