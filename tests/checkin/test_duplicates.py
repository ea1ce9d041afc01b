"""Two known workers are one person: all follows, phones know them, and they come apart item by item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.checkin.models import Event, FrameDecision, InboxFrame
from labtracker.checkin.queries.separating import Whose, items_since
from labtracker.checkin.services.separating import separate
from labtracker.completion.models import Completion, CompletionOverride
from labtracker.completion.services import refresh_completions
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now
from labtracker.roster.models import Badge, Enrollment, Release, Worker, WorkerMerge
from labtracker.roster.queries import standing_release
from labtracker.roster.services import (
    Taken,
    enroll,
    link_workers,
    merge_duplicates,
    merge_walk_in,
    record_release,
    reissue_badge,
    undo_merge,
)
from tests.checkin.conftest import Day, a_cohort, a_session, a_worker
from tests.checkin.phone import Phone
from tests.checkin.test_crews import settled
from tests.checkin.test_merging import enrollments_of, minutes


@pytest.fixture
def twin(day: Day) -> tuple[Worker, Badge]:
    """Anna Ruiz of the same employer, with a badge of her own."""
    worker, badge = a_worker(day.cast, "Anna", "Ruiz", utc_now())
    worker.email, worker.hired_on = "ana@steelworks.example", utc_now().date()
    refresh_completions([one.id for one in day.enrollments])
    db.session.commit()
    return worker, badge


def enrolled(worker: Worker, day: Day) -> Enrollment:
    """The worker is on the same roster, so the person is on it twice."""
    enrollment = enroll(worker, day.cohort, now=utc_now())
    db.session.commit()
    return enrollment


def merge(merged: Worker, worker: Worker, day: Day, **more: Any) -> WorkerMerge:
    taken = more.pop("taken", Taken())
    made = merge_duplicates(merged, worker, taken=taken, actor=day.cast.cora, now=utc_now(), **more)
    db.session.commit()
    return made


def came(phone: Phone, day: Day, first: float, last: float, **who: Any) -> None:
    phone.record("check_in", day.at(first), session=str(day.session.id), **who)
    phone.record("check_out", day.at(last), session=str(day.session.id), **who)


def test_both_badges_and_both_enrollments_count_for_one_and_go_back(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana, second = day.enrollments[0].worker, enrolled(anna, day)
    came(phone, day, 0, 60, badge_hash=badge.badge_hash, enrollment=str(second.id))
    came(phone, day, 70, 100, badge_hash=day.badges[0].badge_hash, enrollment=str(day.enrollments[0].id))
    phone.record("assessment", day.at(101), enrollment=str(second.id), score=91)
    phone.upload()
    made = CompletionOverride(
        enrollment_id=second.id,
        complete=True,
        reason="Knew it",
        decided_by_id=day.cast.cora.id,
        decided_at=utc_now(),
    )
    db.session.add(made)
    db.session.commit()
    assert minutes(day) == {anna.id: 60, ana.id: 30}
    merged = merge(anna, ana, day)
    assert minutes(day) == {ana.id: 90}
    completion = db.session.get_one(Completion, day.enrollments[0].id)
    assert completion.score == 91
    assert (completion.overridden, completion.state) == (True, "complete")
    assert db.session.get_one(Completion, second.id).is_counted is False
    settled()
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert minutes(day) == {anna.id: 60, ana.id: 30}
    assert db.session.get_one(Completion, second.id).overridden is True
    assert db.session.get_one(Completion, day.enrollments[0].id).score is None
    settled()


def test_a_phone_that_was_offline_for_a_week_still_knows_the_other_record(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana, second = day.enrollments[0].worker, enrolled(anna, day)
    pack = phone.pack()
    assert str(second.id) in {one["id"] for one in pack["enrollments"]}
    came(phone, day, 0, 40, badge_hash=badge.badge_hash, enrollment=str(second.id))
    phone.record("check_in", day.at(50), session=str(day.session.id), enrollment=str(second.id))
    merge(anna, ana, day)
    phone.upload()
    phone.record("check_out", day.at(80), session=str(day.session.id), badge_hash=badge.badge_hash)
    phone.upload()
    assert minutes(day) == {ana.id: 70}
    changes = phone.pack(epoch=pack["epoch"], cursor=pack["cursor"])
    (row,) = changes["enrollments"]
    assert changes["gone"] == [str(second.id)]
    assert row["id"] == str(day.enrollments[0].id)
    assert row["other_badges"] == [badge.badge_hash]
    assert row["other_enrollments"] == [str(second.id)]
    assert phone.pack()["enrollments"].count(row) == 1
    settled()


def test_facts_are_taken_one_by_one_and_put_back_unless_changed_since(
    day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, _badge = twin
    ana, second = day.enrollments[0].worker, enrolled(anna, day)
    day.enrollments[0].status, day.enrollments[0].withdrawn_on = "withdrawn", utc_now().date()
    ana.archived_at = utc_now()
    db.session.commit()
    merged = merge(anna, ana, day, taken=Taken({"name", "email", "hired_on"}, [day.cohort.id]))
    assert (ana.name, ana.email, ana.hired_on) == ("Anna Ruiz", anna.email, anna.hired_on)
    assert day.enrollments[0].status == "enrolled"
    assert ana.archived_at is None
    ana.given_name = "Anita"
    db.session.commit()
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert (ana.name, ana.email, ana.hired_on) == ("Anita Ruiz", None, None)
    assert (day.enrollments[0].status, second.status) == ("withdrawn", "enrolled")
    assert db.session.get_one(Worker, ana.id).archived_at is not None


def test_whoever_was_recognised_follows_and_comes_back(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, _badge = twin
    walked = uuid7()
    phone.record(
        "walk_in",
        day.at(0),
        session=str(day.session.id),
        walk_in={"id": str(walked), "name": "A Ruiz", "employer": "Steel Works"},
    )
    phone.record(
        "check_out", day.at(50), session=str(day.session.id), walk_in={"id": str(walked), "name": "A Ruiz"}
    )
    phone.upload()
    merge_walk_in(db.session.get_one(Worker, walked), anna, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    first = db.session.scalars(sa.select(WorkerMerge)).one()
    merged = merge(anna, day.enrollments[0].worker, day)
    assert minutes(day) == {day.enrollments[0].worker_id: 50}
    settled()
    with pytest.raises(DomainError) as refused:
        undo_merge(first, actor=day.cast.cora, now=utc_now())
    assert refused.value.code == "merged_further"
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert minutes(day) == {anna.id: 50}
    assert db.session.get_one(Worker, walked).merged_into_id == anna.id
    settled()


def test_a_third_record_holds_when_the_second_leaves(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, _badge = twin
    second, third = enrolled(anna, day), a_worker(day.cast, "Annie", "Ruiz", utc_now())[0]
    one = merge(anna, third, day)
    assert second.worker_id == third.id
    other = merge(day.enrollments[0].worker, third, day)
    came(phone, day, 0, 30, badge_hash=day.badges[0].badge_hash)
    phone.upload()
    assert minutes(day) == {third.id: 30}
    separate(one, records={}, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    # What was set aside for the enrollment that left is the third one's own now.
    assert minutes(day) == {third.id: 30}
    assert other.set_aside == []
    settled()


def test_a_release_follows_within_an_employer_and_never_to_another(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana = day.enrollments[0].worker
    enrolled(anna, day)
    record_release(anna, given_at=utc_now(), witnessed_by_id=None, event_id=None, now=utc_now())
    db.session.commit()
    merged = merge(anna, ana, day)
    assert standing_release(ana) is not None
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    assert (standing_release(ana), standing_release(anna) is None) == (None, False)
    anna.employer = day.cast.dairy
    db.session.commit()
    phone.record("consent", day.at(3), session=str(day.session.id), badge_hash=badge.badge_hash, granted=True)
    phone.upload()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Release)) == 2
    with pytest.raises(DomainError) as refused:
        merge(anna, ana, day)
    assert refused.value.code == "other_employer"
    merged = merge(anna, ana, day, employer_was_wrong=True)
    assert standing_release(ana) is None
    settled()
    undo_merge(merged, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert standing_release(anna) is not None
    settled()


def test_somebody_with_two_jobs_is_linked_and_nothing_moves(day: Day, twin: tuple[Worker, Badge]) -> None:
    anna, _badge = twin
    ana = day.enrollments[0].worker
    with pytest.raises(DomainError) as refused:
        link_workers(anna, ana, actor=day.cast.cora, now=utc_now())
    assert refused.value.code == "same_employer"
    anna.employer = day.cast.dairy
    db.session.commit()
    link = link_workers(anna, ana, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert (anna.merged_into_id, ana.merged_into_id, link.moved) == (None, None, [])
    with pytest.raises(DomainError) as refused:
        link_workers(ana, anna, actor=day.cast.cora, now=utc_now())
    assert refused.value.code == "linked_already"
    undo_merge(link, actor=day.cast.cora, now=utc_now())
    assert link.undone_at is not None


def test_later_enrollments_records_and_badges_go_to_whom_they_belong(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana = day.enrollments[0].worker
    merged = merge(anna, ana, day)
    later = a_cohort(day.cast.wiring, day.cast.steel_site, "Wiring", utc_now())
    session = a_session(later, day.deployment, day.session.starts_at)
    mine = enroll(ana, later, now=utc_now())
    printed = reissue_badge(ana, now=utc_now(), actor=day.cast.cora)
    db.session.commit()
    here = {"session": str(session.id), "enrollment": str(mine.id)}
    phone.record("check_in", day.at(0), badge_hash=badge.badge_hash, **here)
    phone.record("check_out", day.at(90), method="manual", **here)
    phone.record("check_in", day.at(100), session=str(day.session.id), enrollment=str(day.enrollments[0].id))
    phone.upload()
    items = {item.whose: item for item in items_since(merged)}
    assert {whose: len(item.events) for whose, item in items.items()} == {Whose.MERGED: 1, None: 1}
    opened = [item for item in items_since(merged) if item.whose is None]
    assert {len(item.events) for item in opened} == {1}
    raw = db.session.scalars(sa.select(InboxFrame.raw)).all()
    separate(
        merged,
        records={item.key: Whose.MERGED if item.session is session else Whose.WORKER for item in opened},
        enrollments=[mine.id],
        badges=[printed.id],
        actor=day.cast.cora,
        now=utc_now(),
    )
    db.session.commit()
    assert [one.cohort_id for one in enrollments_of(anna.id)] == [later.id]
    assert [one.cohort_id for one in enrollments_of(ana.id)] == [day.cohort.id]
    assert whose_events() == {"check_in": {anna.id, ana.id}, "check_out": {anna.id}}
    assert printed.worker_id == anna.id
    assert db.session.scalars(sa.select(InboxFrame.raw)).all() == raw
    settled()


def test_a_record_by_one_badge_is_given_to_the_other_by_a_decision(
    phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana = day.enrollments[0].worker
    merged = merge(anna, ana, day)
    came(phone, day, 0, 60, badge_hash=badge.badge_hash, enrollment=str(day.enrollments[0].id))
    phone.upload()
    (item,) = items_since(merged)
    assert item.whose is Whose.MERGED
    separate(merged, records={}, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    # The badge tells, though the phone wrote the other one's enrollment beside it.
    assert minutes(day) == {anna.id: 60}
    assert len(db.session.scalars(sa.select(FrameDecision)).all()) == 2
    settled()


def whose_events() -> dict[str, set[UUID | None]]:
    rows = db.session.execute(sa.select(Event.type, Event.worker_id))
    found: dict[str, set[UUID | None]] = {}
    for row in rows:
        found.setdefault(row.type, set()).add(row.worker_id)
    return found


def test_merges_that_cannot_be_are_refused(day: Day, twin: tuple[Worker, Badge]) -> None:
    anna, _badge = twin
    ana = day.enrollments[0].worker

    def code(one: Worker, other: Worker, actor: Any = day.cast.cora) -> str:
        with pytest.raises(DomainError) as refused:
            merge_duplicates(one, other, taken=Taken(), actor=actor, now=utc_now())
        db.session.rollback()
        return refused.value.code

    assert code(anna, ana, day.cast.tom) == "not_a_coordinator"
    assert code(anna, ana, day.cast.emil) == "not_a_coordinator"
    assert code(ana, ana) == "not_two_workers"
    enrolled(anna, day)
    day.cohort.closed_out_at = utc_now()
    db.session.commit()
    assert code(anna, ana) == "cohort_closed"
    anna.is_walk_in = True
    db.session.commit()
    assert code(anna, ana) == "not_two_workers"


def test_what_moves_with_a_person_leaves_a_closed_cohort_as_it_was(
    day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, _badge = twin
    day.cohort.closed_out_at = utc_now()
    refresh_completions([day.enrollments[0].id])
    db.session.commit()
    before = db.session.get_one(Completion, day.enrollments[0].id).state
    merge(day.enrollments[0].worker, anna, day)
    assert day.enrollments[0].worker_id == anna.id
    assert db.session.get_one(Completion, day.enrollments[0].id).state == before


# --- The pages ---


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def test_a_coordinator_separates_them_on_a_page_that_asks_what_it_cannot_know(
    cora: FlaskClient, phone: Phone, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, badge = twin
    ana = day.enrollments[0].worker
    merged = merge(anna, ana, day)
    came(phone, day, 0, 60, badge_hash=badge.badge_hash, enrollment=str(day.enrollments[0].id))
    phone.record("check_in", day.at(70), session=str(day.session.id), enrollment=str(day.enrollments[0].id))
    phone.upload()
    path = f"/recognitions/{merged.id}/undoing"
    assert f'href="{path}"' in cora.get(f"/workers/{ana.id}").text
    page = cora.get(path).text
    assert page.count("checked") == 1
    refused = cora.post(path, data={})
    assert refused.status_code == 422
    assert "Say whose it is." in refused.text
    keys = [item.key for item in items_since(merged)]
    answer = cora.post(path, data={key: "merged" if key.endswith("merged") else "worker" for key in keys})
    assert (answer.status_code, answer.location) == (303, f"/workers/{anna.id}")
    assert minutes(day) == {anna.id: 60, ana.id: 0}
    assert "undone already" in cora.post(path, follow_redirects=True).text


def test_others_neither_compare_nor_separate(
    signed_in_as: Any, client: FlaskClient, day: Day, twin: tuple[Worker, Badge]
) -> None:
    anna, _badge = twin
    ana = day.enrollments[0].worker
    pair = f"/workers/{ana.id}/comparison/{anna.id}"
    merged = merge(anna, ana, day)
    pages = [pair, "/workers/duplicates", f"/workers/{ana.id}/alike", f"/recognitions/{merged.id}/undoing"]
    for path in pages:
        assert client.get(path).status_code in (302, 303, 401)
        for somebody in (day.cast.tom, day.cast.emil, day.cast.stella, day.cast.rita):
            assert signed_in_as(somebody).get(path).status_code == 403, path
    assert signed_in_as(day.cast.cora).get(pair).status_code == 404
