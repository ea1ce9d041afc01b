"""The demo's year at a reduced size: built through the services, consistent in itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import AccountRequest, Device, Organization
from labtracker.accounts.queries import similar_employers
from labtracker.certificates.models import Certificate
from labtracker.certificates.queries import enrollments_due, is_doubtful
from labtracker.certificates.rules import CertificateState
from labtracker.checkin.models import Attendance, Event, InboxFrame
from labtracker.checkin.services import rebuild
from labtracker.completion.models import Completion, LateChange
from labtracker.completion.queries import open_points
from labtracker.demo import build
from labtracker.extensions import db
from labtracker.jobs.models import Job
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.roster.models import Enrollment, Release, Worker
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session

NOW = datetime(2026, 5, 13, 15, 20, tzinfo=UTC)


def count(column: Any, *where: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(*where)) or 0


def attendance() -> list[tuple[Any, ...]]:
    order = (Attendance.session_id, Attendance.enrollment_id)
    return [tuple(row) for row in db.session.execute(sa.select(Attendance.__table__).order_by(*order))]


def test_a_small_year(app: Flask) -> None:
    build(NOW, 3, share=0.15)
    everything_is_there_and_something_is_underway()
    phones_recorded_every_kind_of_event_before_now()
    what_is_over_is_closed_out_and_its_policy_is_frozen()
    certificates_of_every_kind_are_there()
    figures_follow_from_events()


def everything_is_there_and_something_is_underway() -> None:
    assert count(Lab.id) == 6
    assert count(Organization.id, Organization.kind == "employer") == 25
    assert count(Course.id) == 8
    assert 0.5 < count(Worksite.id, Worksite.is_rural) / count(Worksite.id) < 0.9
    assert count(Deployment.id, Deployment.blocks_from <= NOW, Deployment.blocks_until > NOW) >= 2
    assert count(Deployment.id, Deployment.blocks_from > NOW) >= 3
    assert count(Session.id, Session.starts_at <= NOW, Session.ends_at > NOW) >= 1
    assert set(db.session.scalars(sa.select(Cohort.delivery_mode))) == {
        "employer_site",
        "rural_hub",
        "campus",
    }
    assert set(db.session.scalars(sa.select(BookingRequest.status))) == {
        "draft", "submitted", "under_review", "waitlisted", "planned", "confirmed", "declined", "withdrawn",
        "cancelled",
    }  # fmt: skip
    assert count(Organization.id, Organization.kind == "employer", Organization.city.is_(None)) == 0
    asks = list(db.session.scalars(sa.select(AccountRequest.organization_name)))
    assert len(asks) == 2
    assert any(similar_employers(name) for name in asks), "one that can be merged"
    assert count(Worker.id) >= 135
    assert count(Job.id, Job.done_at.is_(None)) == 0


def phones_recorded_every_kind_of_event_before_now() -> None:
    kinds = set(db.session.scalars(sa.select(Event.type)))
    assert {
        "session_open", "session_close", "check_in", "check_out", "walk_in", "void", "excuse", "consent",
        "assessment", "sign_off",
    } <= kinds  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.max(Event.at))) <= NOW  # type: ignore[operator]
    assert db.session.scalar(sa.select(sa.func.max(InboxFrame.arrived_at))) <= NOW  # type: ignore[operator]
    assert set(db.session.scalars(sa.select(InboxFrame.verdict))) == {"stored", "quarantined"}
    assert count(Device.id, Device.is_web.is_(False)) == 12
    flags = {flag for flags in db.session.scalars(sa.select(Attendance.flags)) for flag in flags}
    assert {"late", "left_early", "assumed_out", "make_up"} <= flags
    assert set(db.session.scalars(sa.select(Attendance.status))) == {"present", "absent", "excused"}
    assert count(Release.id) > 50


def certificates_of_every_kind_are_there() -> None:
    assert {one.state for one in db.session.scalars(sa.select(Certificate))} == set(CertificateState)
    assert count(Certificate.id, is_doubtful()) == 1
    assert count(Certificate.id, Certificate.issued_at > NOW) == 0
    closed = set(db.session.scalars(sa.select(Cohort.id).where(Cohort.closed_out_at.is_not(None))))
    assert any(enrollments_due(cohort_id) for cohort_id in closed), "somebody still waits for theirs"


def figures_follow_from_events() -> None:
    before = attendance()
    completions = sa.select(Completion.__table__).order_by(Completion.enrollment_id)
    judged = [tuple(row) for row in db.session.execute(completions)]
    rebuild(now=NOW)
    assert attendance() == before
    assert [tuple(row) for row in db.session.execute(completions)] == judged
    assert len(judged) == count(Enrollment.id)
    credited = dict(
        db.session.execute(
            sa.select(Attendance.enrollment_id, sa.func.sum(Attendance.credited_minutes)).group_by(
                Attendance.enrollment_id
            )
        ).all()
    )
    for row in db.session.scalars(sa.select(Completion)):
        assert row.credited_minutes == credited.get(row.enrollment_id, 0)


def what_is_over_is_closed_out_and_its_policy_is_frozen() -> None:
    closed = list(db.session.scalars(sa.select(Cohort).where(Cohort.closed_out_at.is_not(None))))
    assert len(closed) >= 12
    assert count(LateChange.id) == 1, "a phone was heard late"
    for cohort in closed:
        points = open_points(cohort, now=NOW)
        assert not points.keeps_open
        assert cohort.policy_frozen_at is not None
        assert cohort.policy_frozen_at < cohort.closed_out_at  # type: ignore[operator]
    held = sa.select(Session.cohort_id).where(Session.opened_at.is_not(None))
    assert count(Cohort.id, Cohort.id.in_(held), Cohort.policy_frozen_at.is_(None)) == 0
    assert count(Cohort.id, Cohort.id.not_in(held), Cohort.policy_frozen_at.is_not(None)) == 0


@pytest.mark.slow
@pytest.mark.one_database  # the demo is a SQLite file
def test_the_same_seed_gives_the_same_year(app: Flask) -> None:
    def year() -> tuple[Any, ...]:
        build(NOW, 5, share=0.15)
        worker = sa.select(
            Worker.given_name, Worker.family_name, Completion.credited_minutes, Completion.state
        )
        worker = worker.join(Enrollment, Enrollment.id == Completion.enrollment_id).join(Worker)
        everybody = sorted(tuple(row) for row in db.session.execute(worker))
        kinds = sa.select(Event.type, sa.func.count()).group_by(Event.type).order_by(Event.type)
        found = (everybody, [tuple(row) for row in db.session.execute(kinds)])
        db.session.rollback()
        return found

    assert year() == year()


@pytest.mark.slow
@pytest.mark.one_database  # the demo is a SQLite file
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 8, 9, 30, tzinfo=UTC),  # clocks change; past two in the night in Colorado
        datetime(2026, 7, 4, 18, 0, tzinfo=UTC),  # a holiday and a Saturday
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_any_day_will_do(app: Flask, now: datetime) -> None:
    build(now, 1, share=0.15)
    assert count(Deployment.id, Deployment.blocks_from <= now, Deployment.blocks_until > now) >= 1
    assert count(Session.id, Session.starts_at > now) >= 5


@pytest.mark.slow
@pytest.mark.one_database  # the demo is a SQLite file
def test_the_whole_year_has_its_size_and_a_plausible_story(app: Flask) -> None:
    build(NOW, 1)
    assert 45 <= count(Deployment.id) <= 47
    assert 880 <= count(Worker.id) <= 940
    assert 10_000 <= count(Event.frame_id) <= 16_000
    counties = sa.select(sa.func.count(sa.distinct(Worksite.county_fips)))
    assert (db.session.scalar(counties) or 0) >= 24
    rates = {
        mode: (complete / started, started)
        for mode, complete, started in db.session.execute(
            sa.select(
                Cohort.delivery_mode,
                sa.func.sum(sa.case((Completion.state == "complete", 1), else_=0)),
                sa.func.count(),
            )
            .join(Cohort, Cohort.id == Completion.cohort_id)
            .where(Cohort.closed_out_at.is_not(None), Completion.is_starter)
            .group_by(Cohort.delivery_mode)
        )
    }
    assert 0.82 < rates["employer_site"][0] < 0.91
    assert 0.72 < rates["rural_hub"][0] < 0.91
    assert 0.64 < rates["campus"][0] < 0.77
    assert rates["campus"][0] < rates["rural_hub"][0]
    assert min(started for _rate, started in rates.values()) >= 60
