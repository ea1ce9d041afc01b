"""Links to the own page: who gets one, what spends it, and what makes it worthless."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import Job
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import utc_now
from labtracker.own_page import queries, services
from labtracker.own_page.models import OwnLink, OwnVisit
from labtracker.own_page.rules import KEPT, LINK_LIFETIMES, Channel, Obstacle
from labtracker.own_page.services.following import tidy_own_pages
from labtracker.own_page.services.linking import issue_link
from labtracker.roster.models import Worker
from labtracker.roster.queries import applications_of
from labtracker.roster.services import (
    WorkerFacts,
    apply_import,
    archive_worker,
    change_worker,
    stage_import,
    table_from_text,
    undo_application,
)
from tests.cast import Cast
from tests.completion.builders import LATER, enrolled_cohort, hold
from tests.own_page.builders import MAIL, ask, link_in, mailed, mailed_link, open_in_browser, with_mail

TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def ana(cast: Cast) -> Worker:
    """Ana, who has an address of her own."""
    return with_mail(enrolled_cohort(cast)[1][0].worker)


def secret_of(path: str) -> str:
    return path.rpartition("/")[2]


def test_a_link_goes_to_the_address_on_the_roster(client: FlaskClient, ana: Worker) -> None:
    ana.phone, ana.language = "+17195550142", "es"
    db.session.commit()
    for contact in (" Ana@Mail.example ", "(719) 555-0142"):
        ask(client, contact)
        assert mailed()[0].recipient == MAIL
        assert mailed()[0].language == "es"
    assert len(mailed()) == 2


def test_known_or_not_everybody_gets_the_same_answer(client: FlaskClient, ana: Worker) -> None:
    with_mail(ana)
    pages, jobs = [], []
    for contact in (MAIL, "nobody@mail.example", "719 555 0188"):
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Job))
        answer = client.post("/my-training/link", data={"contact": contact})
        pages.append((answer.status_code, TOKEN.sub("", answer.text)))
        jobs.append((db.session.scalar(sa.select(sa.func.count()).select_from(Job)) or 0) - (before or 0))
    assert len(set(pages)) == 1
    assert jobs == [1, 1, 1]


def test_what_is_neither_mail_nor_telephone_is_said_and_not_asked_for(
    client: FlaskClient, cast: Cast
) -> None:
    for contact in ("", "ana", "ana@", "078-05-1120", "078051120"):
        answer = client.post("/my-training/link", data={"contact": contact})
        assert answer.status_code == 422
        assert "07805" not in answer.text.replace("-", "")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


@pytest.mark.one_database
def test_asking_often_is_answered_alike_and_mails_little(client: FlaskClient, ana: Worker) -> None:
    pages = {TOKEN.sub("", ask(client, MAIL)) for _time in range(8)}
    assert len(pages) == 1
    assert len(mailed()) == 4
    statuses = {
        client.post("/my-training/link", data={"contact": f"w{number}@mail.example"}).status_code
        for number in range(50)
    }
    assert statuses == {200, 429}


def test_nobody_gets_the_page_of_somebody_with_the_same_address(
    client: FlaskClient, cast: Cast, ana: Worker
) -> None:
    other = Worker(
        given_name="Eva", family_name="Archuleta", employer=cast.dairy, created_at=LATER, email=MAIL
    )
    other.archived_at = LATER
    db.session.add(other)
    db.session.commit()
    ask(client, MAIL)
    ana.phone = "+17195550142"
    db.session.commit()
    ask(client, "719 555 0142")
    with_mail(ana, MAIL.replace("@", "+ana@"))
    ask(client, ana.email or "")
    assert mailed() == []
    assert queries.mail_obstacle(ana) is Obstacle.SHARED


def test_an_employers_own_address_opens_no_workers_page(client: FlaskClient, cast: Cast, ana: Worker) -> None:
    for address in (cast.emil.email, cast.emil.email.replace("@", "+ana@")):
        with_mail(ana, address)
        ask(client, address)
        assert mailed() == []
        assert queries.mail_obstacle(ana) is Obstacle.EMPLOYERS


def facts(worker: Worker, email: str) -> WorkerFacts:
    return WorkerFacts(given_name=worker.given_name, family_name=worker.family_name, email=email)


def test_an_employer_cannot_send_the_link_elsewhere_once_training_began(
    client: FlaskClient, cast: Cast
) -> None:
    cohort, (ana, *_others) = enrolled_cohort(cast)
    change_worker(
        ana.worker,
        facts(ana.worker, MAIL),
        now=cohort.sessions[0].starts_at - timedelta(days=1),
        actor=cast.emil,
    )
    assert queries.mail_obstacle(ana.worker) is None
    hold(cast, cohort.sessions[0], [ana])
    after = cohort.sessions[0].ends_at
    change_worker(ana.worker, facts(ana.worker, "boss@mail.example"), now=after, actor=cast.emil)
    db.session.commit()
    ask(client, "boss@mail.example")
    assert mailed() == []
    assert queries.mail_obstacle(ana.worker) is Obstacle.CHANGED
    change_worker(
        ana.worker, facts(ana.worker, "new@mail.example"), now=after + timedelta(hours=1), actor=cast.cora
    )
    assert queries.mail_obstacle(ana.worker) is None


def test_nor_by_a_spreadsheet(cast: Cast) -> None:
    cohort, (ana, *_others) = enrolled_cohort(cast)
    ana.worker.employee_number = "E-1"
    hold(cast, cohort.sessions[0], [ana])
    now = cohort.sessions[0].ends_at
    who: dict[str, Any] = {"actor": cast.emil, "now": now, "today": now.date()}
    sheet = "Name,Employee number,E-mail\nAna Archuleta,E-1,boss@mail.example\n"
    table = table_from_text(sheet, today=now.date())
    staged = stage_import(table, filename="steel.csv", cohort=cohort, employer=cast.steel, **who)
    apply_import(staged, decisions={2: str(ana.worker.id)}, **who)
    assert ana.worker.email == "boss@mail.example"
    assert queries.mail_obstacle(ana.worker) is Obstacle.CHANGED


def test_nor_by_undoing_what_the_college_put_right(cast: Cast) -> None:
    cohort, (ana, *_others) = enrolled_cohort(cast)
    ana.worker.employee_number = "E-1"
    hold(cast, cohort.sessions[0], [ana])
    now = cohort.sessions[0].ends_at
    change_worker(ana.worker, facts(ana.worker, "boss@mail.example"), now=now, actor=cast.emil)
    ana.worker.employee_number = "E-1"
    who: dict[str, Any] = {"actor": cast.cora, "now": now + timedelta(hours=1), "today": now.date()}
    table = table_from_text(f"Name,Employee number,E-mail\nAna Archuleta,E-1,{MAIL}\n", today=now.date())
    staged = stage_import(table, filename="steel.csv", cohort=cohort, employer=cast.steel, **who)
    apply_import(staged, decisions={2: str(ana.worker.id)}, **who)
    assert queries.mail_obstacle(ana.worker) is None
    (step,) = applications_of(staged)
    undo_application(step, actor=cast.emil, now=now + timedelta(hours=2))
    assert ana.worker.email == "boss@mail.example"
    assert queries.mail_obstacle(ana.worker) is Obstacle.CHANGED


def test_an_address_that_was_used_is_not_replaced_unseen(
    app: Flask, cast: Cast, ana: Worker, signed_in_as: SignedInAs
) -> None:
    browser = open_in_browser(app, ana)
    with_mail(ana, "boss@mail.example")
    assert browser.get("/my-training").location == "/my-training/link"
    assert queries.mail_obstacle(ana) is Obstacle.CHANGED
    path = f"/workers/{ana.id}/own-page"
    assert "asked the worker" in signed_in_as(cast.cora).get(f"/workers/{ana.id}").text
    assert signed_in_as(cast.emil).post(f"{path}/address").status_code == 403
    assert signed_in_as(cast.tom).post(f"{path}/address").status_code == 403
    assert signed_in_as(cast.cora).post(f"{path}/address").status_code == 303
    assert queries.mail_obstacle(ana) is None


def test_looking_spends_nothing_and_pressing_once_spends_it(
    client: FlaskClient, ana: Worker, app: Flask
) -> None:
    path = mailed_link(client, ana)
    assert (
        db.session.scalar(sa.select(sa.func.count()).where(OwnLink.fingerprint.contains(secret_of(path))))
        == 0
    )
    for _scanner in range(2):
        assert client.get(path).status_code == 200
    client.head(path)
    assert client.post(path).status_code == 303
    stranger = app.test_client()
    assert stranger.get(path).status_code == 410
    assert stranger.post(path).status_code == 410
    assert stranger.get("/my-training").status_code == 302
    with pytest.raises(DomainError, match="used already"):
        services.open_page(secret_of(path), now=utc_now(), on_own_phone=False)


@pytest.mark.parametrize("channel", [Channel.MAIL, Channel.HAND, Channel.CERTIFICATE])
def test_links_end_by_themselves(ana: Worker, channel: Channel) -> None:
    now = utc_now()
    secret = issue_link(ana, channel, now=now)
    assert queries.link_with(secret, now + LINK_LIFETIMES[channel] - timedelta(seconds=1)) is not None
    assert queries.link_with(secret, now + LINK_LIFETIMES[channel]) is None
    with pytest.raises(DomainError, match="used already"):
        services.open_page(secret, now=now + LINK_LIFETIMES[channel], on_own_phone=False)


def test_only_the_newest_link_works(client: FlaskClient, ana: Worker) -> None:
    older, newer = mailed_link(client, ana), mailed_link(client, ana)
    assert older != newer
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_whoever_leaves_or_is_somebody_else_has_no_page_by_mail(app: Flask, cast: Cast, ana: Worker) -> None:
    browser = open_in_browser(app, ana)
    waiting = mailed_link(app.test_client(), ana)
    archive_worker(ana, now=utc_now(), actor=cast.emil)
    db.session.commit()
    assert browser.get("/my-training").status_code == 302
    assert app.test_client().post(waiting).status_code == 410
    handed = services.hand_over_link(ana, actor=cast.cora, now=utc_now())
    db.session.commit()
    by_hand = app.test_client()
    assert by_hand.post(link_in(handed)).status_code == 303
    assert by_hand.get("/my-training").status_code == 200
    known = Worker(given_name="Ana", family_name="Archuleta", employer=cast.steel, created_at=LATER)
    db.session.add(known)
    db.session.flush()
    ana.merged_into_id = known.id
    db.session.commit()
    assert by_hand.get("/my-training").status_code == 302


def test_the_college_hands_a_link_over_and_an_employer_never(
    app: Flask, cast: Cast, ana: Worker, signed_in_as: SignedInAs
) -> None:
    ana.email, ana.phone = None, "+17195550142"
    db.session.commit()
    path = f"/workers/{ana.id}/own-page"
    for other in (cast.emil, cast.stella, cast.rita):
        assert signed_in_as(other).get(path).status_code == 403
        assert signed_in_as(other).post(f"{path}/link").status_code == 403
    assert signed_in_as(cast.tess).post(f"{path}/link").status_code == 404
    for helper in (cast.cora, cast.tom):
        assert signed_in_as(helper).get(path).status_code == 200
        shown = signed_in_as(helper).post(f"{path}/link").text
        assert "sms:+17195550142" in shown
        browser = app.test_client()
        assert browser.post(link_in(shown.split("handed-over")[1])).status_code == 303
        assert ana.name in browser.get("/my-training").text
    given = db.session.scalars(
        sa.select(AuditEntry.actor_id)
        .where(AuditEntry.action == "own_link_handed_over")
        .order_by(AuditEntry.at)
    ).all()
    assert given == [cast.cora.id, cast.tom.id]


def test_the_office_can_close_a_page_everywhere(
    app: Flask, cast: Cast, ana: Worker, signed_in_as: SignedInAs
) -> None:
    first, second = open_in_browser(app, ana), open_in_browser(app, ana)
    waiting = mailed_link(app.test_client(), ana)
    path = f"/workers/{ana.id}/own-page/end"
    assert signed_in_as(cast.tom).post(path).status_code == 403
    assert signed_in_as(cast.cora).post(path).status_code == 303
    assert {one.get("/my-training").status_code for one in (first, second)} == {302}
    assert first.get(waiting).status_code == 410


def test_links_and_visits_are_forgotten_a_month_after_they_end(app: Flask, ana: Worker) -> None:
    open_in_browser(app, ana)
    now = utc_now()
    tidy_own_pages({}, now + KEPT)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OwnLink)) == 1
    tidy_own_pages({}, now + KEPT + timedelta(days=1))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OwnLink)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OwnVisit)) == 0


def test_what_opens_a_page_goes_when_the_worker_is_deleted(app: Flask, cast: Cast) -> None:
    gone = Worker(
        given_name="Dee", family_name="Diaz", employer=cast.steel, created_at=LATER, email="dee@mail.example"
    )
    db.session.add(gone)
    db.session.commit()
    browser = open_in_browser(app, gone)
    db.session.execute(sa.delete(Worker).where(Worker.id == gone.id))
    db.session.commit()
    db.session.expire_all()
    assert browser.get("/my-training").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OwnVisit)) == 0


def test_only_fingerprints_lie_in_the_database(app: Flask, client: FlaskClient, ana: Worker) -> None:
    path = mailed_link(client, ana)
    client.post(path)
    cookie = client.get_cookie("my_training", path="/my-training")
    assert cookie is not None
    kept = [
        *db.session.scalars(sa.select(OwnLink.fingerprint)),
        *db.session.scalars(sa.select(OwnVisit.fingerprint)),
    ]
    assert fingerprint(secret_of(path)) in kept
    assert fingerprint(cookie.value) in kept
    assert not {secret_of(path), cookie.value} & {*kept}
