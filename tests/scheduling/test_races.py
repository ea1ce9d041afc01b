"""Two people who click at the same moment are never both right."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from labtracker.accounts.models import Person
from labtracker.app import create_app
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Lab
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Deployment, Session
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS
from tests.scheduling.builders import MONDAY, planned, submitted

CROWD = 16


@pytest.fixture
def real(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application with a database file and connections of its own."""
    app = create_app(DATABASE_URL=empty_database_url, INSTANCE_DIR=str(tmp_path), **TEST_SETTINGS)
    with app.app_context():
        upgrade()
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


def placement(booking: UUID, lab: UUID, trainer: UUID, actor: UUID, now: datetime) -> Callable[[], None]:
    def place() -> None:
        services.plan_deployment(
            booking=db.session.get_one(BookingRequest, booking),
            lab=db.session.get_one(Lab, lab),
            trainers=[db.session.get_one(Person, trainer)],
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
