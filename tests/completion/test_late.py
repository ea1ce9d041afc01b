"""Records that come after the close-out: figures follow, and the people concerned are told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts import services as accounts
from labtracker.accounts.models import Person
from labtracker.certificates.models import Certificate
from labtracker.certificates.queries import is_doubtful
from labtracker.checkin.services import rebuild, record_web_event
from labtracker.completion import services
from labtracker.completion.models import Completion, LateChange
from labtracker.completion.queries.late import arrived_late, changes_of, waiting_count
from labtracker.completion.words import change_words
from labtracker.extensions import db
from labtracker.jobs.models import Job, MailMessage
from labtracker.roster.models import Enrollment
from labtracker.roster.services import record_release
from labtracker.scheduling.models import Cohort, Session
from tests.cast import Cast
from tests.certificates.builders import issued, keep_a_key
from tests.completion.builders import LATER, enrolled_cohort, hold_all, tell

SignedInAs = Callable[[Person], FlaskClient]
LATE = datetime(2026, 7, 3, 16, 0, tzinfo=UTC)


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    """Closed out: Ana completed, Bo and Cy never came. Each of them released their attendance but Cy."""
    found, people = enrolled_cohort(cast)
    hold_all(cast, found, people[:1])
    for one in people[:2]:
        tell(cast, "assessment", found.sessions[-1].ends_at, enrollment=str(one.id), score=80)
        for skill in found.skills:
            tell(cast, "sign_off", found.sessions[-1].ends_at, enrollment=str(one.id), skill=str(skill["id"]))
        record_release(one.worker, given_at=LATER, witnessed_by_id=cast.tom.id, event_id=None, now=LATER)
    services.close_out_cohort(found, actor=cast.cora, now=LATER)
    db.session.commit()
    return found


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    found = db.session.scalars(sa.select(Enrollment).where(Enrollment.cohort_id == cohort.id))
    return sorted(found, key=lambda one: one.worker.family_name)


def attend_late(cast: Cast, session: Session, enrollment: Enrollment, now: datetime = LATE) -> None:
    """What a phone knew of one worker in one session comes only now."""
    for kind, at in (("check_in", session.starts_at), ("check_out", session.ends_at)):
        body = {"type": kind, "session": str(session.id), "enrollment": str(enrollment.id)}
        record_web_event(actor=cast.tom, now=now, at=at, body=body)
    db.session.commit()


def state_of(enrollment: Enrollment) -> str:
    return db.session.get_one(Completion, enrollment.id, populate_existing=True).state


def mails(now: datetime) -> dict[str, list[str]]:
    """What is sent at an instant: to whom, by the subject."""
    db.session.execute(sa.delete(Job))
    db.session.execute(sa.delete(MailMessage))
    accounts.send_reminders(now)
    found: dict[str, list[str]] = {}
    for mail in db.session.scalars(sa.select(MailMessage).order_by(MailMessage.recipient)):
        found.setdefault(mail.subject, []).append(mail.recipient.partition("@")[0])
    return found


def test_figures_follow_and_the_change_is_noted_once_for_each_worker(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    _ana, bo, _cy = people
    assert state_of(bo) == "no_show"
    for session in cohort.sessions:
        attend_late(cast, session, bo)
    assert state_of(bo) == "complete"
    (change,) = changes_of(cohort.id)
    assert change.enrollment_id == bo.id
    assert change_words(change.before, change.after) == "never attended, now complete; 0 h, now 24 h"
    assert waiting_count() == 1
    came = arrived_late(cohort)
    assert {one.logged.event.type for one in came} == {"check_in", "check_out"}
    assert {one.logged.by for one in came} == {cast.tom.name}
    rebuild(now=LATE + timedelta(days=1))
    assert len(changes_of(cohort.id)) == 1


def test_one_mail_to_coordinators_and_one_to_the_employer_of_who_released(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    _ana, bo, cy = people
    for session in cohort.sessions:
        attend_late(cast, session, bo)
        attend_late(cast, session, cy)
    sent = mails(LATE)
    assert sent == {
        f"Changed after the close-out: {cohort.name}": ["cora"],
        f"A result of your people changed: {cohort.name}": ["emil"],
    }
    texts = {one.recipient: one.text for one in db.session.scalars(sa.select(MailMessage))}
    assert bo.worker.name in texts[cast.cora.email]
    assert cy.worker.name in texts[cast.cora.email]
    assert bo.worker.name in texts[cast.emil.email]
    assert cy.worker.name not in texts[cast.emil.email]
    assert mails(LATE + timedelta(hours=1)) == {}


def test_a_coordinator_acknowledges_and_the_history_stays(
    cast: Cast, cohort: Cohort, people: list[Enrollment], signed_in_as: SignedInAs
) -> None:
    attend_late(cast, cohort.sessions[0], people[1])
    cora, path = signed_in_as(cast.cora), f"/cohorts/{cohort.id}/late-changes/acknowledgement"
    assert people[1].worker.name in cora.get("/late-changes").text
    assert "Changed after the close-out" in cora.get(f"/cohorts/{cohort.id}/completion").text
    read_by_rita = signed_in_as(cast.rita).get(f"/reports/completion/cohorts/{cohort.id}").text
    assert "Changed after the close-out" in read_by_rita
    for other in (cast.tom, cast.emil, cast.rita):
        assert signed_in_as(other).get("/late-changes").status_code == 403
        assert signed_in_as(other).post(path).status_code == 403
    assert cora.post(path).status_code == 303
    assert "Nothing changed after a close-out" in cora.get("/late-changes").text
    assert mails(LATE) == {}
    page = cora.get(f"/cohorts/{cohort.id}/completion").text
    assert "Changed after the close-out" not in page
    assert f"acknowledged by {cast.cora.name}" in page
    attend_late(cast, cohort.sessions[1], people[1], LATE + timedelta(days=2))
    first, second = sorted(changes_of(cohort.id), key=lambda one: one.first_at)
    assert first.after == second.before


def test_what_a_coordinator_decides_is_no_late_change(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    services.override_completion(people[2], complete=True, reason="Tested out", actor=cast.cora, now=LATE)
    assert changes_of(cohort.id) == []
    attend_late(cast, cohort.sessions[0], people[1])
    services.reopen_cohort(cohort, actor=cast.cora, now=LATE + timedelta(hours=1))
    assert waiting_count() == 0
    attend_late(cast, cohort.sessions[1], people[1], LATE + timedelta(hours=2))
    assert waiting_count() == 0


def test_a_certificate_with_other_hours_is_listed(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    keep_a_key()
    issued(cast, people[0])
    listed = sa.select(sa.func.count()).select_from(Certificate).where(is_doubtful())
    assert db.session.scalar(listed) == 0
    body = {"type": "session_cancel", "session": str(cohort.sessions[0].id)}
    ended_ms = round((cohort.sessions[0].starts_at + timedelta(hours=2)).timestamp() * 1000)
    at = cohort.sessions[0].starts_at + timedelta(hours=2)
    record_web_event(actor=cast.tom, now=LATE, at=at, body={**body, "ended_ms": ended_ms})
    db.session.commit()
    row = db.session.get_one(Completion, people[0].id, populate_existing=True)
    assert row.credited_minutes < 24 * 60
    assert db.session.scalar(listed) == 1
    assert db.session.scalar(sa.select(sa.func.count(LateChange.id))) == 3, "everybody's scheduled hours"
