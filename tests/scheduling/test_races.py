"""Two people who click at the same moment are never both right."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Person
from labtracker.app import create_app
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.labs.models import Lab
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from labtracker.scheduling.rules.states import Duty
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS
from tests.fleet.builders import tractor
from tests.scheduling.builders import MONDAY, planned, submitted

CROWD = 16


@pytest.fixture
def real(own_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database file and connections of its own."""
    app = create_app(DATABASE_URL=own_database_url, INSTANCE_DIR=str(tmp_path), **TEST_SETTINGS)
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(app: Flask, works: list[Callable[[], None]]) -> list[str]:
    """Do all of it at the same moment, each in its own connection; give 'done' or the refusal's code."""
    gate, answers = threading.Barrier(len(works)), [""] * len(works)

    def run(index: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                works[index]()
                db.session.commit()
                answers[index] = "done"
            except DomainError as error:
                db.session.rollback()
                answers[index] = error.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def placement(
    booking: UUID, lab: UUID, trainer: UUID, actor: UUID, now: datetime, vehicle: UUID | None = None
) -> Callable[[], None]:
    def place() -> None:
        services.plan_deployment(
            booking=db.session.get_one(BookingRequest, booking),
            lab=db.session.get_one(Lab, lab),
            trainers=[db.session.get_one(Person, trainer)],
            vehicle=db.session.get_one(TowVehicle, vehicle) if vehicle else None,
            first_on=MONDAY,
            actor=db.session.get_one(Person, actor),
            now=now,
        )

    return place


def deployments(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Deployment.id))) or 0


def test_one_lab_goes_to_exactly_one_of_sixteen(real: Flask, now: datetime) -> None:
    with real.app_context():
        cast = build_cast()
        bookings = [submitted(cast, now).id for _ in range(CROWD)]
        db.session.commit()
        trainers = [cast.tom.id, cast.tess.id]
        works = [
            placement(booking, cast.welding_lab.id, trainers[index % 2], cast.cora.id, now)
            for index, booking in enumerate(bookings)
        ]
    answers = at_once(real, works)
    assert sorted(answers) == ["conflict"] * (CROWD - 1) + ["done"]
    assert deployments(real) == 1


def test_one_trainer_goes_with_exactly_one_of_two_labs(real: Flask, now: datetime) -> None:
    with real.app_context():
        cast = build_cast()
        works = []
        for index in range(CROWD):
            welding = index % 2 == 0
            booking = submitted(
                cast,
                now,
                course=cast.welding if welding else cast.wiring,
                employer=cast.steel if welding else cast.dairy,
                actor=cast.emil if welding else cast.stella,
                worksite=cast.steel_site if welding else cast.dairy_site,
            )
            lab = cast.welding_lab if welding else cast.wiring_lab
            works.append(placement(booking.id, lab.id, cast.tom.id, cast.cora.id, now))
        db.session.commit()
    assert at_once(real, works).count("done") == 1
    assert deployments(real) == 1


def test_one_tow_vehicle_goes_with_exactly_one_of_two_labs(real: Flask, now: datetime) -> None:
    with real.app_context():
        cast = build_cast()
        truck = tractor(cast, labs=[cast.welding_lab, cast.wiring_lab])
        works = []
        for index in range(4):
            welding = index % 2 == 0
            booking = submitted(cast, now, course=cast.welding if welding else cast.wiring)
            lab, trainer = (cast.welding_lab, cast.tom) if welding else (cast.wiring_lab, cast.tess)
            works.append(placement(booking.id, lab.id, trainer.id, cast.cora.id, now, truck.id))
        db.session.commit()
    answers = at_once(real, works)
    assert sorted(answers) == ["conflict"] * 3 + ["done"]
    assert deployments(real) == 1


