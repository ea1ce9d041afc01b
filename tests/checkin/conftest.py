"""A day of training at the steel works, and a phone that Tom paired."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.services import create_pairing_code
from labtracker.cli.database import begin_history
from labtracker.extensions import db
from labtracker.kit.time import to_ms, utc_now
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.rules.badges import badge_hash
from labtracker.scheduling.models import Cohort, CrewMember, Deployment, Session
from tests.cast import Cast, build_cast
from tests.checkin.phone import Phone

MINUTE = 60_000


@dataclass
class Day:
    """One deployment with a cohort of six and one session of eight hours with a lunch break."""

    cast: Cast
    deployment: Deployment
    cohort: Cohort
    session: Session
    enrollments: list[Enrollment]
    badges: list[Badge]
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return to_ms(self.session.starts_at)

    def at(self, minutes: float) -> int:
        """Milliseconds so many minutes after the session's start."""
        return self.start + round(minutes * MINUTE)


def a_worker(cast: Cast, given: str, family: str, now: datetime) -> tuple[Worker, Badge]:
    worker = Worker(employer_id=cast.steel.id, given_name=given, family_name=family, created_at=now)
    db.session.add(worker)
    db.session.flush()
    secret = secrets.token_bytes(16)
    badge = Badge(worker_id=worker.id, secret=secret, badge_hash=badge_hash(secret), issued_at=now)
    db.session.add(badge)
    db.session.flush()
    return worker, badge


def a_cohort(course: Course, worksite: Worksite, name: str, now: datetime) -> Cohort:
    cohort = Cohort(
        name=name,
        course_id=course.id,
        worksite_id=worksite.id,
        delivery_mode="employer_site",
        seats=8,
        contact_hours=Decimal(24),
        minimum_share=Decimal("0.8"),
        assessment_required=True,
        pass_mark=70,
        grace_minutes=7,
        skills=[],
        created_at=now,
    )
    db.session.add(cohort)
    db.session.flush()
    return cohort


def a_deployment(lab: Lab, worksite: Worksite, crew: list[object], start: datetime) -> Deployment:
    deployment = Deployment(
        lab_id=lab.id,
        worksite_id=worksite.id,
        status="confirmed",
        blocks_from=start - timedelta(days=1),
        blocks_until=start + timedelta(days=5),
        created_at=start - timedelta(days=30),
    )
    deployment.crew = [CrewMember(person_id=person.id) for person in crew]  # type: ignore[attr-defined]
    db.session.add(deployment)
    db.session.flush()
    return deployment


def a_session(cohort: Cohort, deployment: Deployment | None, start: datetime, hours: float = 8) -> Session:
    lunch = start + timedelta(hours=4)
    session = Session(
        cohort_id=cohort.id,
        deployment_id=deployment.id if deployment else None,
        worksite_id=cohort.worksite_id,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        breaks=[[lunch.isoformat(), (lunch + timedelta(minutes=30)).isoformat()]] if hours > 5 else [],
    )
    db.session.add(session)
    db.session.flush()
    return session


@pytest.fixture
def day(cast: Cast) -> Day:
    """The day began four hours ago, whatever the clock says, so that it is in the pack."""
    return a_day(cast)


def a_day_in(app: Flask) -> Day:
    """The same day in a database that has nothing but its tables; it can be read without a session."""
    with app.app_context():
        begin_history()
        day = a_day(build_cast())
        db.session.commit()
        db.session.expunge_all()
        db.session.remove()
        db.engine.dispose()
    return day


def a_day(cast: Cast) -> Day:
    """A day that began four hours ago, committed."""
    now = utc_now().replace(second=0, microsecond=0)
    start = now - timedelta(hours=4)
    deployment = a_deployment(cast.welding_lab, cast.steel_site, [cast.tom], start)
    cohort = a_cohort(cast.welding, cast.steel_site, "Welding, April", now)
    session = a_session(cohort, deployment, start)
    enrollments, badges = [], []
    for given, family in (
        ("Ana", "Ruiz"),
        ("Bo", "Larsen"),
        ("Chidi", "Eze"),
        ("Dolores", "Vigil"),
        ("Eve", "Nguyen"),
        ("Fern", "Ortiz"),
    ):
        worker, badge = a_worker(cast, given, family, now)
        enrollment = Enrollment(cohort_id=cohort.id, worker_id=worker.id, created_at=now)
        db.session.add(enrollment)
        enrollments.append(enrollment)
        badges.append(badge)
    db.session.flush()
    db.session.commit()
    return Day(cast, deployment, cohort, session, enrollments, badges)


@pytest.fixture
def phone(app: Flask, day: Day) -> Phone:
    """Tom's phone, paired."""
    code = create_pairing_code(actor=day.cast.tom, now=utc_now())
    db.session.commit()
    tom = Phone(app.test_client())
    tom.pair(code)
    return tom


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SQL statements that run within the block."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
