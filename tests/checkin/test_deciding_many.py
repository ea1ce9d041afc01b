"""Many records that wait, decided about at once: each by itself, none half, and what cannot be stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.accounts.services import create_pairing_code
from labtracker.accounts.services.people import archive_person
from labtracker.checkin.models import Event, FrameDecision, InboxFrame
from labtracker.checkin.queries.quarantine import set_aside
from labtracker.checkin.queries.quarantine_groups import groups_of
from labtracker.checkin.services.deciding import LONGEST_REASON
from labtracker.checkin.services.deciding_many import Wanted, decide_many
from labtracker.completion.services import refresh_completions
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now
from labtracker.roster.models import Worker
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone
from tests.checkin.test_crews import settled
from tests.checkin.test_decisions import minutes, say, waiting
from tests.checkin.test_intake import shut_out
from tests.checkin.test_lapsed_trainers import set_back

SCANNED = 4


def decide_about(day: Day, frames: list[InboxFrame], kind: str = "accept", **more: Any) -> list[str | None]:
    """The code of each frame's problem, none where it was decided."""
    wanted = [Wanted(frame, more.pop("seen", 0)) for frame in frames]
    asked = {"reason": "Tom was asked", "actor": day.cast.cora, "now": utc_now(), **more}
    told = decide_many(wanted, kind=kind, **asked)
    db.session.commit()
    return [one.problem.code if one.problem else None for one in told]


@pytest.fixture
def lost(phone: Phone, day: Day) -> Phone:
    """From a revoked phone: four arrivals, a walk-in and their leaving, then what cannot be clear."""
    session = str(day.session.id)
    shut_out(phone, day)
    for number in range(SCANNED):
        phone.record("check_in", day.at(number), session=session, badge_hash=day.badges[number].badge_hash)
    walk_in = {"id": str(uuid7()), "name": "Wanda Walker"}
    phone.record("walk_in", day.at(5), session=session, walk_in=walk_in)
    phone.record("check_out", day.at(65), session=session, walk_in=walk_in, not_enrolled=True)
    phone.record("check_in", day.at(6), session=session, badge_hash="ab" * 32, not_enrolled=True)
    phone.record("check_in", day.at(7), session=session, badge_hash=day.badges[4].badge_hash, sync=None)
    phone.upload()
    return phone


def test_what_is_clear_counts_and_the_rest_waits_as_it_was(lost: Phone, day: Day) -> None:
    frames = waiting()
    raws = [bytes(frame.raw) for frame in frames]
    told = decide_about(day, frames)
    assert told == [*[None] * 6, "counts_for_nobody", "time_doubtful"]
    assert [minutes(day, number) for number in range(SCANNED + 1)] == [0, 0, 0, 0, None]
    assert db.session.scalars(sa.select(Worker.given_name).where(Worker.is_walk_in)).all() == ["Wanda"]
    assert [frame.id for frame in waiting()] == [frame.id for frame in frames[6:]]
    settled()
    kept = db.session.scalars(sa.select(InboxFrame).order_by(InboxFrame.id)).all()
    assert [bytes(frame.raw) for frame in kept] == raws


def test_each_has_a_decision_and_an_audit_entry_of_its_own(lost: Phone, day: Day) -> None:
    frames = waiting()[:SCANNED]
    decide_about(day, frames, "dismiss", reason="  Not our crew ")
    decisions = db.session.scalars(sa.select(FrameDecision).order_by(FrameDecision.id)).all()
    assert [(one.hash, one.kind, one.reason, one.by_id) for one in decisions] == [
        (frame.hash, "dismiss", "Not our crew", day.cast.cora.id) for frame in frames
    ]
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "frame_dismissed")).all()
    assert [entry.detail["frame"] for entry in trail] == [frame.id for frame in frames]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
    say(day, frames[1], "reopen")
    say(day, frames[1], "accept")
    assert [minutes(day, number) for number in range(2)] == [None, 0]
    settled()


