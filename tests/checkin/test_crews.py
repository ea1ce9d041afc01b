"""Crews change: what was done on one stands, who joins is judged as if always there, and a rebuild agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import Event
from labtracker.checkin.services import rebuild, record_web_event
from labtracker.completion.services import refresh_completions
from labtracker.extensions import db
from labtracker.kit.time import from_ms, utc_now
from labtracker.roster.models import Enrollment, Release
from labtracker.roster.rules.revoking import BadgeReason
from labtracker.roster.services import restore_badge, revoke_badges
from labtracker.scheduling.models import FormerCrewMember, FormerTrainer
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.services import add_to_crew, remove_from_crew
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone
from tests.checkin.test_intake import attendance, the_event
from tests.checkin.test_rebuild import state


@pytest.fixture
def tess(app: Flask, day: Day) -> Phone:
    """Tess's own phone; she is on no crew yet."""
    phone = Phone(app.test_client())
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    phone.pair(code)
    return phone


def join(day: Day, person: Person) -> None:
    add_to_crew(deployment=day.deployment, person=person, actor=day.cast.cora, now=utc_now())
    db.session.commit()


def leave(day: Day, person: Person) -> None:
    remove_from_crew(
        deployment=day.deployment, person=person, duty=Duty.TRAINER, actor=day.cast.cora, now=utc_now()
    )
    db.session.commit()


def settled() -> None:
    """What grew event by event is what a rebuild makes of it."""
    grown = state()
    rebuild(now=utc_now())
    db.session.commit()
    assert state() == grown


def status(day: Day, number: int = 0) -> str | None:
    found = attendance(day.session, day.enrollments[number])
    return found.status if found else None


def check_in(phone: Phone, day: Day, number: int = 0) -> str:
    told = phone.record(
        "check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[number].badge_hash
    )
    phone.upload()
    return told


def test_a_void_outlives_its_trainers_place_on_the_crew(phone: Phone, tess: Phone, day: Day) -> None:
    join(day, day.cast.tess)
    target = check_in(phone, day)
    tess.record("void", day.at(3), session=str(day.session.id), target=target, reason="wrong badge")
    tess.upload()
    assert status(day) == "absent"
    leave(day, day.cast.tess)
    phone.record("check_out", day.at(60), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert (found.credited_minutes, found.flags) == (0, ["missing_in"])
    settled()
    join(day, day.cast.tess)
    settled()
    leave(day, day.cast.tess)
    settled()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FormerCrewMember)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FormerTrainer)) == 2


def test_a_substitute_is_judged_as_if_always_there(phone: Phone, tess: Phone, day: Day) -> None:
    target = check_in(phone, day)
    tess.record("void", day.at(3), session=str(day.session.id), target=target, reason="wrong badge")
    check_in(tess, day, 1)
    assert the_event().flags == ["not_on_crew"]
    assert status(day) == "present"
    settled()
    join(day, day.cast.tess)
    assert the_event().flags == []
    assert status(day) == "absent"
    settled()
    leave(day, day.cast.tess)
    check_in(tess, day, 2)
    assert the_event().flags == []
    settled()


def test_voids_of_voids_and_of_a_close_follow_the_crew(phone: Phone, tess: Phone, day: Day) -> None:
    target = check_in(phone, day)
    void = phone.record("void", day.at(2), session=str(day.session.id), target=target, reason="wrong badge")
    close = phone.record("session_close", day.at(485), session=str(day.session.id))
    phone.upload()
    tess.record("void", day.at(3), target=void, reason="it was right")
    tess.record("void", day.at(490), target=close, reason="not over yet")
    tess.upload()
    assert status(day) == "absent"
    settled()
    join(day, day.cast.tess)
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert (found.status, found.is_open) == ("present", True)
    assert status(day, 1) is None
    settled()


def test_a_consent_voided_by_a_later_substitute_ends_its_release(phone: Phone, tess: Phone, day: Day) -> None:
    # The day's people were not enrolled by the service, which would have told completion of them.
    refresh_completions([enrollment.id for enrollment in day.enrollments])
    db.session.commit()
    who = {"session": str(day.session.id), "enrollment": str(day.enrollments[0].id)}
    consent = phone.record("consent", day.at(1), granted=True, **who)
    phone.upload()
    tess.record("void", day.at(2), target=consent, reason="signed the wrong sheet")
    tess.upload()
    release = db.session.scalars(sa.select(Release)).one()
    assert release.withdrawn_at is None
    join(day, day.cast.tess)
    assert db.session.scalars(sa.select(Release)).all() == []
    settled()


def test_a_coordinators_void_outlives_the_role_and_none_comes_before_it(phone: Phone, day: Day) -> None:
    first, second = check_in(phone, day), check_in(phone, day, 1)
    record_web_event(actor=day.cast.cora, now=utc_now(), body={"type": "void", "target": first})
    # Rita coordinates from tomorrow on.
    day.cast.rita.memberships.append(
        Membership(
            organization=day.cast.college, role=Role.COORDINATOR, started_at=utc_now() + timedelta(days=1)
        )
    )
    record_web_event(actor=day.cast.rita, now=utc_now(), body={"type": "void", "target": second})
    db.session.commit()
    for membership in day.cast.cora.memberships:
        membership.ended_at = utc_now()
    db.session.commit()
    assert (status(day), status(day, 1)) == ("absent", "present")
    settled()


def test_a_trainer_who_pairs_the_phone_after_recording_is_known_on_it(phone: Phone, day: Day) -> None:
    join(day, day.cast.tess)
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who, by=str(day.cast.tess.id))
    phone.upload()
    assert the_event().flags == ["unknown_trainer"]
    settled()
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    phone.pair(code)
    assert the_event().flags == []
    settled()


def test_a_badge_revoked_after_its_scan_does_not_flag_it(phone: Phone, day: Day) -> None:
    check_in(phone, day)
    day.badges[0].revoked_at = day.session.starts_at + timedelta(minutes=30)
    db.session.commit()
    settled()
    assert the_event().flags == []
    badge = day.badges[0].badge_hash
    phone.record("check_out", day.at(40), session=str(day.session.id), badge_hash=badge)
    phone.upload()
    assert the_event().flags == ["revoked_badge"]
    settled()
    assert db.session.get(Enrollment, day.enrollments[0].id) is not None


def test_a_badge_brought_back_stays_flagged_for_the_time_between(phone: Phone, day: Day) -> None:
    worker, session = day.enrollments[0].worker, str(day.session.id)
    badge = day.badges[0]
    before = phone.pack()
    revoke_badges(worker, reason=BadgeReason.LOST, actor=day.cast.cora, now=from_ms(day.at(10)))
    db.session.commit()
    gone = phone.pack(epoch=before["epoch"], cursor=before["cursor"])
    assert gone["revoked"] == [badge.badge_hash]
    assert [one["badge_hash"] for one in gone["enrollments"]] == [None]
    restore_badge(badge, actor=day.cast.cora, now=from_ms(day.at(30)))
    db.session.commit()
    back = phone.pack(epoch=before["epoch"], cursor=gone["cursor"])
    assert back["revoked"] == []
    assert [one["badge_hash"] for one in back["enrollments"]] == [badge.badge_hash]
    for minute in (5, 15, 35):
        phone.record("check_in", day.at(minute), session=session, badge_hash=badge.badge_hash)
    phone.upload()
    events = db.session.scalars(sa.select(Event).order_by(Event.frame_id)).all()
    assert ["revoked_badge" in one.flags for one in events] == [False, True, False]
    settled()