def test_sessions_cancelled_at_once_leave_one_stay_that_fits(real: Flask, now: datetime) -> None:
    with real.app_context():
        cast = build_cast()
        stay = planned(cast, now, headcount=14)
        rows = [one for cohort in stay.cohorts for one in cohort.sessions]
        kept, *others = [one.id for one in sorted(rows, key=lambda one: one.starts_at)]
        cora, stay_id, was_home = cast.cora.id, stay.id, stay.blocks_until
        db.session.commit()

    def cancel(session_id: UUID) -> Callable[[], None]:
        def call_off() -> None:
            session = db.session.get_one(Session, session_id)
            actor = db.session.get_one(Person, cora)
            services.cancel_session(session=session, reason="Snow", actor=actor, now=now)

        return call_off

    assert at_once(real, [cancel(one) for one in others]) == ["done"] * len(others)
    with real.app_context():
        stay = db.session.get_one(Deployment, stay_id)
        left = db.session.get_one(Session, kept)
        assert left.ends_at < stay.blocks_until < was_home


def test_one_booking_is_planned_once(real: Flask, now: datetime) -> None:
    with real.app_context():
        cast = build_cast()
        booking = submitted(cast, now).id
        db.session.commit()
        works = [
            placement(booking, cast.welding_lab.id, cast.tom.id, cast.cora.id, now) for _ in range(CROWD)
        ]
    answers = at_once(real, works)
    assert answers.count("done") == 1
    assert set(answers) == {"done", "wrong_state"}
    assert deployments(real) == 1


def test_of_two_trainers_one_stays(real: Flask, now: datetime) -> None:
    """Two coordinators take one each off the same crew."""
    with real.app_context():
        cast = build_cast()
        stay = planned(cast, now, trainers=[cast.tom, cast.tess])
        stay_id, cora, people = stay.id, cast.cora.id, (cast.tom.id, cast.tess.id)
        seen = stay.version
        db.session.commit()

    def leave(person: UUID, version: int | None) -> Callable[[], None]:
        def take_off() -> None:
            services.remove_from_crew(
                deployment=db.session.get_one(Deployment, stay_id),
                person=db.session.get_one(Person, person),
                duty=Duty.TRAINER,
                actor=db.session.get_one(Person, cora),
                now=now,
                expected_version=version,
            )

        return take_off

    assert sorted(at_once(real, [leave(one, seen) for one in people])) == ["changed_meanwhile", "done"]
    assert set(at_once(real, [leave(one, None) for one in people])) <= {"last_trainer", "not_crew"}


def test_a_lab_that_moves_and_a_session_that_is_added_do_not_meet(real: Flask, now: datetime) -> None:
    """One stay is placed, another grows into the same days: one of them is refused."""
    with real.app_context():
        cast = build_cast()
        stay = planned(cast, now)
        cohort, stay_id, cora, tom = stay.cohorts[0].id, stay.id, cast.cora.id, cast.tom.id
        later = submitted(cast, now).id
        works = [_placed_a_week_later(later, cast.welding_lab.id, cast.tess.id, cora, now)]
        db.session.commit()

    def add() -> None:
        start = datetime(2026, 5, 11, 12, tzinfo=UTC)
        services.add_session(
            cohort=db.session.get_one(Cohort, cohort),
            deployment=db.session.get_one(Deployment, stay_id),
            starts_at=start,
            ends_at=start + timedelta(hours=4),
            break_minutes=0,
            trainers=[db.session.get_one(Person, tom)],
            actor=db.session.get_one(Person, cora),
            now=now,
        )

    assert sorted(at_once(real, [*works, add])) == ["conflict", "done"]


def _placed_a_week_later(
    booking: UUID, lab: UUID, trainer: UUID, actor: UUID, now: datetime
) -> Callable[[], None]:
    def place() -> None:
        services.plan_deployment(
            booking=db.session.get_one(BookingRequest, booking),
            lab=db.session.get_one(Lab, lab),
            trainers=[db.session.get_one(Person, trainer)],
            first_on=MONDAY + timedelta(days=7),
            actor=db.session.get_one(Person, actor),
            now=now,
        )

    return place
