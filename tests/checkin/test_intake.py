"""What the server makes of records: whose they are, where they belong, and who may say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Device
from labtracker.accounts.services import create_pairing_code, revoke_device
from labtracker.checkin.models import Attendance, Event, InboxFrame
from labtracker.checkin.queries import standing_events
from labtracker.checkin.services import record_web_event
from labtracker.checkin.signals import events_stored
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment, Release, Worker
from labtracker.roster.rules.badges import short_code
from tests.checkin.conftest import Day, a_cohort, a_deployment, a_session, a_worker
from tests.checkin.phone import Phone, verdicts


def the_event() -> Event:
    db.session.expire_all()
    return db.session.scalars(sa.select(Event).order_by(Event.frame_id.desc())).first()  # type: ignore[return-value]


def attendance(session: Any, enrollment: Any) -> Attendance | None:
    db.session.expire_all()
    return db.session.get(Attendance, (session.id, enrollment.id))


def test_a_typed_code_finds_its_worker(phone: Phone, day: Day) -> None:
    code = short_code(day.badges[1].badge_hash)
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_code=code, method="code")
    assert verdicts(phone.upload()) == ["stored"]
    assert the_event().enrollment_id == day.enrollments[1].id
    assert the_event().method == "code"


@pytest.mark.parametrize(
    ("who", "flag"),
    [
        ({"badge_hash": "ab" * 32}, "unknown_badge"),
        ({"badge_hash": "nonsense\u0000"}, "unknown_badge"),
        ({"badge_code": "00000000*"}, "unknown_badge"),
        ({"badge_code": "\u0000"}, "unknown_badge"),
        ({"enrollment": "018f5e3a-7c11-7abc-8def-0123456789ab"}, "unknown_enrollment"),
    ],
)
def test_whoever_is_unknown_is_recorded_all_the_same(
    phone: Phone, day: Day, who: dict[str, str], flag: str
) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), not_enrolled=True, **who)
    assert verdicts(phone.upload()) == ["stored"]
    event = the_event()
    assert (event.session_id, event.enrollment_id) == (day.session.id, None)
    assert flag in event.flags


def test_a_revoked_badge_is_flagged_and_still_counts(phone: Phone, day: Day) -> None:
    day.badges[0].revoked_at = day.session.starts_at - timedelta(minutes=1)
    db.session.commit()
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    assert the_event().flags == ["revoked_badge"]
    assert the_event().enrollment_id == day.enrollments[0].id


def test_a_badge_and_an_enrollment_that_disagree_are_flagged(phone: Phone, day: Day) -> None:
    who = {"badge_hash": day.badges[0].badge_hash, "enrollment": str(day.enrollments[1].id)}
    phone.record("check_in", day.at(0), session=str(day.session.id), **who)
    phone.upload()
    assert the_event().flags == ["badge_mismatch"]


def test_a_worker_of_another_cohort_of_the_course_makes_up(phone: Phone, day: Day) -> None:
    other = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    worker, badge = a_worker(day.cast, "Hal", "Quist", utc_now())
    enrollment = Enrollment(cohort_id=other.id, worker_id=worker.id, created_at=utc_now())
    db.session.add(enrollment)
    db.session.commit()
    session = str(day.session.id)
    phone.record("check_in", day.at(0), session=session, badge_hash=badge.badge_hash, make_up=True)
    phone.record("check_out", day.at(480), session=session, badge_hash=badge.badge_hash, make_up=True)
    phone.upload()
    found = attendance(day.session, enrollment)
    assert found is not None
    assert (found.is_make_up, found.credited_minutes, found.scheduled_minutes) == (True, 450, 0)
    assert the_event().flags == ["make_up"]


def test_a_worker_of_another_course_is_not_enrolled(phone: Phone, day: Day) -> None:
    other = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring", utc_now())
    worker, badge = a_worker(day.cast, "Ida", "Rowe", utc_now())
    db.session.add(Enrollment(cohort_id=other.id, worker_id=worker.id, created_at=utc_now()))
    db.session.commit()
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=badge.badge_hash)
    phone.upload()
    assert the_event().flags == ["not_enrolled"]
    assert the_event().worker_id == worker.id


def test_a_scan_without_a_pack_finds_its_session_by_badge_and_time(phone: Phone, day: Day) -> None:
    who = {"badge_hash": day.badges[0].badge_hash, "ad_hoc": {"course": "Welding", "place": "Mill"}}
    phone.record("check_in", day.at(-30), **who)
    phone.record("check_in", day.at(-61), **who)
    answer = phone.upload()
    assert verdicts(answer) == ["stored", "quarantined"]
    assert answer["results"][1]["code"] == "no_session"
    assert the_event().session_id == day.session.id
    assert the_event().enrollment_id == day.enrollments[0].id


@pytest.mark.parametrize("told", ["dairy", "steel", "nowhere", "nonsense"])
def test_of_two_sessions_that_make_up_the_told_place_decides(phone: Phone, day: Day, told: str) -> None:
    away = a_cohort(day.cast.welding, day.cast.campus, "Welding, earlier", utc_now())
    worker, badge = a_worker(day.cast, "Lou", "Vega", utc_now())
    db.session.add(Enrollment(cohort_id=away.id, worker_id=worker.id, created_at=utc_now()))
    lamar = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    there = a_deployment(day.cast.wiring_lab, day.cast.dairy_site, [day.cast.tess], day.session.starts_at)
    other = a_session(lamar, there, day.session.starts_at + timedelta(minutes=30))
    db.session.commit()
    places = {"dairy": str(day.cast.dairy_site.id), "steel": str(day.cast.steel_site.id)}
    place = {**places, "nowhere": str(uuid7()), "nonsense": ["x"]}[told]
    described = {"id": str(uuid7()), "course": "Welding", "place": "typed", "place_id": place}
    phone.record("check_in", day.at(0), badge_hash=badge.badge_hash, ad_hoc=described)
    assert verdicts(phone.upload()) == ["stored"]
    # The other session starts later, so without a place that will do it is the day's.
    assert the_event().session_id == (other.id if told == "dairy" else day.session.id)
    assert the_event().flags == (["make_up", "not_on_crew"] if told == "dairy" else ["make_up"])


def test_an_old_packs_not_enrolled_is_judged_again_with_the_whole_roster(phone: Phone, day: Day) -> None:
    wiring = a_cohort(day.cast.wiring, day.cast.steel_site, "Wiring", utc_now())
    card = a_session(wiring, day.deployment, day.session.starts_at)
    db.session.commit()
    phone.record(
        "check_in",
        day.at(0),
        session=str(card.id),
        chosen_session=str(card.id),
        badge_hash=day.badges[0].badge_hash,
        not_enrolled=True,
    )
    phone.upload()
    assert the_event().session_id == day.session.id
    assert the_event().enrollment_id == day.enrollments[0].id


def test_a_walk_in_becomes_a_worker_once(phone: Phone, day: Day) -> None:
    walk_in = {"id": str(uuid7()), "name": "Juno Park", "employer": "Steel Works"}
    session = str(day.session.id)
    phone.record("check_out", day.at(480), session=session, walk_in=walk_in)
    phone.record("walk_in", day.at(5), session=session, walk_in=walk_in, method="manual")
    phone.upload(phone.items[:1])
    assert verdicts(phone.upload()) == ["duplicate", "stored"]
    worker = db.session.get_one(Worker, UUID(str(walk_in["id"])))
    assert (worker.name, worker.is_walk_in, worker.employer_id) == ("Juno Park", True, day.cast.steel.id)
    enrollment = db.session.scalars(sa.select(Enrollment).where(Enrollment.worker_id == worker.id)).one()
    found = attendance(day.session, enrollment)
    assert found is not None
    assert (found.status, found.credited_minutes) == ("present", 450)


@pytest.mark.parametrize("name", ["", "  ", "...", "x\u0000y", "李小龙", "👷", "<script>"])
def test_any_walk_in_name_is_kept_or_flagged(phone: Phone, day: Day, name: str) -> None:
    walk_in = {"id": str(uuid7()), "name": name, "employer": "\u0000"}
    phone.record("walk_in", day.at(5), session=str(day.session.id), walk_in=walk_in)
    assert verdicts(phone.upload()) == ["stored"]
    event = the_event()
    assert (event.enrollment_id is None) == ("walk_in_refused" in event.flags)


def test_a_walk_in_cannot_take_over_a_worker(phone: Phone, day: Day) -> None:
    walk_in = {"id": str(day.enrollments[0].worker_id), "name": "Mallory", "employer": ""}
    other = a_cohort(day.cast.wiring, day.cast.steel_site, "Wiring", utc_now())
    session = a_session(other, day.deployment, day.session.starts_at)
    db.session.commit()
    phone.record("walk_in", day.at(5), session=str(session.id), walk_in=walk_in)
    assert verdicts(phone.upload()) == ["stored"]
    assert "walk_in_refused" in the_event().flags
    assert the_event().worker_id is None


def test_voids_are_for_trainers_of_the_session_and_coordinators(app: Flask, phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    badge = day.badges[0].badge_hash
    phone.record("session_close", day.at(485), session=session)
    check_in = phone.record("check_in", day.at(0), session=session, badge_hash=badge)
    phone.upload()
    stranger = Phone(app.test_client())
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    stranger.pair(code)
    stranger.record("void", day.at(1), session=session, target=check_in, reason="mischief")
    assert verdicts(stranger.upload()) == ["stored"]
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.credited_minutes == 450
    void = phone.record("void", day.at(2), session=session, target=check_in, reason="wrong badge")
    phone.upload()
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert (found.status, found.credited_minutes) == ("absent", 0)
    record_web_event(
        actor=day.cast.cora, now=utc_now(), body={"type": "void", "target": void, "reason": "it was right"}
    )
    db.session.commit()
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.credited_minutes == 450


def test_a_void_may_come_before_what_it_voids(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    target = phone.record("check_in", day.at(0), session=session, badge_hash=day.badges[0].badge_hash)
    phone.record("void", day.at(2), session=session, target=target)
    phone.upload(phone.items[1:])
    phone.upload(phone.items[:1])
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.status == "absent"


def test_a_voided_close_opens_the_session_again(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    phone.record("check_in", day.at(0), session=session, badge_hash=day.badges[0].badge_hash)
    close = phone.record("session_close", day.at(485), session=session)
    phone.upload()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 6
    phone.record("void", day.at(490), session=session, target=close)
    phone.upload()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 1
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.is_open
    db.session.refresh(day.session)
    assert day.session.closed_at is None


def test_trainers_who_are_not_on_the_phone_or_the_crew_are_flagged(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    who = {"session": session, "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who, by=str(day.cast.tess.id))
    phone.upload()
    assert the_event().flags == ["not_on_crew", "unknown_trainer"]


def test_consent_makes_a_release_in_whatever_order_it_comes(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    who = {"session": session, "enrollment": str(day.enrollments[0].id), "method": "manual"}
    given = phone.record("consent", day.at(10), granted=True, **who)
    phone.record("consent", day.at(20), granted=False, **who)
    phone.upload(phone.items[1:])
    phone.upload(phone.items[:1])
    release = db.session.scalars(sa.select(Release)).one()
    assert release.event_id == UUID(given)
    assert release.witnessed_by_id == day.cast.tom.id
    assert release.withdrawn_at == day.session.starts_at + timedelta(minutes=20)
    phone.record("consent", day.at(30), granted=True, **who)
    phone.upload()
    db.session.expire_all()
    standing = db.session.scalars(sa.select(Release).where(Release.withdrawn_at.is_(None))).all()
    assert len(standing) == 1


def test_learning_is_told_to_the_slices_above(phone: Phone, day: Day) -> None:
    heard: list[dict[str, Any]] = []

    def listen(_sender: Any, **told: Any) -> None:
        heard.append(told)

    enrollment = day.enrollments[0]
    who = {"session": str(day.session.id), "enrollment": str(enrollment.id)}
    with events_stored.connected_to(listen):
        assessed = phone.record("assessment", day.at(400), score=82.5, **who)
        phone.record("sign_off", day.at(410), skill="fillet", **who)
        phone.upload()
        assert heard[0]["enrollment_ids"] == {enrollment.id}
        scores = standing_events(enrollment_ids=[enrollment.id], types=["assessment"])
        assert [event.payload["score"] for event in scores] == [82.5]
        phone.record("void", day.at(420), target=assessed, session=str(day.session.id))
        phone.upload()
        assert heard[1]["enrollment_ids"] == {enrollment.id}
    assert standing_events(enrollment_ids=[enrollment.id], types=["assessment"]) == []
    (sign_off,) = standing_events(enrollment_ids=[enrollment.id], types=["sign_off", "assessment"])
    assert sign_off.payload["skill"] == "fillet"


def shut_out(phone: Phone, day: Day) -> None:
    device = db.session.get_one(Device, UUID(phone.device))
    revoke_device(device, actor=day.cast.cora, now=utc_now())
    db.session.commit()


def test_what_a_phone_that_was_shut_out_brings_is_kept_aside(phone: Phone, day: Day) -> None:
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who)
    phone.upload()
    shut_out(phone, day)
    phone.record("check_out", day.at(100), **who)
    phone.record(
        "walk_in", day.at(1), session=who["session"], walk_in={"id": str(uuid7()), "name": "Mallory"}
    )
    answer = phone.upload()
    assert verdicts(answer) == ["duplicate", "quarantined", "quarantined"]
    assert [result.get("code") for result in answer["results"]] == [None, "device_revoked", "device_revoked"]
    assert answer["have"]["seq"] == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Worker).where(Worker.is_walk_in)) == 0


@pytest.fixture
def carrier(app: Flask, phone: Phone, day: Day) -> Phone:
    """Tess's phone, which carries for Tom's."""
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    tess = Phone(app.test_client())
    tess.pair(code)
    return tess


def three_records(phone: Phone, day: Day) -> None:
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_in", day.at(0), **who)
    phone.record("check_out", day.at(100), **who)
    phone.record("check_in", day.at(110), **who)


def test_a_sealed_bundle_carried_by_another_phone_counts(carrier: Phone, phone: Phone, day: Day) -> None:
    three_records(phone, day)
    seal = phone.seal(phone.items[-1])
    answer = carrier.post(phone.envelope(seal=seal)).json
    assert verdicts(answer) == ["stored"] * 3
    assert answer["have"] == {"seq": 3, "hash": phone.last_hash}
    assert db.session.scalars(sa.select(Event.flags)).all() == [[], [], []]
    assert verdicts(phone.upload()) == ["duplicate"] * 3


def test_what_others_wrote_in_a_phones_own_name_needs_its_seal_too(
    carrier: Phone, phone: Phone, day: Day
) -> None:
    three_records(phone, day)
    forged, seal = [phone.items[-1]], carrier.seal(phone.items[-1])
    answer = phone.upload(forged, seal=seal, carried=True)
    assert [result.get("code") for result in answer["results"]] == ["unproved_relay"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
    # Its own seal proves what comes back to it.
    assert verdicts(phone.upload(seal=phone.seal(phone.items[-1]), carried=True)) == ["stored"] * 3


@pytest.mark.parametrize("seal", [None, "", "AAAA", "A" * 86, "wrong"])
def test_a_bundle_that_proves_nothing_waits_outside_the_chain(
    carrier: Phone, phone: Phone, day: Day, seal: str | None
) -> None:
    three_records(phone, day)
    sent = carrier.seal(phone.items[-1]) if seal == "wrong" else seal
    answer = carrier.post(phone.envelope(seal=sent, lost=[7])).json
    assert [result["code"] for result in answer["results"]] == ["unproved_relay"] * 3
    assert answer["have"]["seq"] == 0
    assert answer["missing"] == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
    assert verdicts(carrier.post(phone.envelope(seal=sent)).json) == ["duplicate"] * 3
    # The phone itself comes: nothing of that stands in its way.
    answer = phone.upload()
    assert verdicts(answer) == ["stored"] * 3
    assert answer["have"]["seq"] == 3
    assert verdicts(carrier.post(phone.envelope()).json) == ["duplicate"] * 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 6


def test_a_seal_proves_only_what_its_chain_reaches(carrier: Phone, phone: Phone, day: Day) -> None:
    three_records(phone, day)
    forged = phone.frame(phone.body("check_in", day.at(0), session=str(day.session.id)), seq=1, prev="0" * 64)
    items = [forged, *phone.items[1:]]
    answer = carrier.post(phone.envelope(items, seal=phone.seal(phone.items[-1]))).json
    assert verdicts(answer) == ["quarantined", "stored", "stored"]
    assert answer["have"]["seq"] == 0
    assert answer["missing"] == [[1, 1]]


def test_a_phones_own_bad_seal_is_flagged(phone: Phone, day: Day) -> None:
    three_records(phone, day)
    answer = phone.upload(seal="A" * 86)
    assert [(result["verdict"], result["code"]) for result in answer["results"]] == [
        ("stored", "bad_seal")
    ] * 3
    assert the_event().flags == ["bad_seal"]
    phone.record("check_out", day.at(120), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    assert "code" not in phone.upload(seal=phone.seal(phone.items[-1]))["results"][3]


def test_the_demo_calls_durable_what_it_has_and_says_so(
    app: Flask, phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEMO", True)
    three_records(phone, day)
    answer = phone.upload()
    assert answer["durable"] == answer["have"]
    assert answer["durable_is_demo"] is True
    assert all(result["durable"] for result in answer["results"])


def test_a_correction_on_the_web_is_a_frame_of_its_own_chain(day: Day) -> None:
    now = utc_now()
    body = {"type": "check_in", "session": str(day.session.id), "enrollment": str(day.enrollments[0].id)}
    event_id = record_web_event(actor=day.cast.cora, now=now, at=day.session.starts_at, body=body)
    record_web_event(
        actor=day.cast.cora,
        now=now,
        at=day.session.ends_at,
        body={**body, "type": "check_out", "reason": "seen leaving"},
    )
    db.session.commit()
    first, second = db.session.scalars(sa.select(InboxFrame).order_by(InboxFrame.id)).all()
    assert (first.seq, second.seq) == (1, 2)
    assert second.prev == first.hash
    event = db.session.scalars(sa.select(Event).order_by(Event.frame_id)).first()
    assert event is not None
    assert (event.id, event.method, event.by_id, event.flags) == (event_id, "web", day.cast.cora.id, [])
    assert (event.at, event.time_label, event.suspect) == (day.session.starts_at, "synced", False)
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    assert found.credited_minutes == 450


def test_a_correction_that_says_nothing_is_refused(day: Day) -> None:
    with pytest.raises(DomainError) as refusal:
        record_web_event(actor=day.cast.cora, now=utc_now(), body={"type": "check_in"})
    assert refusal.value.code == "event_refused"
