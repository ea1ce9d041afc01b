"""Every mail of the calendar: to whom it concerns, in their language, with a page they may open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from markupsafe import escape

from labtracker.accounts.models import Person
from labtracker.accounts.rules import MailKind
from labtracker.accounts.services import choose_mail
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import BookingRequest, Deployment
from labtracker.scheduling.rules.states import Duty
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, submitted

Signer = Callable[[Person], FlaskClient]
PAGE = re.compile(r"http://127\.0\.0\.1:8000(/(?!mails/)\S+)")


@pytest.fixture
def stay(cast: Cast, now: datetime) -> Deployment:
    """Planned with Tom at the steel works."""
    return planned(cast, now)


def written() -> dict[str, MailMessage]:
    """The mails of one step, by the first part of whose they are."""
    mails = list(db.session.scalars(sa.select(MailMessage)))
    found = {mail.recipient.partition("@")[0]: mail for mail in mails}
    assert len(mails) == len(found), "somebody was told twice"
    forget()
    return found


def forget() -> None:
    """Look away from what was written before."""
    db.session.execute(sa.delete(MailMessage))


def booking_of(stay: Deployment) -> BookingRequest:
    booking = stay.cohorts[0].booking
    assert booking is not None
    return booking


def move_first(cast: Cast, stay: Deployment, now: datetime) -> None:
    session = stay.cohorts[0].sessions[0]
    services.move_session(
        session=session,
        starts_at=session.starts_at + timedelta(days=7),
        ends_at=session.ends_at + timedelta(days=7),
        break_minutes=30,
        actor=cast.cora,
        now=now,
    )


def add_one(cast: Cast, stay: Deployment, now: datetime) -> None:
    session = stay.cohorts[0].sessions[0]
    services.add_session(
        cohort=stay.cohorts[0],
        deployment=stay,
        starts_at=session.starts_at + timedelta(days=7),
        ends_at=session.ends_at + timedelta(days=7),
        break_minutes=30,
        trainers=[cast.tom],
        actor=cast.cora,
        now=now,
    )


STEPS: dict[str, tuple[Callable[[Cast, Deployment, datetime], object], set[str]]] = {
    "confirmed": (
        lambda cast, stay, now: services.confirm_booking(booking=booking_of(stay), actor=cast.emil, now=now),
        {"cora", "tom"},
    ),
    "withdrawn": (
        lambda cast, stay, now: services.withdraw_booking(
            booking=booking_of(stay), actor=cast.emil, now=now, reason="Too early"
        ),
        {"cora", "tom"},
    ),
    "deployment cancelled": (
        lambda cast, stay, now: services.cancel_deployment(
            deployment=stay, reason="Axle broke", actor=cast.cora, now=now
        ),
        {"emil", "tom"},
    ),
    "session moved": (move_first, {"emil", "tom"}),
    "session added": (add_one, {"emil", "tom"}),
    "session cancelled": (
        lambda cast, stay, now: services.cancel_session(
            session=stay.cohorts[0].sessions[0], reason="Snow", actor=cast.cora, now=now
        ),
        {"emil", "tom"},
    ),
    "crew added": (
        lambda cast, stay, now: services.add_to_crew(
            deployment=stay, person=cast.tess, actor=cast.cora, now=now
        ),
        {"tess"},
    ),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_step_is_told_to_whom_it_concerns_with_a_page_they_may_open(
    cast: Cast, stay: Deployment, now: datetime, signed_in_as: Signer, step: str, language: str
) -> None:
    for person in (cast.emil, cast.cora, cast.tom, cast.tess):
        person.language = language
    forget()
    take, people = STEPS[step]
    take(cast, stay, now)
    mails = written()
    db.session.commit()
    assert set(mails) == people
    for name, mail in mails.items():
        assert mail.language == language
        assert mail.subject
        assert len(mail.subject) < 100
        assert ("Good day" in mail.text) == (language == "en")
        assert mail.html
        page = PAGE.search(mail.text)
        assert page
        assert f'href="http://127.0.0.1:8000{page.group(1)}"' in mail.html
        greeting = next(line for line in mail.text.splitlines() if line)
        assert f"<p><strong>{escape(mail.subject)}</strong></p>" in mail.html
        assert f"<p>{escape(greeting)}</p>" in mail.html
        assert signed_in_as(getattr(cast, name)).get(page.group(1)).status_code == 200, name


@pytest.mark.parametrize(
    ("take", "people"),
    [
        (services.take_under_review, {"emil"}),
        (services.waitlist_booking, {"emil"}),
        (services.decline_booking, {"emil"}),
    ],
)
def test_an_answer_is_told_to_the_employer_with_its_reason(
    cast: Cast, now: datetime, take: Callable[..., object], people: set[str]
) -> None:
    booking = submitted(cast, now)
    assert set(written()) == {"emil", "cora"}
    reason = {} if take is services.take_under_review else {"reason": "The pass is closed"}
    take(booking=booking, actor=cast.cora, now=now, **reason)
    mails = written()
    assert set(mails) == people
    assert ("Reason: The pass is closed" in mails["emil"].text) == bool(reason)


def test_a_plan_names_lab_sessions_and_days(cast: Cast, now: datetime) -> None:
    booking = submitted(cast, now)
    forget()
    stay = services.plan_deployment(
        booking=booking, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY, actor=cast.cora, now=now
    )
    mails = written()
    assert "Lab: Welding lab" in mails["emil"].text
    assert re.search(r"Sessions: 3, May 4\s–\s6, 2026", mails["emil"].text)
    assert f"/bookings/{booking_of(stay).id}" in mails["emil"].text
    assert f"/deployments/{stay.id}" in mails["tom"].text


def test_a_moved_session_says_both_times_on_the_clocks_of_its_place(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    forget()
    move_first(cast, stay, now)
    text = written()["emil"].text.replace("\u202f", " ")
    assert "When: Mon, May 11, 2026, 6:00 AM MDT" in text
    assert "It was: Mon, May 4, 2026, 6:00 AM MDT" in text


def test_who_leaves_the_crew_is_told(cast: Cast, stay: Deployment, now: datetime) -> None:
    services.add_to_crew(deployment=stay, person=cast.tess, actor=cast.cora, now=now)
    forget()
    services.remove_from_crew(deployment=stay, person=cast.tess, duty=Duty.TRAINER, actor=cast.cora, now=now)
    assert written()["tess"].subject == "You are no longer on the crew at Mill gate 3"


def test_no_employer_hears_of_another_at_the_same_place(cast: Cast, stay: Deployment, now: datetime) -> None:
    other = planned(
        cast,
        now,
        employer=cast.dairy,
        actor=cast.stella,
        worksite=cast.dairy_site,
        first_on=date(2026, 6, 8),
    )
    # Two employers share one visit.
    theirs = other.cohorts[0]
    stay.cohorts.append(theirs)
    db.session.flush()
    forget()
    move_first(cast, stay, now)
    mails = written()
    assert "stella" not in mails
    assert "Steel Works" in mails["emil"].text or "Mill gate 3" in mails["emil"].text
    services.cancel_deployment(deployment=stay, reason="Axle broke", actor=cast.cora, now=now)
    mails = written()
    assert {"emil", "stella"} <= set(mails)
    assert "Steel" not in mails["stella"].text
    assert "Dairy" not in mails["emil"].text


def test_the_crew_of_a_hub_hears_that_it_is_placed_moved_and_cancelled(cast: Cast, now: datetime) -> None:
    visit = queries.visit_of(submitted(cast, now, worksite=cast.campus))
    forget()
    hub = services.place_lab(
        visit=visit,
        lab=cast.welding_lab,
        trainers=[cast.tom],
        drivers=[cast.tom, cast.tess],
        first_on=MONDAY,
        actor=cast.cora,
        now=now,
    )
    told = written()
    assert set(told) == {"tom", "tess"}
    assert told["tom"].subject == "You are on the crew at Main campus"
    assert f"/deployments/{hub.id}" in told["tess"].text
    assert told["tess"].html
    later = MONDAY + timedelta(days=7)
    services.move_deployment(deployment=hub, first_on=later, actor=cast.cora, now=now, expected_version=None)
    told = written()
    assert {mail.subject for mail in told.values()} == {"The visit at Main campus has moved"}
    assert set(told) == {"tom", "tess"}
    choose_mail(cast.tess, set(MailKind) - {MailKind.BOOKINGS}, actor=cast.tess, now=now)
    services.cancel_deployment(deployment=hub, reason="Flood", actor=cast.cora, now=now)
    told = written()
    assert set(told) == {"tom"}
    assert told["tom"].subject == "The visit at Main campus is cancelled"


def test_spanish_mails_tell_the_time_as_pages_do(cast: Cast, stay: Deployment, now: datetime) -> None:
    cast.emil.language = "es"
    forget()
    move_first(cast, stay, now)
    text = written()["emil"].text.replace("\u202f", " ")
    assert "6:00 a.m. MDT" in text
    assert not re.search(r"\d:\d\d(?! [ap]\.m\.)", text.partition("http")[0])