def test_a_reason_is_as_long_as_it_is_for_one(lost: Phone, day: Day) -> None:
    one, *others = waiting()[:3]
    say(day, one, "dismiss", reason="x" * 600)
    assert decide_about(day, others, "dismiss", reason="x" * 600) == [None, None]
    assert {*db.session.scalars(sa.select(FrameDecision.reason))} == {"x" * LONGEST_REASON}


def test_what_somebody_decided_meanwhile_stays_decided(lost: Phone, day: Day) -> None:
    frames = waiting()[:SCANNED]
    say(day, frames[2], "dismiss", reason="A copied badge")
    assert decide_about(day, frames) == [None, None, "decided_meanwhile", None]
    assert [minutes(day, number) for number in range(SCANNED)] == [0, 0, None, 0]
    # The same page sent twice decides nothing twice.
    assert decide_about(day, frames) == ["decided_meanwhile"] * SCANNED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FrameDecision)) == SCANNED
    settled()


def test_copies_of_the_same_record_are_decided_once(app: Flask, phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    for who in (day.cast.tess, day.cast.cora):
        carrier = Phone(app.test_client())
        carrier.pair(_code_for(who))
        carrier.post(phone.envelope(seal=None))
    frames = waiting()
    assert len({frame.hash for frame in frames}) == 1
    assert decide_about(day, frames) == [None] * len(frames)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FrameDecision)) == 1
    assert (minutes(day, 0), waiting()) == (0, [])
    settled()


