"""A walk-in is recognised as somebody known: records count there as in a rebuild, until it is undone."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.services.correcting import correct_attendance
from labtracker.completion.models import Completion
from labtracker.completion.services import refresh_completions
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import from_ms, utc_now
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.queries import standing_release
from labtracker.roster.services import merge_walk_in, settle_walk_in, undo_merge
from labtracker.roster.services.badges import issue_badge, reissue_badge
from tests.checkin.conftest import Day, a_cohort, a_session, a_worker
from tests.checkin.phone import Phone
from tests.checkin.test_crews import settled

WALK_IN = uuid7()


def told() -> dict[str, str]:
    return {"id": str(WALK_IN), "name": "Anna Ruis", "employer": "Steel Works"}


@pytest.fixture
def came(phone: Phone, day: Day) -> Worker:
    """Anna Ruis, on no list, came at the start and left after a hundred minutes."""
    refresh_completions([one.id for one in day.enrollments])
    db.session.commit()
    session = str(day.session.id)
    phone.record("walk_in", day.at(0), session=session, walk_in=told(), method="manual")
    phone.record("check_out", day.at(100), session=session, walk_in=told(), method="manual")
    phone.upload()
    return db.session.get_one(Worker, WALK_IN)


def merge(walk_in: Worker, worker: Worker, day: Day) -> WorkerMerge:
    merged = merge_walk_in(walk_in, worker, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    return merged


def undo(merged: WorkerMerge, day: Day) -> None:
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    db.session.commit()


def enrollments_of(worker_id: UUID) -> list[Enrollment]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Enrollment).where(Enrollment.worker_id == worker_id)))


def minutes(day: Day) -> dict[UUID, int]:
    """Credited minutes in the session by worker."""
    db.session.expire_all()
    rows = db.session.execute(
        sa.select(Enrollment.worker_id, Attendance.credited_minutes)
        .join(Attendance, Attendance.enrollment_id == Enrollment.id)
        .where(Attendance.session_id == day.session.id)
    )
    return {row[0]: row[1] for row in rows}


def counted(worker_id: UUID) -> list[bool]:
    return [db.session.get_one(Completion, one.id).is_counted for one in enrollments_of(worker_id)]


def test_records_count_for_the_worker_and_go_back_when_undone(came: Worker, day: Day) -> None:
    ana = day.enrollments[0].worker
    assert minutes(day) == {WALK_IN: 100}
    merged = merge(came, ana, day)
    assert minutes(day) == {ana.id: 100}
    assert counted(WALK_IN) == [False]
    assert db.session.get_one(Completion, day.enrollments[0].id).credited_minutes == 100
    settled()
    undo(merged, day)
    assert minutes(day) == {WALK_IN: 100}
    assert counted(WALK_IN) == [True]
    assert [(one.status, one.withdrawn_on) for one in enrollments_of(WALK_IN)] == [("enrolled", None)]
    assert db.session.get_one(Completion, day.enrollments[0].id).credited_minutes == 0
    settled()


def test_a_closed_session_misses_the_worker_once_not_twice(came: Worker, phone: Phone, day: Day) -> None:
    phone.record("session_close", day.at(485), session=str(day.session.id))
    later = a_session(day.cohort, day.deployment, day.session.ends_at)
    db.session.commit()
    phone.record("session_close", day.at(490), session=str(later.id))
    phone.upload()
    settled()
    absent = sa.select(sa.func.count()).where(Attendance.session_id == later.id)
    assert db.session.scalar(absent) == 7
    merged = merge(came, day.enrollments[0].worker, day)
    assert db.session.scalar(absent) == 6
    settled()
    undo(merged, day)
    assert db.session.scalar(absent) == 7
    settled()


def test_an_enrollment_goes_over_to_a_worker_who_had_none(came: Worker, day: Day) -> None:
    worker, _badge = a_worker(day.cast, "Ana", "Ruis", utc_now())
    db.session.commit()
    merged = merge(came, worker, day)
    assert minutes(day) == {worker.id: 100}
    assert enrollments_of(WALK_IN) == []
    assert counted(worker.id) == [True]
    settled()
    undo(merged, day)
    assert minutes(day) == {WALK_IN: 100}
    assert enrollments_of(worker.id) == []
    settled()


def test_what_was_corrected_or_judged_for_the_walk_in_follows(came: Worker, phone: Phone, day: Day) -> None:
    theirs = enrollments_of(WALK_IN)[0]
    correct_attendance(
        day.session,
        theirs,
        kind="check_in",
        at=from_ms(day.at(110)),
        reason="Came back from the gate",
        actor=day.cast.cora,
        now=utc_now(),
    )
    phone.record("check_out", day.at(130), session=str(day.session.id), enrollment=str(theirs.id))
    phone.record("assessment", day.at(135), enrollment=str(theirs.id), score=91)
    phone.upload()
    assert minutes(day) == {WALK_IN: 120}
    merged = merge(came, day.enrollments[0].worker, day)
    assert minutes(day) == {day.enrollments[0].worker_id: 120}
    assert db.session.get_one(Completion, day.enrollments[0].id).score == 91
    settled()
    undo(merged, day)
    assert db.session.get_one(Completion, day.enrollments[0].id).score is None
    assert minutes(day) == {WALK_IN: 120}
    settled()


def test_a_release_is_the_workers_while_merged(came: Worker, phone: Phone, day: Day) -> None:
    phone.record("consent", day.at(3), session=str(day.session.id), walk_in=told(), granted=True)
    phone.upload()
    ana = day.enrollments[0].worker
    assert standing_release(came) is not None
    merged = merge(came, ana, day)
    assert standing_release(ana) is not None
    assert standing_release(came) is None
    settled()
    undo(merged, day)
    assert standing_release(ana) is None
    assert standing_release(came) is not None
    settled()


def test_what_arrives_later_counts_for_the_worker(came: Worker, phone: Phone, day: Day) -> None:
    ana = day.enrollments[0].worker
    merge(came, ana, day)
    other = a_cohort(day.cast.wiring, day.cast.steel_site, "Wiring", utc_now())
    elsewhere = a_session(other, day.deployment, day.session.starts_at)
    db.session.commit()
    phone.record("check_in", day.at(110), session=str(day.session.id), walk_in=told())
    phone.record("check_out", day.at(130), session=str(day.session.id), walk_in=told())
    phone.record("walk_in", day.at(131), session=str(elsewhere.id), walk_in=told())
    phone.upload()
    assert minutes(day) == {ana.id: 120}
    assert {one.cohort_id for one in enrollments_of(ana.id)} == {day.cohort.id, other.id}
    assert len(enrollments_of(WALK_IN)) == 1
    assert {*db.session.scalars(sa.select(Event.worker_id))} == {ana.id}
    settled()


def test_phones_know_the_worker_by_the_walk_ins_id(came: Worker, phone: Phone, day: Day) -> None:
    pack = phone.pack()
    place = {"epoch": pack["epoch"], "cursor": pack["cursor"]}
    own, ana = str(enrollments_of(WALK_IN)[0].id), str(day.enrollments[0].id)
    assert {one["id"]: one.get("walk_ins") for one in pack["enrollments"]}[own] == [str(WALK_IN)]
    merged = merge(came, day.enrollments[0].worker, day)
    after = phone.pack(**place)
    assert {one["id"]: one.get("walk_ins") for one in after["enrollments"]} == {ana: [str(WALK_IN)]}
    assert after["gone"] == [own]
    whole = {one["id"]: one.get("walk_ins") for one in phone.pack()["enrollments"]}
    assert own not in whole
    assert whole[ana] == [str(WALK_IN)]
    undo(merged, day)
    back = phone.pack(epoch=pack["epoch"], cursor=after["cursor"])
    assert {one["id"]: one.get("walk_ins") for one in back["enrollments"]} == {
        own: [str(WALK_IN)],
        ana: None,
    }
    assert back["gone"] == []


def test_phones_know_the_worker_by_the_badge_printed_for_the_walk_in(
    came: Worker, phone: Phone, day: Day
) -> None:
    printed = issue_badge(came, now=utc_now())
    db.session.commit()
    own, ana = str(enrollments_of(WALK_IN)[0].id), str(day.enrollments[0].id)
    pack = phone.pack()
    assert {one["id"]: one["badge_hash"] for one in pack["enrollments"]}[own] == printed.badge_hash
    merged = merge(came, day.enrollments[0].worker, day)
    (row,) = phone.pack(epoch=pack["epoch"], cursor=pack["cursor"])["enrollments"]
    assert row["id"] == ana
    assert row["badge_hash"] == day.badges[0].badge_hash
    assert row["other_badges"] == [printed.badge_hash]
    undo(merged, day)
    assert all("other_badges" not in one for one in phone.pack()["enrollments"])


@pytest.mark.parametrize("moves", [False, True], ids=["enrolled already", "enrollment goes over"])
def test_a_walk_ins_badge_that_is_revoked_later_is_so_everywhere(
    came: Worker, phone: Phone, day: Day, moves: bool
) -> None:
    printed = issue_badge(came, now=utc_now())
    known = a_worker(day.cast, "Ana", "Ruis", utc_now())[0] if moves else day.enrollments[0].worker
    db.session.commit()
    merge(came, known, day)
    pack = phone.pack()
    assert [printed.badge_hash] in [one.get("other_badges") for one in pack["enrollments"]]
    # Whoever lost a badge gets a new one, and nothing that was printed before finds them any more.
    fresh = reissue_badge(known, now=from_ms(day.at(200)), actor=day.cast.cora)
    db.session.commit()
    changes = phone.pack(epoch=pack["epoch"], cursor=pack["cursor"])
    assert printed.badge_hash in changes["revoked"]
    (row,) = changes["enrollments"]
    assert (row["badge_hash"], "other_badges" in row) == (fresh.badge_hash, False)
    assert printed.badge_hash in phone.pack()["revoked"]
    scan = {"session": str(day.session.id), "badge_hash": printed.badge_hash}
    phone.record("check_in", day.at(150), **scan)
    phone.record("check_out", day.at(210), **scan)
    phone.upload()
    before, after = db.session.scalars(sa.select(Event).order_by(Event.frame_id.desc()).limit(2)).all()[::-1]
    assert ("revoked_badge" in before.flags, "revoked_badge" in after.flags) == (False, True)
    settled()


def test_merges_that_cannot_be_are_refused(came: Worker, phone: Phone, day: Day) -> None:
    ana, bo = day.enrollments[0].worker, day.enrollments[1].worker
    session, second = str(day.session.id), uuid7()
    phone.record("walk_in", day.at(0), session=session, walk_in={**told(), "id": str(second)})
    phone.upload()
    other = db.session.get_one(Worker, second)

    def code(walk_in: Worker, worker: Worker, actor: object = day.cast.cora) -> str:
        with pytest.raises(DomainError) as refused:
            merge_walk_in(walk_in, worker, actor=actor, now=utc_now())  # type: ignore[arg-type]
        db.session.rollback()
        return refused.value.code

    assert code(came, ana, day.cast.tom) == "not_a_coordinator"
    assert code(ana, bo) == "not_a_walk_in"
    assert code(came, came) == "not_a_known_worker"
    assert code(came, other) == "not_a_known_worker"
    settle_walk_in(other, actor=day.cast.cora, now=utc_now())
    merged = merge(came, other, day)
    assert code(came, ana) == "not_a_walk_in"
    assert code(other, ana) == "not_a_walk_in"
    undo(merged, day)
    with pytest.raises(DomainError) as refused:
        undo_merge(merged, actor=day.cast.cora, now=utc_now())
    assert refused.value.code == "undone_already"
    day.cohort.closed_out_at = utc_now()
    db.session.commit()
    assert code(came, ana) == "cohort_closed"
    assert minutes(day)[WALK_IN] == 100
