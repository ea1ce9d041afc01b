"""What records do to a session and its whole roster, beyond the one worker they name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import Attendance
from labtracker.checkin.services import rebuild
from labtracker.checkin.signals import events_stored
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.roster.services import enroll, re_enroll, withdraw
from tests.checkin.conftest import Day, a_cohort, a_worker
from tests.checkin.phone import Phone
from tests.checkin.test_intake import attendance


def test_a_session_that_nobody_opened_was_opened_by_its_first_arrival(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    late = phone.record("check_in", day.at(9), session=session, badge_hash=day.badges[0].badge_hash)
    phone.upload()
    db.session.refresh(day.session)
    assert day.session.opened_at == day.session.starts_at + timedelta(minutes=9)
    early = phone.record("check_in", day.at(2), session=session, badge_hash=day.badges[1].badge_hash)
    phone.upload()
    db.session.refresh(day.session)
    assert day.session.opened_at == day.session.starts_at + timedelta(minutes=2)
    phone.record("void", day.at(10), session=session, target=early)
    phone.upload()
    db.session.refresh(day.session)
    assert day.session.opened_at == day.session.starts_at + timedelta(minutes=9)
    phone.record("session_open", day.at(-5), session=session)
    phone.record("void", day.at(11), session=session, target=late)
    phone.upload()
    db.session.refresh(day.session)
    assert day.session.opened_at == day.session.starts_at - timedelta(minutes=5)


def test_the_first_session_held_freezes_the_policy(phone: Phone, day: Day) -> None:
    day.cast.welding.grace_minutes = 20
    db.session.commit()
    session = str(day.session.id)
    phone.record("check_in", day.at(15), session=session, badge_hash=day.badges[0].badge_hash)
    phone.upload()
    db.session.refresh(day.cohort)
    assert day.cohort.policy_frozen_at is not None
    assert day.cohort.grace_minutes == 20
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.flags == []
    day.cast.welding.grace_minutes = 5
    db.session.commit()
    phone.record("check_in", day.at(16), session=session, badge_hash=day.badges[1].badge_hash)
    phone.upload()
    found = attendance(day.session, day.enrollments[1])
    assert found is not None
    assert found.flags == []


def test_whoever_joins_the_roster_after_the_close_is_listed_as_absent(phone: Phone, day: Day) -> None:
    phone.record("session_close", day.at(485), session=str(day.session.id))
    phone.upload()
    worker, _badge = a_worker(day.cast, "Kai", "Soto", utc_now())
    enrollment = enroll(worker, day.cohort, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    found = attendance(day.session, enrollment)
    assert found is not None
    assert (found.status, found.scheduled_minutes) == ("absent", 450)


def test_who_leaves_before_the_day_of_a_session_that_was_closed_early_is_not_absent(
    phone: Phone, day: Day
) -> None:
    phone.record("session_close", day.at(-600), session=str(day.session.id))
    phone.upload()
    leaving = day.enrollments[0]
    assert attendance(day.session, leaving) is not None
    before = day.session.starts_at.date() - timedelta(days=1)
    withdraw(leaving, on=before, reason="moved away", now=utc_now(), today=before)
    db.session.commit()
    assert attendance(day.session, leaving) is None
    assert attendance(day.session, day.enrollments[1]) is not None
    rebuild(now=utc_now())
    db.session.commit()
    assert attendance(day.session, leaving) is None


def test_whoever_came_before_the_roster_knew_them_gets_their_minutes(phone: Phone, day: Day) -> None:
    worker, badge = a_worker(day.cast, "Mo", "Trujillo", utc_now())
    elsewhere = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    stranger, other_badge = a_worker(day.cast, "Nan", "Abeyta", utc_now())
    make_up = Enrollment(cohort_id=elsewhere.id, worker_id=stranger.id, created_at=utc_now())
    db.session.add(make_up)
    db.session.commit()
    session = str(day.session.id)
    for one in (badge, other_badge):
        phone.record("check_in", day.at(0), session=session, badge_hash=one.badge_hash)
        phone.record("check_out", day.at(480), session=session, badge_hash=one.badge_hash)
    phone.upload()
    for one in (worker, stranger):
        enrollment = enroll(one, day.cohort, actor=day.cast.cora, now=utc_now())
        db.session.commit()
        found = attendance(day.session, enrollment)
        assert found is not None
        assert (found.credited_minutes, found.scheduled_minutes, found.is_make_up) == (450, 450, False)
    assert attendance(day.session, make_up) is None
    assert db.session.get_one(Completion, make_up.id, populate_existing=True).credited_minutes == 0
    before = sorted(map(repr, db.session.execute(sa.select(Attendance.__table__))))
    rebuild(now=utc_now())
    db.session.commit()
    assert sorted(map(repr, db.session.execute(sa.select(Attendance.__table__)))) == before


def test_whoever_comes_back_onto_one_roster_has_made_up_for_it_elsewhere(phone: Phone, day: Day) -> None:
    worker, badge = a_worker(day.cast, "Mo", "Trujillo", utc_now())
    elsewhere = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    enrollment = enroll(worker, elsewhere, actor=day.cast.cora, now=utc_now())
    before = day.session.starts_at.date() - timedelta(days=1)
    withdraw(enrollment, on=before, reason="moved away", now=utc_now(), today=before)
    db.session.commit()
    session = str(day.session.id)
    phone.record("check_in", day.at(0), session=session, badge_hash=badge.badge_hash)
    phone.record("check_out", day.at(480), session=session, badge_hash=badge.badge_hash)
    phone.upload()
    assert attendance(day.session, enrollment) is None
    re_enroll(enrollment, now=utc_now())
    db.session.commit()
    found = attendance(day.session, enrollment)
    assert found is not None
    assert (found.credited_minutes, found.is_make_up) == (450, True)
    withdraw(enrollment, on=before, reason="moved away after all", now=utc_now(), today=before)
    db.session.commit()
    assert attendance(day.session, enrollment) is None
    before_rebuild = sorted(map(repr, db.session.execute(sa.select(Attendance.__table__))))
    rebuild(now=utc_now())
    db.session.commit()
    assert sorted(map(repr, db.session.execute(sa.select(Attendance.__table__)))) == before_rebuild


def test_who_is_concerned_by_what_was_recorded(phone: Phone, day: Day) -> None:
    heard: list[set[UUID]] = []

    def listen(_sender: Any, *, enrollment_ids: set[UUID], **_more: Any) -> None:
        heard.append(enrollment_ids)

    session = str(day.session.id)
    with events_stored.connected_to(listen):
        for number in range(2):
            badge = day.badges[number].badge_hash
            phone.record("check_in", day.at(number), session=session, badge_hash=badge)
            phone.upload()
        phone.record("session_close", day.at(485), session=session)
        phone.upload()
        phone.record("session_cancel", day.at(490), session=session, ended_ms=day.at(240))
        phone.upload()
    everybody = {enrollment.id for enrollment in day.enrollments}
    both = {enrollment.id for enrollment in day.enrollments[:2]}
    # It is held from the first arrival on; a second one changes nobody's minutes; closing credits who is
    # still in; an early end changes what is scheduled for all.
    assert heard == [everybody, set(), both, everybody]
