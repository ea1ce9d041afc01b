"""A rebuild from the inbox equals what grew upload by upload, for any stream in any order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labtracker.checkin.models import Attendance, Event, InboxFrame, Watermark
from labtracker.checkin.services import rebuild
from labtracker.completion.models import Completion
from labtracker.completion.services import refresh_completions
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import from_ms, local_day, utc_now
from labtracker.roster.models import Badge, Enrollment, Release, Worker
from labtracker.roster.services import withdraw
from labtracker.scheduling.models import Session
from labtracker.scheduling.queries.proposals import closed_days_at
from labtracker.scheduling.services import add_session, move_session
from tests.checkin.conftest import Day, a_cohort, a_session
from tests.checkin.phone import Phone

KINDS = (
    "check_in",
    "check_in",
    "check_out",
    "check_out",
    "excuse",
    "void",
    "void",
    "session_open",
    "session_close",
    "session_reopen",
    "session_cancel",
    "consent",
    "walk_in",
    "assessment",
    "note",
    "mystery",
)
WALK_INS = [str(uuid7()) for _ in range(2)]

steps = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 5),  # who, or what is voided
        st.integers(-70, 560),  # minutes
        st.sampled_from(["own", "own", "own", "other", "none", "unknown"]),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=25,
)


def rows(model: Any, *left_out: str) -> list[tuple[Any, ...]]:
    columns = [column for column in model.__table__.c if column.name not in left_out]
    return sorted((told_apart(row) for row in db.session.execute(sa.select(*columns))), key=repr)


def told_apart(row: Any) -> tuple[str, ...]:
    """A row's values; enrollments that the intake made are named by worker and cohort, not by their id."""
    names = {
        enrollment_id: f"{worker_id} in {cohort_id}"
        for enrollment_id, worker_id, cohort_id in db.session.execute(
            sa.select(Enrollment.id, Enrollment.worker_id, Enrollment.cohort_id)
        )
    }
    return tuple(names.get(value, repr(value)) if isinstance(value, UUID) else repr(value) for value in row)


def state() -> dict[str, Any]:
    """Everything that is derived from the inbox, without the numbers that rows happen to have."""
    frames = db.session.execute(sa.select(InboxFrame.id, InboxFrame.hash))
    hashes = {row.id: bytes(row.hash).hex() for row in frames}
    events = sorted(
        (hashes[row.frame_id], *told_apart(row[1:])) for row in db.session.execute(sa.select(Event.__table__))
    )
    return {
        "events": events,
        "attendance": rows(Attendance),
        "completions": rows(Completion),
        "sessions": rows(Session, "version", "stamp", "changed_at"),
        "releases": rows(Release, "id"),
        "workers": rows(Worker, "stamp", "created_at"),
    }


def told(phone: Phone, day: Day, other: Any, stream: list[tuple[Any, ...]]) -> None:
    """Turn the steps into records of the phone."""
    ids: list[str] = []
    for kind, number, minute, where, flag, extra in stream:
        session = {"own": day.session.id, "other": other.id, "none": None, "unknown": phone.device}[where]
        more: dict[str, Any] = {"session": str(session) if session else None, "not_enrolled": extra == 0}
        who = (
            {"badge_hash": day.badges[number].badge_hash}
            if flag
            else {"enrollment": str(day.enrollments[number].id)}
        )
        if kind == "void":
            more["target"] = ids[(number * 7 + extra) % len(ids)] if ids else str(uuid7())
        elif kind == "walk_in":
            more["walk_in"] = {"id": WALK_INS[number % 2], "name": "Walker In", "employer": "Steel Works"}
        elif kind == "session_cancel":
            more["ended_ms"] = day.at(minute)
        elif not kind.startswith("session"):
            more |= who
        if kind == "consent":
            more["granted"] = flag
        if kind == "assessment":
            more["score"] = minute % 101
        # A release given in the future counts from the moment we hear of it, which is another each time.
        body = phone.body(kind, day.at(min(minute, 200) if kind == "consent" else minute), **more)
        if extra == 9 and ids:
            body["id"] = ids[-1]
        ids.append(body["id"])
        phone.append(body)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, st.randoms(use_true_random=False), st.integers(1, 6))
