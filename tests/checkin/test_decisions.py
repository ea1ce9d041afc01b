"""What coordinators decide about frames: it counts at once, a rebuild honours it, and it can be undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import AuditEntry
from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import Attendance, Event, FrameDecision, InboxFrame
from labtracker.checkin.queries import quarantine
from labtracker.checkin.services import rebuild
from labtracker.checkin.services.deciding import decide
from labtracker.completion.services import refresh_completions
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Session
from tests.checkin.conftest import Day, a_cohort, a_session, a_worker
from tests.checkin.phone import Phone
from tests.checkin.test_crews import settled
from tests.checkin.test_intake import attendance, shut_out


def waiting() -> list[InboxFrame]:
    db.session.expire_all()
    return list(db.session.scalars(quarantine.set_aside()))


def nobodys() -> list[InboxFrame]:
    db.session.expire_all()
    return list(db.session.scalars(quarantine.nobodys()))


def say(
    day: Day,
    frame: InboxFrame,
    kind: str,
    session: Session | None = None,
    enrollment: Enrollment | None = None,
    reason: str = "Tom was asked",
) -> None:
    log = quarantine.decision_log(frame)
    decide(
        frame,
        kind=kind,
        reason=reason,
        actor=day.cast.cora,
        now=utc_now(),
        session=session,
        enrollment=enrollment,
        seen=log[0][0].id if log else 0,
    )
    db.session.commit()


def minutes(day: Day, number: int) -> int | None:
    found = attendance(day.session, day.enrollments[number])
    return found.credited_minutes if found else None


@pytest.fixture
def shut(phone: Phone, day: Day) -> Phone:
    """Ana came before Tom's phone was revoked; her leave and a walk-in arrived after."""
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who)
    phone.upload()
    shut_out(phone, day)
    phone.record("check_out", day.at(100), **who)
    phone.record(
        "walk_in", day.at(1), session=who["session"], walk_in={"id": str(uuid7()), "name": "Wanda Walker"}
    )
    phone.upload()
    return phone


def test_what_a_revoked_phone_brought_counts_once_accepted(shut: Phone, day: Day) -> None:
    leave, walk_in = waiting()
    assert minutes(day, 0) == 0
    say(day, leave, "accept")
    assert minutes(day, 0) == 100
    assert [frame.id for frame in waiting()] == [walk_in.id]
    settled()
    say(day, walk_in, "accept")
    worker = db.session.scalars(sa.select(Worker).where(Worker.is_walk_in)).one()
    assert worker.name == "Wanda Walker"
    settled()
    say(day, leave, "reopen")
    assert minutes(day, 0) == 0
    assert [frame.id for frame in waiting()] == [leave.id]
    settled()
    kinds = db.session.scalars(sa.select(FrameDecision.kind).order_by(FrameDecision.id)).all()
    assert kinds == ["accept", "accept", "reopen"]
    trail = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in trail][-3:] == ["frame_accepted", "frame_accepted", "frame_reopened"]
    assert trail[-1].detail == {"frame": leave.id, "code": "device_revoked"}


def test_a_void_that_is_accepted_takes_back_and_gives_back_when_reopened(phone: Phone, day: Day) -> None:
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    target = phone.record("check_in", day.at(0), **who)
    phone.record("check_out", day.at(100), **who)
    phone.upload()
    shut_out(phone, day)
    phone.record("void", day.at(101), session=who["session"], target=target, reason="wrong badge")
    phone.upload()
    (void,) = waiting()
    say(day, void, "accept")
    assert minutes(day, 0) == 0
    settled()
    say(day, void, "reopen")
    assert minutes(day, 0) == 100
    settled()


def test_a_relay_that_proved_nothing_counts_once_accepted_and_only_once(
    app: Flask, phone: Phone, day: Day
) -> None:
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    carrier = Phone(app.test_client())
    carrier.pair(code)
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who)
    phone.record("check_out", day.at(100), **who)
    carrier.post(phone.envelope(seal=None))
    come, gone = waiting()
    say(day, come, "accept")
    say(day, gone, "assign", day.session, day.enrollments[1])
    assert (minutes(day, 0), minutes(day, 1)) == (0, 0)
    settled()
    # The phone itself comes in with the same bytes: they count once, and as was decided.
    phone.upload()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 4
    assert (minutes(day, 0), minutes(day, 1)) == (0, 0)
    assert waiting() == []
    settled()
    say(day, gone, "reopen")
    assert minutes(day, 0) == 100
    assert attendance(day.session, day.enrollments[1]) is None
    settled()


