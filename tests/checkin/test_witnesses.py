"""What somebody decides or judges counts only from whoever trains there; nobody's word is thrown away."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import Event
from labtracker.checkin.queries import standing_events
from labtracker.completion.services import refresh_completions
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Release
from labtracker.scheduling.models import Deployment, Session
from tests.checkin.conftest import Day, a_cohort, a_deployment, a_session
from tests.checkin.phone import Phone
from tests.checkin.test_crews import check_in, join, settled, status, tess
from tests.checkin.test_intake import attendance

__all__ = ["tess"]

LEARNING = ("assessment", "sign_off")


@pytest.fixture(autouse=True)
def _judged(day: Day) -> None:
    # The day's people were not enrolled by the service, which would have told completion of them.
    refresh_completions([enrollment.id for enrollment in day.enrollments])
    db.session.commit()


def learned(day: Day) -> list[str]:
    found = standing_events(enrollment_ids=[day.enrollments[0].id], types=LEARNING)
    return [event.type for event in found]


def releases() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Release)) or 0


def her_deployment(day: Day) -> Deployment:
    return a_deployment(day.cast.wiring_lab, day.cast.dairy_site, [day.cast.tess], day.session.starts_at)


def minutes(day: Day) -> int | None:
    found = attendance(day.session, day.enrollments[0])
    return found.credited_minutes if found else None


@pytest.mark.parametrize("kind", ["session_cancel", "session_close", "session_open"])
@pytest.mark.parametrize("nobody", [True, False])
def test_a_stranger_ends_nobodys_session(
    phone: Phone, tess: Phone, day: Day, kind: str, nobody: bool
) -> None:
    check_in(phone, day)
    phone.record("check_out", day.at(120), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    before = minutes(day), db.session.get_one(Session, day.session.id).ended_early_at
    ended: dict[str, Any] = {"ended_ms": day.at(1)} if kind == "session_cancel" else {}
    who = {"by": None} if nobody else {}
    tess.record(kind, day.at(1), session=str(day.session.id), **ended, **who)
    answer = tess.upload()
    assert [result["verdict"] for result in answer["results"]] == ["stored"]
    session = db.session.get_one(Session, day.session.id)
    assert (minutes(day), session.ended_early_at) == before
    assert session.closed_at is None
    settled()
    join(day, day.cast.tess)
    session = db.session.get_one(Session, day.session.id)
    if kind == "session_cancel" and not nobody:
        assert minutes(day) != before[0]
    if kind == "session_close":
        assert (session.closed_at is not None) is not nobody
    settled()


def test_a_strangers_excuse_excuses_nobody_until_they_are_on_the_crew(
    phone: Phone, tess: Phone, day: Day
) -> None:
    phone.record("session_close", day.at(480), session=str(day.session.id))
    phone.upload()
    assert status(day) == "absent"
    tess.record("excuse", day.at(1), session=str(day.session.id), enrollment=str(day.enrollments[0].id))
    tess.upload()
    assert status(day) == "absent"
    settled()
    join(day, day.cast.tess)
    assert status(day) == "excused"
    settled()


@pytest.mark.parametrize("where", ["nowhere", "in her own session", "in theirs"])
def test_a_stranger_neither_judges_nor_witnesses(tess: Phone, day: Day, where: str) -> None:
    other = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring, Lamar", utc_now())
    own = a_session(other, her_deployment(day), day.session.starts_at)
    db.session.commit()
    session = {"nowhere": None, "in her own session": str(own.id), "in theirs": str(day.session.id)}[where]
    who = {"session": session, "enrollment": str(day.enrollments[0].id)}
    tess.record("assessment", day.at(1), score=100, **who)
    tess.record("sign_off", day.at(2), skill="LOTO", **who)
    tess.record("consent", day.at(3), granted=True, **who)
    answer = tess.upload()
    assert {result["verdict"] for result in answer["results"]} == {"stored"}
    assert {flag for flags in db.session.scalars(sa.select(Event.flags)) for flag in flags} == {"not_on_crew"}
    assert learned(day) == []
    assert releases() == 0
    settled()
    join(day, day.cast.tess)
    assert learned(day) == ["assessment", "sign_off"]
    assert releases() == 1
    settled()


def test_whoever_lets_a_worker_make_up_for_a_session_judges_them(tess: Phone, day: Day) -> None:
    other = a_cohort(day.session.cohort.course, day.cast.dairy_site, "Another cohort", utc_now())
    own = a_session(other, her_deployment(day), day.session.starts_at)
    db.session.commit()
    who = {"session": str(own.id), "enrollment": str(day.enrollments[0].id)}
    tess.record("assessment", day.at(1), score=100, **who)
    tess.record("consent", day.at(3), granted=True, **who)
    tess.upload()
    assert learned(day) == ["assessment"]
    assert releases() == 1
    settled()


def test_a_coordinator_decides_and_judges_anywhere_while_they_are_it(phone: Phone, day: Day) -> None:
    check_in(phone, day)
    cora = Phone(phone.client)
    code = create_pairing_code(actor=day.cast.cora, now=utc_now())
    db.session.commit()
    cora.pair(code)
    who = {"session": str(day.session.id), "by": str(day.cast.cora.id)}
    cora.record("assessment", day.at(1), score=90, enrollment=str(day.enrollments[0].id), **who)
    cora.record("session_close", day.at(300), **who)
    cora.upload()
    assert learned(day) == ["assessment"]
    assert db.session.get_one(Session, day.session.id).closed_at is not None
    settled()
