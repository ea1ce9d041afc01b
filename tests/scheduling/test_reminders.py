"""Reminders come once for each occasion, to those whom it concerns, by day, and to nobody who wants none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labtracker.accounts import services as accounts
from labtracker.accounts.models import Person
from labtracker.accounts.rules import MailKind, is_quiet
from labtracker.extensions import db
from labtracker.fleet.models import DriverLicence, Inspection
from labtracker.jobs.models import Job, MailMessage
from labtracker.jobs.services import ask_for_recurring, run_due
from labtracker.roster.services import WorkerFacts, add_worker, enroll
from labtracker.scheduling import services
from labtracker.scheduling.models import Deployment
from tests.cast import Cast
from tests.labs.checks import checked
from tests.scheduling.builders import MONDAY, planned, submitted

FIRST = datetime(2026, 5, 4, 12, tzinfo=UTC)  # six in the morning at the mill
MORNING = datetime(2026, 5, 2, 14, tzinfo=UTC)  # eight o'clock there, 46 hours before


def remind(now: datetime) -> dict[str, list[str]]:
    """What is sent at an instant: who, by the beginning of the subject."""
    db.session.execute(sa.delete(Job))
    db.session.execute(sa.delete(MailMessage))
    accounts.send_reminders(now)
    found: dict[str, list[str]] = {}
    for mail in db.session.scalars(sa.select(MailMessage).order_by(MailMessage.recipient)):
        found.setdefault(mail.subject, []).append(mail.recipient.partition("@")[0])
    return found


@pytest.fixture
def visit(cast: Cast, now: datetime) -> Deployment:
    """Confirmed for Monday at six, with nobody on the roster yet."""
    deployment = planned(cast, now)
    services.confirm_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=now)
    return deployment


def put_on_roster(cast: Cast, visit: Deployment, now: datetime) -> None:
    worker = add_worker(WorkerFacts("Ana", "Gómez"), employer=cast.steel, actor=cast.emil, now=now)
    enroll(worker, visit.cohorts[0], actor=cast.emil, now=now)


def test_crew_and_employer_hear_of_a_visit_two_days_before_once(
    cast: Cast, visit: Deployment, now: datetime
) -> None:
    put_on_roster(cast, visit, now)
    subject = "The visit at Mill gate 3 begins soon"
    assert remind(FIRST - timedelta(hours=49)) == {}
    assert remind(MORNING) == {subject: ["emil", "tom"]}
    assert remind(MORNING + timedelta(hours=1)) == {}
    services.add_to_crew(deployment=visit, person=cast.tess, actor=cast.cora, now=MORNING)
    assert remind(MORNING + timedelta(hours=2)) == {subject: ["tess"]}
    assert remind(FIRST + timedelta(minutes=1)) == {}


def test_a_reminder_names_time_and_place_in_the_readers_language(
    cast: Cast, visit: Deployment, now: datetime
) -> None:
    put_on_roster(cast, visit, now)
    cast.emil.language = "es"
    remind(MORNING)
    mail = db.session.scalars(sa.select(MailMessage).where(MailMessage.recipient == cast.emil.email)).one()
    assert "Mill gate 3, 1 Mill Road, Pueblo" in mail.text
    assert "6:00" in mail.text
    assert "MDT" in mail.text
    assert f"/deployments/{visit.id}" in mail.text
    assert "Usted recibe este correo porque" in mail.text
    assert mail.html
    assert "Mill gate 3" in mail.html


def test_nobody_is_reminded_at_night_but_in_the_morning(cast: Cast, visit: Deployment, now: datetime) -> None:
    put_on_roster(cast, visit, now)
    assert remind(FIRST - timedelta(hours=47, minutes=30)) == {}
    assert remind(FIRST - timedelta(hours=47)) != {}
    assert is_quiet(datetime(2026, 5, 2, 12, 59, tzinfo=UTC), "America/Denver")
    assert not is_quiet(datetime(2026, 5, 3, 1, 59, tzinfo=UTC), "America/Denver")
    assert is_quiet(datetime(2026, 5, 3, 2, 0, tzinfo=UTC), "America/Denver")


def test_who_wants_no_reminders_gets_none_and_nothing_stale_later(
    cast: Cast, visit: Deployment, now: datetime
) -> None:
    put_on_roster(cast, visit, now)
    accounts.choose_mail(cast.emil, set(MailKind) - {MailKind.REMINDERS}, actor=cast.emil, now=now)
    assert remind(MORNING) == {"The visit at Mill gate 3 begins soon": ["tom"]}
    accounts.choose_mail(cast.emil, set(MailKind), actor=cast.emil, now=now)
    assert remind(MORNING + timedelta(hours=1)) == {}


def test_what_was_called_off_reminds_nobody(cast: Cast, visit: Deployment, now: datetime) -> None:
    services.cancel_booking(
        booking=visit.cohorts[0].booking, reason="Flood", actor=cast.emil, now=now + timedelta(days=1)
    )
    assert remind(MORNING) == {}


def test_an_employer_hears_ten_days_ahead_that_the_roster_is_missing(
    cast: Cast, visit: Deployment, now: datetime
) -> None:
    name = visit.cohorts[0].name
    assert remind(FIRST - timedelta(days=10, hours=1)) == {}
    assert remind(FIRST - timedelta(days=9, hours=20)) == {f"The roster is missing: {name}": ["emil"]}
    mail = db.session.scalars(sa.select(MailMessage)).one()
    assert f"/cohorts/{visit.cohorts[0].id}/roster/import" in mail.text
    assert remind(FIRST - timedelta(days=8, hours=20)) == {}


def test_no_roster_is_missing_where_somebody_is_enrolled(
    cast: Cast, visit: Deployment, now: datetime
) -> None:
    put_on_roster(cast, visit, now)
    assert remind(FIRST - timedelta(days=9, hours=20)) == {}


def test_the_office_hears_of_a_message_that_nobody_answered_for_two_working_days(
    cast: Cast, now: datetime
) -> None:
    booking = submitted(cast, now)
    friday = datetime(2026, 4, 17, 20, tzinfo=UTC)
    services.write_message(booking=booking, text="Well?", actor=cast.emil, now=friday)
    services.write_message(booking=booking, text="Hello?", actor=cast.emil, now=friday + timedelta(days=3))
    assert remind(friday + timedelta(days=3)) == {}
    subject = "Steel Works waits for an answer"
    assert remind(friday + timedelta(days=4)) == {subject: ["cora"]}
    assert remind(friday + timedelta(days=5)) == {}


def test_what_was_answered_waits_for_nobody(cast: Cast, now: datetime) -> None:
    booking = submitted(cast, now)
    services.write_message(booking=booking, text="Well?", actor=cast.emil, now=now)
    services.write_message(booking=booking, text="Yes.", actor=cast.cora, now=now + timedelta(hours=3))
    assert remind(now + timedelta(days=4)) == {}
    services.write_message(booking=booking, text="And?", actor=cast.emil, now=now + timedelta(days=5))
    services.withdraw_booking(booking=booking, actor=cast.emil, now=now + timedelta(days=5))
    assert remind(now + timedelta(days=9)) == {}


def licence(person: Person, expires_on: date, now: datetime) -> DriverLicence:
    return DriverLicence(
        person_id=person.id, licence_class="a", expires_on=expires_on, noted_at=now, noted_by_id=person.id
    )


def test_licences_and_inspections_that_come_due_are_told(cast: Cast, now: datetime) -> None:
    db.session.add_all(
        [
            licence(cast.tom, now.date() + timedelta(days=20), now),
            licence(cast.tess, now.date() + timedelta(days=60), now),
            Inspection(
                lab=cast.welding_lab,
                name="Brakes",
                every_months=12,
                last_done_on=MONDAY - timedelta(days=365),
                next_due_on=MONDAY,
                created_at=now,
            ),
        ]
    )
    db.session.flush()
    assert remind(now) == {
        "A driver’s license ends: Tom Baca": ["cora", "tom"],
        "An inspection is due: Welding lab": ["cora"],
    }
    assert remind(now + timedelta(days=1)) == {}
    cast.welding_lab.retired_at = now
    assert remind(now + timedelta(days=40)) == {"A driver’s license ends: Tess Nakai": ["cora", "tess"]}


LAPSES = "The check of Mill gate 3 lapses soon"


def test_the_office_and_an_employer_who_awaits_a_visit_hear_once_that_a_check_lapses(
    cast: Cast, now: datetime
) -> None:
    checked(cast, now, {}, expires_on=now.date() + timedelta(days=31))
    checked(cast, now, {}, worksite=cast.dairy_site, expires_on=now.date() + timedelta(days=31))
    deployment = planned(cast, now, first_on=date(2026, 5, 18))
    assert remind(now) == {}
    noon = now + timedelta(days=1)
    cast.emil.language = "es"
    assert remind(noon) == {
        "La revisión de Mill gate 3 vence pronto": ["emil"],
        LAPSES: ["cora"],
        "The check of Milking barn lot lapses soon": ["cora"],
    }
    mail = db.session.scalars(sa.select(MailMessage).where(MailMessage.recipient == cast.emil.email)).one()
    assert "Vale hasta: jue, 14 de may de 2026" in mail.text
    assert "El laboratorio llega después, el: vie, 15 de may de 2026" in mail.text
    assert f"/worksites/{cast.steel_site.id}/checks" in mail.text
    assert mail.html
    assert "Laboratorio: Welding lab" in mail.html
    assert remind(noon + timedelta(days=1)) == {}
    services.withdraw_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=noon)
    checked(cast, noon, {}, expires_on=now.date() + timedelta(days=32))
    assert remind(noon + timedelta(days=2)) == {LAPSES: ["cora"]}


def test_who_asked_for_a_visit_hears_of_it_and_who_wants_none_does_not(cast: Cast, now: datetime) -> None:
    checked(cast, now, {}, expires_on=now.date() + timedelta(days=20))
    submitted(cast, now)
    accounts.choose_mail(cast.cora, set(MailKind) - {MailKind.REMINDERS}, actor=cast.cora, now=now)
    assert remind(now) == {LAPSES: ["emil"]}


def test_checks_that_matter_to_nobody_any_more_remind_nobody(cast: Cast, now: datetime) -> None:
    soon = now.date() + timedelta(days=20)
    checked(cast, now, {"surface": "grass", "pad_length_ft": 10}, expires_on=soon)
    checked(cast, now, {}, worksite=cast.dairy_site, expires_on=soon)
    cast.dairy_site.archived_at = now
    assert remind(now) == {}
    cast.dairy_site.archived_at = None
    cast.welding_lab.retired_at = now
    assert remind(now) == {}
    cast.welding_lab.retired_at = None
    checked(cast, now + timedelta(hours=1), {}, worksite=cast.dairy_site)
    assert remind(now + timedelta(hours=1)) == {}


def test_the_worker_looks_for_reminders_every_half_hour(cast: Cast, visit: Deployment, now: datetime) -> None:
    put_on_roster(cast, visit, now)
    db.session.execute(sa.delete(Job))
    db.session.commit()
    ask_for_recurring(MORNING)
    run_due(MORNING, "test")
    sent = sa.select(sa.func.count()).where(MailMessage.subject.startswith("The visit at Mill gate 3 begins"))
    assert db.session.scalar(sent) == 2
    for minutes in (1, 29, 31, 61):
        ask_for_recurring(MORNING + timedelta(minutes=minutes))
        run_due(MORNING + timedelta(minutes=minutes), "test")
    assert db.session.scalar(sent) == 2
    asked = db.session.scalars(sa.select(Job.due_at).where(Job.kind == "remind").order_by(Job.due_at)).all()
    assert asked[:2] == [MORNING, MORNING + timedelta(minutes=30)]