def test_an_unknown_badge_is_somebodys_once_assigned(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    phone.record("check_in", day.at(0), session=session, badge_hash="ab" * 32, not_enrolled=True)
    phone.record("session_close", day.at(480), session=session)
    phone.upload()
    (frame,) = nobodys()
    assert minutes(day, 2) == 0
    say(day, frame, "assign", day.session, day.enrollments[2])
    assert minutes(day, 2) == 450
    assert nobodys() == []
    settled()
    say(day, frame, "reopen")
    assert minutes(day, 2) == 0
    settled()
    say(day, frame, "dismiss", reason="A visitor's card")
    assert nobodys() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2
    settled()


def test_a_scan_for_no_session_counts_in_the_one_that_is_chosen(phone: Phone, day: Day) -> None:
    stranger = str(uuid7())
    phone.record("check_in", day.at(0), session=stranger, badge_hash=day.badges[0].badge_hash)
    phone.record("session_close", day.at(480), session=stranger)
    phone.upload()
    come, close = waiting()
    say(day, come, "assign", day.session)
    say(day, close, "assign", day.session)
    assert minutes(day, 0) == 450
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 6
    settled()
    say(day, close, "reopen")
    db.session.refresh(day.session)
    assert day.session.closed_at is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 1
    settled()


def test_an_arrival_moves_to_the_session_where_it_happened(phone: Phone, day: Day) -> None:
    other = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    elsewhere = a_session(other, day.deployment, day.session.starts_at)
    worker, _badge = a_worker(day.cast, "Lou", "Vega", utc_now())
    enrollment = Enrollment(cohort_id=other.id, worker_id=worker.id, created_at=utc_now())
    db.session.add(enrollment)
    db.session.flush()
    refresh_completions([one.id for one in (*day.enrollments, enrollment)])
    db.session.commit()
    phone.record("check_in", day.at(3), session=str(day.session.id), badge_hash="cd" * 32)
    phone.upload()
    (frame,) = nobodys()
    say(day, frame, "assign", elsewhere, enrollment)
    found = attendance(elsewhere, enrollment)
    assert found is not None
    assert found.is_open
    db.session.refresh(elsewhere)
    assert elsewhere.opened_at == elsewhere.starts_at + timedelta(minutes=3)
    settled()


def test_what_was_dismissed_stays_out_of_a_rebuild(phone: Phone, day: Day) -> None:
    phone.append(b"{not json")
    phone.upload()
    (frame,) = waiting()
    say(day, frame, "dismiss", reason="Nobody remembers it")
    assert waiting() == []
    rebuild(now=utc_now())
    db.session.commit()
    assert waiting() == []
    assert bytes(db.session.get_one(InboxFrame, frame.id).raw).endswith(b"{not json")


def test_decisions_that_cannot_be_are_refused(shut: Phone, day: Day) -> None:
    leave, _walk_in = waiting()
    other = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    session = a_session(other, None, day.session.starts_at)
    db.session.commit()

    def code(**asked: object) -> str:
        told = {"kind": "dismiss", "reason": "why", "actor": day.cast.cora, "now": utc_now(), **asked}
        with pytest.raises(DomainError) as refused:
            decide(leave, **told)  # type: ignore[arg-type]
        db.session.rollback()
        return refused.value.code

    assert code(actor=day.cast.tom) == "not_a_coordinator"
    assert code(reason="  ") == "reason_missing"
    assert code(seen=7) == "decided_meanwhile"
    assert code(kind="reopen") == "not_possible"
    assert code(kind="burn") == "not_possible"
    assert code(kind="assign") == "session_missing"
    assert code(kind="assign", session=session, enrollment=day.enrollments[0]) == "worker_elsewhere"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FrameDecision)) == 0


def test_a_damaged_copy_leaves_the_list_when_the_true_one_comes(phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    good = phone.items[0]
    phone.upload([{**good, "frame": good["frame"][:-8] + "AAAAAAAA", "damaged": True}])
    (frame,) = waiting()
    assert frame.code == "damaged_frame"
    phone.upload([good])
    assert waiting() == []
