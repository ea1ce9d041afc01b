"""Who waits for a site to be settled hears of it, in their language, with what is lacking still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.accounts.rules import MailKind
from labtracker.accounts.services import choose_mail
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.scheduling import services
from labtracker.scheduling.models import Deployment
from tests.cast import Cast
from tests.labs.checks import checked, welding_needs
from tests.scheduling.builders import planned

Signer = Callable[[Person], FlaskClient]


@pytest.fixture
def stay(cast: Cast, now: datetime) -> Deployment:
    """A visit that waits for the site's check before its days can be confirmed."""
    welding_needs(cast)
    return planned(cast, now)


def written() -> list[MailMessage]:
    """The mails since somebody last looked."""
    mails = list(db.session.scalars(sa.select(MailMessage)))
    db.session.execute(sa.delete(MailMessage))
    return mails


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "You can confirm your visit now: "), ("es", "Ya puede confirmar su visita: ")],
)
def test_the_employer_hears_that_the_days_can_be_confirmed(
    cast: Cast, stay: Deployment, now: datetime, signed_in_as: Signer, language: str, subject: str
) -> None:
    cast.emil.language = language
    draft = checked(cast, now, {}, final=False)
    written()
    services.finalise_check(check=draft, actor=cast.cora, now=now)
    (mail,) = written()
    db.session.commit()
    booking = stay.cohorts[0].booking
    assert booking is not None
    assert mail.recipient == cast.emil.email
    assert mail.language == language
    assert mail.subject.startswith(subject)
    assert f"/bookings/{booking.id}" in mail.text
    emil = signed_in_as(cast.emil)
    answer = emil.post(f"/bookings/{booking.id}/confirmation", data={"version": booking.version})
    assert answer.status_code == 303
    assert booking.status == "confirmed"


def test_a_check_with_conditions_says_what_is_lacking_and_the_last_acceptance_that_nothing_is(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    lab = welding_needs(cast, wifi=True)
    draft = checked(cast, now, {"restrooms": False, "wifi": False}, lab=lab, final=False)
    written()
    services.finalise_check(check=draft, actor=cast.cora, now=now)
    (mail,) = written()
    assert mail.subject.startswith("Your site is checked, something is lacking still")
    assert "\n- Mill gate 3 is ready for Welding lab on 2 conditions" in mail.text
    keys = [one["key"] for one in draft.judged["conditions"]]
    assert len(keys) == 2
    services.accept_condition(check=draft, key=keys[0], note="Rented.", actor=cast.cora, now=now)
    assert written() == []
    services.accept_condition(check=draft, key=keys[1], note="Next door.", actor=cast.cora, now=now)
    (mail,) = written()
    assert mail.subject.startswith("You can confirm your visit now")
    services.accept_condition(check=draft, key=keys[1], note="Again.", actor=cast.cora, now=now)
    assert written() == []


def test_who_lets_a_visit_go_without_a_check_tells_the_employer(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    written()
    services.waive_readiness(deployment=stay, reason="We know the yard.", actor=cast.cora, now=now)
    assert [mail.recipient for mail in written()] == [cast.emil.email]


def test_nobody_is_troubled_who_waits_for_nothing_or_wants_no_mail(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    # The dairy waits for nothing at the steel works; a check of its own site concerns no booking.
    written()
    checks = [checked(cast, now, {}, final=False, worksite=site) for site in (cast.dairy_site, cast.campus)]
    for check in checks:
        services.finalise_check(check=check, actor=cast.cora, now=now)
    assert written() == []
    choose_mail(cast.emil, set(MailKind) - {MailKind.BOOKINGS}, actor=cast.emil, now=now)
    draft = checked(cast, now, {}, final=False)
    services.finalise_check(check=draft, actor=cast.cora, now=now)
    assert written() == []


def test_what_is_refused_or_confirmed_already_is_no_news(
    cast: Cast, stay: Deployment, now: datetime, signed_in_as: Signer
) -> None:
    services.finalise_check(check=checked(cast, now, {}, final=False), actor=cast.cora, now=now)
    services.confirm_booking(booking=stay.cohorts[0].booking, actor=cast.emil, now=now)
    again = checked(cast, now, {}, final=False)
    db.session.commit()
    written()
    for person, status in ((cast.emil, 403), (cast.stella, 403), (cast.tom, 403)):
        answer = signed_in_as(person).post(f"/site-checks/{again.id}/finalisation", data={"version": 1})
        assert answer.status_code == status
    assert written() == []
    services.finalise_check(check=again, actor=cast.cora, now=now)
    assert written() == []