def _code_for(person: Person) -> str:
    code = create_pairing_code(actor=person, now=utc_now())
    db.session.commit()
    return code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"kind": "assign"}, "not_possible"),
        ({"who": "tom"}, "not_a_coordinator"),
    ],
)
def test_what_is_wrong_for_all_begins_nothing(
    lost: Phone, day: Day, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        decide_about(
            day,
            waiting(),
            changes.get("kind", "accept"),
            reason=changes.get("reason", "Tom was asked"),
            actor=getattr(day.cast, changes.get("who", "cora")),
        )
    assert refused.value.code == code
    assert db.session.scalars(sa.select(FrameDecision)).all() == []


def test_groups_tell_phone_person_session_and_reason_apart(app: Flask, lost: Phone, day: Day) -> None:
    other = Phone(app.test_client())
    other.pair(_code_for(day.cast.tess))
    archive_person(day.cast.tess, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    other.record("session_close", day.at(200), session=str(day.session.id), **set_back(day))
    other.record("excuse", day.at(600), session=str(uuid7()), enrollment=str(day.enrollments[0].id))
    other.upload()
    groups = groups_of(set_aside())
    assert [group.count for group in groups] == [8, 1, 1]
    assert len({group.story.phone for group in groups}) == 2
    assert {group.story.code for group in groups[1:]} == {"trainer_left", "no_such_session"}


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def group_page(cora: FlaskClient) -> tuple[str, str, list[str]]:
    """The address of the largest group, its page, and what it sends back of each record."""
    groups = cora.get("/quarantine/groups").text
    url = re.findall(r'href="(/quarantine/group\?[^"]+)"', groups)[0].replace("&amp;", "&")
    page = cora.get(url).text
    return url, page, items_on(page)


def items_on(page: str) -> list[str]:
    found = re.search(r'name="items" value="([^"]+)"', page)
    assert found
    return found[1].split()


def sent(items: list[str], **more: Any) -> dict[str, Any]:
    return {"items": " ".join(items), "scope": "all", "kind": "accept", "reason": "Tom was asked", **more}


def test_a_whole_group_is_accepted_and_the_report_says_what_could_not_be(
    cora: FlaskClient, lost: Phone, day: Day
) -> None:
    assert 'href="/quarantine/groups?list=aside"' in cora.get("/quarantine").text
    url, page, items = group_page(cora)
    assert len(items) == 8
    for words in (
        "8 records that wait",
        "Ana Ruiz",
        "Wanda Walker",
        "nobody who is known here",
        "time doubtful",
    ):
        assert words in page
    report = cora.post(url, data=sent(items))
    assert report.status_code == 200
    for words in (
        "6 of 8 were decided",
        "It would count for nobody in that session.",
        "Its time is doubtful.",
    ):
        assert words in report.text
    assert minutes(day, 3) == 0
    assert len(group_page(cora)[2]) == 2
    assert "0 of 8 were decided" in cora.post(url, data=sent(items)).text


def test_only_what_is_ticked_is_dismissed(cora: FlaskClient, lost: Phone, day: Day) -> None:
    url, _page, items = group_page(cora)
    ticked = [item.partition(":")[0] for item in items[1:3]]
    report = cora.post(url, data=sent(items, scope="ticked", tick=ticked, kind="dismiss"))
    assert "All 2 are decided" in report.text
    decided = db.session.scalars(sa.select(FrameDecision)).all()
    assert [(one.kind, one.reason) for one in decided] == [("dismiss", "Tom was asked")] * 2
    assert len(group_page(cora)[2]) == 6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Say why"),
        ({"reason": "x" * 501}, "At most 500"),
        ({"scope": ""}, "Choose which ones"),
        ({"scope": "ticked", "tick": []}, "Tick those that are meant"),
        ({"scope": "all"}, "Some are ticked"),
        ({"kind": ""}, "Choose what becomes of them"),
        ({"kind": "reopen"}, "Not a valid choice"),
    ],
)
def test_a_slip_is_refused_and_the_ticks_stay(
    cora: FlaskClient, lost: Phone, day: Day, changes: dict[str, Any], words: str
) -> None:
    url, _page, items = group_page(cora)
    number = items[1].partition(":")[0]
    answer = cora.post(url, data=sent(items, scope="ticked", tick=[number]) | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert (f'value="{number}" checked' in answer.text) == (changes.get("tick") != [])
    assert db.session.scalars(sa.select(FrameDecision)).all() == []


def test_nobodys_can_only_be_dismissed(cora: FlaskClient, phone: Phone, day: Day) -> None:
    for minute in range(3):
        badge = f"{minute:02x}" * 32
        phone.record(
            "check_in", day.at(minute), session=str(day.session.id), badge_hash=badge, not_enrolled=True
        )
    phone.upload()
    refresh_completions([one.id for one in day.enrollments])
    db.session.commit()
    groups = cora.get("/quarantine/groups?list=nobodys").text
    url = re.findall(r'href="(/quarantine/group\?[^"]+)"', groups)[0].replace("&amp;", "&")
    page = cora.get(url).text
    items = items_on(page)
    assert 'value="accept"' not in page
    assert cora.post(url, data=sent(items)).status_code == 422
    assert "All 3 are decided" in cora.post(url, data=sent(items, kind="dismiss")).text
    assert "Nothing waits" in cora.get("/quarantine/groups?list=nobodys").text
    settled()


def test_what_is_not_there_is_not_found(cora: FlaskClient, lost: Phone) -> None:
    url, _page, items = group_page(cora)
    assert cora.post(url, data=sent(["999999:0"])).status_code == 404
    for broken in (["1"], ["x:0"], ["1:-1"], ["9" * 30 + ":0"], [items[0]] * 101):
        assert cora.post(url, data=sent(broken)).status_code == 400
    for path in ("?phone=nonsense", "", "?list=decided"):
        assert cora.get(f"/quarantine/group{path}").status_code == 404
    assert "Nothing of this waits any more" in cora.get(f"/quarantine/group?phone={uuid7()}").text
    assert db.session.scalars(sa.select(FrameDecision)).all() == []


@pytest.mark.parametrize("who", ["tom", "emil", "stella", "rita"])
def test_other_roles_see_nothing_of_it(signed_in_as: Any, day: Day, lost: Phone, who: str) -> None:
    client = signed_in_as(getattr(day.cast, who))
    for path in ("/quarantine/groups", f"/quarantine/group?phone={lost.device}"):
        assert client.get(path).status_code == 403
    assert client.post(f"/quarantine/group?phone={lost.device}", data=sent([])).status_code == 403