def test_rebuilt_is_incremental_and_order_never_matters(  # type: ignore[no-untyped-def]
    app: Flask, day: Day, phone: Phone, stream, chance, size
) -> None:
    other = db.session.scalars(sa.select(Session).where(Session.id != day.session.id)).first()
    if other is None:
        cohort = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
        other = a_session(cohort, day.deployment, day.session.starts_at)
        db.session.commit()
    _forget()
    phone.items, phone.last_hash = [], "0" * 64
    told(phone, day, other, stream)
    # First upload everything at once, in order; then, elsewhere in time, shuffled and in pieces.
    phone.upload()
    at_once = state()
    rebuild(now=utc_now())
    db.session.commit()
    assert state() == at_once
    _forget()
    pieces = [*phone.items, *chance.choices(phone.items, k=len(phone.items) // 2)] if phone.items else []
    chance.shuffle(pieces)
    for first in range(0, len(pieces), size):
        phone.upload(pieces[first : first + size])
    assert state() == at_once
    rebuild(now=utc_now())
    db.session.commit()
    assert state() == at_once


def test_what_fitted_no_session_finds_it_once_the_walk_in_is_known(phone: Phone, day: Day) -> None:
    told_first = [("walk_in", 0, 30, "own", True, 0), ("walk_in", 0, 60, "none", False, 0)]
    told(phone, day, day.session, told_first)
    phone.upload()
    at_once = state()
    assert len(at_once["events"]) == 2
    _forget()
    for item in reversed(phone.items):
        phone.upload([item])
    assert state() == at_once
    assert db.session.scalar(sa.select(sa.func.count()).where(InboxFrame.resolved_at.is_not(None))) == 1


def _forget() -> None:
    """Empty the inbox and all that follows from it."""
    db.session.rollback()
    for model in (Attendance, Event, InboxFrame, Watermark, Release):
        db.session.execute(sa.delete(model))
    walkers = sa.select(Worker.id).where(Worker.is_walk_in)
    db.session.execute(sa.delete(Badge).where(Badge.worker_id.in_(walkers)))
    db.session.execute(sa.delete(Completion))
    db.session.execute(sa.delete(Enrollment).where(Enrollment.worker_id.in_(walkers)))
    db.session.execute(sa.delete(Worker).where(Worker.is_walk_in))
    db.session.execute(sa.update(Session).values(opened_at=None, closed_at=None, ended_early_at=None))
    refresh_completions(db.session.scalars(sa.select(Enrollment.id)).all())
    db.session.commit()
    db.session.expire_all()


def test_who_leaves_a_cohort_later_keeps_what_was_recorded_without_a_session(phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    before = rows(Event)
    assert db.session.scalar(sa.select(Event.session_id)) == day.session.id
    leaving = db.session.get_one(Enrollment, day.enrollments[0].id)
    today = utc_now().date()
    withdraw(leaving, on=today, reason="moved away", now=utc_now(), today=today)
    left = rows(Attendance)
    rebuild(now=utc_now())
    assert (rows(Event), rows(Attendance)) == (before, left)


def test_who_is_withdrawn_from_an_earlier_day_on_keeps_what_was_recorded_without_a_session(
    phone: Phone, day: Day
) -> None:
    phone.record("check_in", day.at(0), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    before = rows(Event)
    leaving = db.session.get_one(Enrollment, day.enrollments[0].id)
    earlier = day.session.starts_at.date() - timedelta(days=3)
    withdraw(leaving, on=earlier, reason="moved away", now=utc_now(), today=earlier)
    assert rows(Event) == before
    left = rows(Attendance)
    rebuild(now=utc_now())
    assert (rows(Event), rows(Attendance)) == (before, left)


def a_working_day(day: Day, direction: int) -> int:
    """Minutes from the session's start to that hour of the nearest working day before (-1) or after (1)."""
    site = day.session.cohort.worksite
    closed = closed_days_at(site, day.session.starts_at.date())
    days = (direction * ahead * 24 * 60 for ahead in range(1, 9))
    return next(start for start in days if local_day(from_ms(day.at(start)), site.zone) not in closed)


def test_a_session_that_came_late_to_the_calendar_is_what_was_meant(phone: Phone, day: Day) -> None:
    day_before = day.at(a_working_day(day, -1))
    phone.record("check_in", day_before + 60_000, badge_hash=day.badges[0].badge_hash)
    phone.record("check_out", day_before + 120 * 60_000, badge_hash=day.badges[0].badge_hash)
    phone.upload()
    assert rows(Event) == []
    late = add_session(
        cohort=day.session.cohort,
        starts_at=from_ms(day_before),
        ends_at=from_ms(day_before + 240 * 60_000),
        break_minutes=0,
        trainers=[],
        actor=day.cast.cora,
        now=utc_now(),
    )
    assert {*db.session.scalars(sa.select(Event.session_id))} == {late.id}
    assert db.session.scalar(sa.select(Attendance.credited_minutes)) == 120
    before = state()
    rebuild(now=utc_now())
    assert state() == before


def test_a_session_that_moves_takes_and_leaves_what_named_none(phone: Phone, day: Day) -> None:
    before, after = a_working_day(day, -1), a_working_day(day, 1)
    early = add_session(
        cohort=day.session.cohort,
        starts_at=from_ms(day.at(after)),
        ends_at=from_ms(day.at(after + 120)),
        break_minutes=0,
        trainers=[],
        actor=day.cast.cora,
        now=utc_now(),
    )
    db.session.commit()
    phone.record("check_in", day.at(before + 1), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    assert rows(Event) == []
    move_session(
        session=db.session.get_one(Session, early.id),
        starts_at=from_ms(day.at(before)),
        ends_at=from_ms(day.at(before + 120)),
        break_minutes=0,
        actor=day.cast.cora,
        now=utc_now(),
    )
    assert {*db.session.scalars(sa.select(Event.session_id))} == {early.id}
    placed = state()
    rebuild(now=utc_now())
    assert state() == placed


def test_what_an_older_version_could_not_read_counts_after_the_upgrade(phone: Phone, day: Day) -> None:
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who)
    phone.record("check_out", day.at(480), **who)
    phone.upload()
    # What the version before, which knew no check_out, had left behind.
    second = db.session.scalars(sa.select(InboxFrame).where(InboxFrame.seq == 2)).one()
    second.verdict, second.code = "quarantined", "unknown_schema"
    db.session.execute(sa.delete(Event).where(Event.frame_id == second.id))
    db.session.commit()
    rebuild(now=utc_now())
    db.session.commit()
    found = db.session.get_one(Attendance, (day.session.id, day.enrollments[0].id), populate_existing=True)
    assert found.credited_minutes == 450
    db.session.refresh(second)
    assert second.resolved_at is not None
