"""One worker's timeline: every fact in order, and of it no more than somebody may see."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from labtracker.checkin.models import Event
from labtracker.checkin.services.correcting import correct_attendance, void_event
from labtracker.completion.models import CompletionOverride
from labtracker.extensions import db
from labtracker.kit.time import from_ms, utc_now
from labtracker.roster.models import Worker
from labtracker.roster.services import (
    Taken,
    WorkerFacts,
    add_worker,
    apply_import,
    change_worker,
    enroll,
    link_workers,
    merge_duplicates,
    reissue_badge,
    stage_import,
    table_from_text,
    undo_merge,
    withdraw,
)
from labtracker.scheduling.models import SessionTrainer
from labtracker.timelines.queries import sight_of, timeline_of
from labtracker.timelines.rules import Kind
from tests.checkin.conftest import Day, a_cohort, a_session, day, phone
from tests.checkin.phone import Phone

__all__ = ["day", "phone"]


@pytest.fixture
def ana(phone: Phone, day: Day) -> Worker:
    """Ana came, was corrected, judged and decided about, got a new badge, and left a second roster."""
    cora, now = day.cast.cora, utc_now()
    worker, enrollment = day.enrollments[0].worker, day.enrollments[0]
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.record(
        "assessment", day.at(20), session=str(day.session.id), enrollment=str(enrollment.id), score=88
    )
    phone.upload()
    event = db.session.scalars(sa.select(Event).where(Event.type == "check_in")).one()
    void_event(day.session, event, reason="Wrong clock", actor=cora, now=now)
    correct_attendance(
        day.session,
        enrollment,
        kind="check_in",
        at=from_ms(day.at(5)),
        reason="Gate log",
        actor=cora,
        now=now,
    )
    db.session.add(
        CompletionOverride(
            enrollment_id=enrollment.id,
            complete=True,
            reason="Test lost",
            decided_by_id=cora.id,
            decided_at=now,
        )
    )
    change_worker(worker, WorkerFacts("Ana", "Ruiz", phone="719-555-0101"), now=now, actor=cora)
    reissue_badge(worker, now=now, actor=cora)
    wiring = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring, May", now)
    second = enroll(worker, wiring, now=now, actor=cora)
    withdraw(second, on=now.date(), reason="Night shift", now=now, today=now.date(), actor=cora)
    db.session.commit()
    return worker


def codes(actor: Any, worker: Worker, *kinds: Kind) -> list[str]:
    sight = sight_of(actor, worker.id)
    return [fact.code for fact in timeline_of(sight, kinds)[0]] if sight else []


def test_the_office_reads_every_fact_in_order(day: Day, ana: Worker, signed_in_as: Any) -> None:
    sight = sight_of(day.cast.cora, ana.id)
    assert sight is not None
    facts, _group = timeline_of(sight)
    assert [one.at for one in facts] == sorted((one.at for one in facts), reverse=True)
    found = [one.code for one in facts]
    for code in (
        "check_in", "assessment", "decided_complete", "worker_changed", "badge_issued", "badge_replaced",
        "enrolled", "worker_withdrawn",
    ):  # fmt: skip
        assert code in found, code
    cora = signed_in_as(day.cast.cora)
    page = cora.get(f"/workers/{ana.id}/timeline").text
    for words in (
        "Wrong clock", "Taken back by Cora Lindqvist", "Gate log", "Test lost", "Night shift",
        "badge scanned", "typed in here", "88 of 100 points", "Facts changed</strong> Phone",
    ):  # fmt: skip
        assert words in page, words
    assert f'href="/workers/{ana.id}/timeline"' in cora.get(f"/workers/{ana.id}").text
    only = cora.get(f"/workers/{ana.id}/timeline?kind=badge").text
    assert "Badge revoked, a new one made" in only
    assert "Gate log" not in only
    assert "Gate log" in cora.get(f"/workers/{ana.id}/timeline?kind=nonsense&all=1&page=9").text


def test_a_level_is_told_in_the_words_of_its_scale(
    phone: Phone, day: Day, ana: Worker, signed_in_as: Any
) -> None:
    enrollment = day.enrollments[0]
    skill = {**enrollment.cohort.skills[0], "levels": [{"title": "with help"}, {"title": "alone"}]}
    enrollment.cohort.skills = [skill]
    phone.record(
        "sign_off",
        day.at(30),
        session=str(day.session.id),
        enrollment=str(enrollment.id),
        skill=str(skill["id"]),
        level=2,
    )
    phone.upload()
    page = signed_in_as(day.cast.cora).get(f"/workers/{ana.id}/timeline?kind=learning").text
    assert f"{skill['title']}: level 2 (alone) <span" in page
    path = f"/reports/completion/enrollments/{enrollment.id}"
    assert f"{skill['title']}: level 2 (alone)" in signed_in_as(day.cast.rita).get(path).text


def test_merges_and_links_bring_the_other_records_facts(day: Day, ana: Worker) -> None:
    cora, now = day.cast.cora, utc_now()
    twin = add_worker(WorkerFacts("Anna", "Ruiz"), employer=day.cast.steel, now=now, actor=cora)
    dairy = add_worker(WorkerFacts("A", "Ruiz"), employer=day.cast.dairy, now=now, actor=cora)
    enroll(dairy, a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring, June", now), now=now)
    merged = merge_duplicates(twin, ana, taken=Taken(), actor=cora, now=now)
    link_workers(dairy, ana, actor=cora, now=now)
    undo_merge(merged, actor=cora, now=now)
    db.session.commit()
    found = codes(cora, ana, Kind.IDENTITY)
    assert {"merged_duplicate", "separated", "merged_link"} <= {*found}
    assert codes(cora, ana, Kind.ROSTER).count("enrolled") == 3
    assert "merged_link" in codes(cora, dairy, Kind.IDENTITY)


def test_imports_that_touched_a_worker_are_named(day: Day, ana: Worker) -> None:
    cora, now = day.cast.cora, utc_now()
    wiring = a_cohort(day.cast.wiring, day.cast.steel_site, "Wiring, July", now)
    ana.employee_number = "S-7"
    db.session.commit()
    staged = stage_import(
        table_from_text("Name,Employee number,Job title\nAna Ruiz,S-7,Welder\n", today=now.date()),
        filename="july.csv",
        cohort=wiring,
        employer=day.cast.steel,
        actor=cora,
        now=now,
        today=now.date(),
    )
    apply_import(staged, decisions={}, actor=cora, now=now, today=now.date())
    db.session.commit()
    sight = sight_of(cora, ana.id)
    assert sight is not None
    facts = {fact.code: fact for fact in timeline_of(sight, [Kind.ROSTER])[0]}
    assert facts["came_with_roster"].about == "july.csv"
    assert (facts["changed_by_roster"].why, facts["changed_by_roster"].about) == ("july.csv", "job_title")
    assert facts["changed_by_roster"].by == "Cora Lindqvist"


def test_the_raw_frame_opens_for_the_office_and_for_nobody_else(
    day: Day, ana: Worker, signed_in_as: Any
) -> None:
    other = day.enrollments[1].worker
    frame_id = db.session.scalars(sa.select(Event.frame_id).order_by(Event.frame_id)).first()
    path = f"/workers/{ana.id}/timeline/frames/{frame_id}"
    cora = signed_in_as(day.cast.cora)
    answer = cora.get(path)
    assert answer.status_code == 200
    assert b'"type":"check_in"' in answer.data.replace(b" ", b"")
    void = db.session.scalars(sa.select(Event.frame_id).where(Event.type == "void")).one()
    assert cora.get(f"/workers/{ana.id}/timeline/frames/{void}").status_code == 200
    assert cora.get(f"/workers/{other.id}/timeline/frames/{frame_id}").status_code == 404
    for somebody in (day.cast.tom, day.cast.rita, day.cast.emil, day.cast.stella):
        assert signed_in_as(somebody).get(path).status_code == 403


def test_others_see_no_more_than_is_theirs(day: Day, ana: Worker, signed_in_as: Any) -> None:
    path = f"/workers/{ana.id}/timeline"
    # Tom trains the welders and never saw the second roster; Tess trains nobody here.
    assert {*codes(day.cast.tom, ana)} == {"check_in", "assessment"}
    tom = signed_in_as(day.cast.tom).get(path).text
    assert "Gate log" in tom
    for words in ("Night shift", "Test lost", "Facts changed", "Raw record", "Wiring, May"):
        assert words not in tom, words
    assert signed_in_as(day.cast.tess).get(path).status_code == 404
    # Rita answers for Pueblo, where the steel works are, and not for Lamar, where the second roster is.
    assert {*codes(day.cast.rita, ana)} == {"check_in", "assessment", "decided_complete", "enrolled"}
    rita = signed_in_as(day.cast.rita).get(path).text
    assert 'href="/reports/completion"' in rita.partition("<h1")[0].partition("<main")[2]
    assert "Wiring, May" not in rita
    assert "Badge revoked" not in rita
    for employer in (day.cast.emil, day.cast.stella):
        assert signed_in_as(employer).get(path).status_code == 403
    assert signed_in_as(day.cast.cora).get(f"/workers/{day.session.id}/timeline").status_code == 404


def test_a_trainer_of_one_session_reads_of_that_session_alone(day: Day, ana: Worker) -> None:
    assert codes(day.cast.tess, ana) == []
    taught = a_session(day.cohort, None, day.session.ends_at)
    db.session.add(SessionTrainer(session_id=taught.id, person_id=day.cast.tess.id))
    db.session.commit()
    assert codes(day.cast.tess, ana) == []
