"""What a phone brings after the close-out is told once, however often it comes."""

from __future__ import annotations

import sqlalchemy as sa

from labtracker.completion.models import Completion, LateChange
from labtracker.completion.services import refresh_cohort
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone


def test_the_same_frames_twice_are_one_change(phone: Phone, day: Day) -> None:
    refresh_cohort(day.cohort.id)
    day.cohort.closed_out_at = utc_now()
    db.session.flush()
    refresh_cohort(day.cohort.id)
    db.session.commit()
    first = day.enrollments[0]
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("session_open", day.at(-5), session=str(day.session.id))
    phone.record("check_in", day.at(0), **who)
    phone.record("check_out", day.at(120), **who)
    for _time in range(2):
        phone.upload()
    changes = {one.enrollment_id: one for one in db.session.scalars(sa.select(LateChange))}
    assert set(changes) == {one.id for one in day.enrollments}, "everybody's scheduled hours"
    assert changes[first.id].before["state"] == "no_show"
    assert changes[first.id].after["credited_minutes"] == 120
    assert db.session.get_one(Completion, first.id, populate_existing=True).state == "incomplete"
    told = changes[first.id].last_at
    phone.upload(phone.items)
    db.session.expire_all()
    assert db.session.get_one(LateChange, changes[first.id].id).last_at == told
