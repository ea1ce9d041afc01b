"""The page itself: what it shows, what it lets a worker say, and that nothing else opens with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.checkin.models import Event
from labtracker.checkin.services import rebuild
from labtracker.completion.queries import own_people
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.own_page.models import OwnWord
from labtracker.roster.models import Enrollment, Release, Worker
from labtracker.roster.queries import standing_release
from labtracker.roster.rules.badges import badge_id
from labtracker.roster.services import Taken, merge_duplicates
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.certificates.builders import completed_cohort, issued
from tests.completion.builders import enrolled_cohort, hold, tell
from tests.own_page.builders import link_in, mailed, mailed_link, mails, open_in_browser, with_mail, work
from tests.roster.conftest import make_worker

SignedInAs = Callable[[Person], FlaskClient]
# What a page answers is the same on either database.
pytestmark = pytest.mark.one_database


@pytest.fixture
def half_way(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    """A cohort after its first session, to which Ana came and Bo did not."""
    cohort, enrollments = enrolled_cohort(cast)
    hold(cast, cohort.sessions[0], enrollments[:1])
    with_mail(enrollments[0].worker)
    return cohort, enrollments


@pytest.fixture
def ana(half_way: tuple[Cohort, list[Enrollment]]) -> Worker:
    return half_way[1][0].worker


@pytest.fixture
def page(app: Flask, ana: Worker) -> FlaskClient:
    """A browser in which Ana's page is open."""
    return open_in_browser(app, ana)


def test_it_says_what_was_attended_and_what_is_missing(page: FlaskClient, ana: Worker) -> None:
    shown = page.get("/my-training").text
    assert ana.name in shown
    assert "Steel Works" in shown
    for words in (
        "Welding basics",
        "needs 80%",
        "still missing",
        "needs 70",
        "sessions so far",
    ):
        assert words in shown
    for stranger in ("Begay", "Carter"):
        assert stranger not in shown


def test_training_that_goes_on_is_not_given_an_end(
    page: FlaskClient, half_way: tuple[Cohort, list[Enrollment]]
) -> None:
    assert f"{half_way[0].name}</span>" in page.get("/my-training").text


def test_it_speaks_the_workers_language_until_another_is_chosen(page: FlaskClient, ana: Worker) -> None:
    ana.language = "es"
    db.session.commit()
    assert "Mi capacitación" in page.get("/my-training").text
    page.post("/language", data={"language": "en", "next": "/my-training"})
    assert "My training" in page.get("/my-training").text


def test_the_cookie_opens_this_page_and_nothing_else(app: Flask, client: FlaskClient, ana: Worker) -> None:
    answer = client.post(mailed_link(client, ana), data={"on_own_phone": "y"})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("my_training="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/my-training" in cookie
    assert "Expires=" in cookie
    shown = client.get("/my-training")
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    for path in ("/home", "/workers", f"/workers/{ana.id}", f"/workers/{ana.id}/transcript", "/audit"):
        assert client.get(path).location.startswith("/sign-in")


def test_a_borrowed_phone_forgets_with_its_browser(client: FlaskClient, ana: Worker) -> None:
    answer = client.post(mailed_link(client, ana))
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("my_training="))
    assert "Expires=" not in cookie
    assert "Max-Age" not in cookie


def test_a_cookie_that_was_planted_opens_nothing_and_is_not_kept(client: FlaskClient, ana: Worker) -> None:
    planted = "A" * 22
    client.set_cookie("my_training", planted, path="/my-training")
    assert client.get("/my-training").status_code == 302
    client.post(mailed_link(client, ana))
    kept = client.get_cookie("my_training", path="/my-training")
    assert kept is not None
    assert kept.value != planted


def test_opening_a_second_page_closes_the_first(
    app: Flask, cast: Cast, page: FlaskClient, half_way: tuple[Cohort, list[Enrollment]]
) -> None:
    first = page.get_cookie("my_training", path="/my-training")
    assert first is not None
    bo = with_mail(half_way[1][1].worker, "bo@mail.example")
    assert page.post(mailed_link(app.test_client(), bo)).status_code == 303
    assert bo.name in page.get("/my-training").text
    old = app.test_client()
    old.set_cookie("my_training", first.value, path="/my-training")
    assert old.get("/my-training").status_code == 302


def test_closing_ends_the_visit_not_only_the_cookie(app: Flask, page: FlaskClient) -> None:
    token = page.get_cookie("my_training", path="/my-training")
    assert token is not None
    assert page.post("/my-training/end").location == "/my-training/link"
    assert page.get_cookie("my_training", path="/my-training") is None
    thief = app.test_client()
    thief.set_cookie("my_training", token.value, path="/my-training")
    assert thief.get("/my-training").status_code == 302
    assert (
        "was not saved"
        in thief.post("/my-training/release", data={"answer": "yes"}, follow_redirects=True).text
    )


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def test_other_sites_can_press_nothing_here(
    app: Flask, page: FlaskClient, ana: Worker, guarded: None
) -> None:
    for path in ("/release", "/end", "/end-everywhere", "/message"):
        assert page.post(f"/my-training{path}", data={"answer": "yes", "text": "hello"}).status_code == 400
    assert standing_release(ana) is None
    assert page.get("/my-training").status_code == 200


def consents(worker: Worker) -> list[tuple[bool, str | None]]:
    rows = db.session.scalars(
        sa.select(Event)
        .where(Event.worker_id == worker.id, Event.type == "consent")
        .order_by(Event.at, Event.frame_id)
    )
    return [(row.payload["granted"], row.method) for row in rows]


def test_release_is_asked_once_and_can_be_changed(cast: Cast, page: FlaskClient, ana: Worker) -> None:
    question = "May your employer see your training by name?"
    assert question in page.get("/my-training").text
    assert page.post("/my-training/release", data={}).status_code == 422
    assert page.post("/my-training/release", data={"answer": "no"}).status_code == 303
    assert question not in page.get("/my-training").text
    assert standing_release(ana) is None
    assert own_people(cast.emil).named == []
    page.post("/my-training/release", data={"answer": "yes"})
    page.post("/my-training/release", data={"answer": "yes"})
    assert [row.worker for row in own_people(cast.emil).named] == [ana]
    release = standing_release(ana)
    assert release is not None
    assert release.witnessed_by_id is None
    page.post("/my-training/release", data={"answer": "no"})
    assert own_people(cast.emil).named == []
    assert consents(ana) == [(False, "self"), (True, "self"), (False, "self")]
    rebuild(now=utc_now())
    assert standing_release(ana) is None
    assert len(db.session.scalars(sa.select(Release).where(Release.worker_id == ana.id)).all()) == 1


def test_what_a_trainer_witnessed_is_not_asked_again_and_can_be_taken_back(
    cast: Cast, page: FlaskClient, ana: Worker, half_way: tuple[Cohort, list[Enrollment]]
) -> None:
    enrollment = half_way[1][0]
    tell(cast, "consent", half_way[0].sessions[0].starts_at, enrollment=str(enrollment.id), granted=True)
    db.session.commit()
    shown = page.get("/my-training").text
    assert "May your employer" not in shown
    assert "You told your trainer so" in shown
    page.post("/my-training/release", data={"answer": "no"})
    assert standing_release(ana) is None
    assert "You said so here" in page.get("/my-training").text


def test_what_was_released_to_an_employer_who_was_wrong_is_asked_again(
    app: Flask, cast: Cast, page: FlaskClient, ana: Worker
) -> None:
    page.post("/my-training/release", data={"answer": "yes"})
    db.session.expire_all()
    right = make_worker(cast, "Ana", "Archuleta", employer=cast.dairy)
    merge_duplicates(ana, right, taken=Taken(), actor=cast.cora, now=utc_now(), employer_was_wrong=True)
    with_mail(right, "ana.archuleta@mail.example")
    assert standing_release(right) is None
    now_here = open_in_browser(app, right)
    assert "May your employer see your training by name?" in now_here.get("/my-training").text
    now_here.post("/my-training/release", data={"answer": "yes"})
    assert standing_release(right) is not None


def test_a_wrong_time_reaches_the_coordinators(
    cast: Cast,
    page: FlaskClient,
    ana: Worker,
    half_way: tuple[Cohort, list[Enrollment]],
    signed_in_as: SignedInAs,
) -> None:
    session = half_way[0].sessions[0]
    path = f"/my-training/sessions/{session.id}/message"
    assert path in page.get("/my-training").text
    assert page.get(f"/my-training/sessions/{half_way[0].id}/message").status_code == 404
    refused = page.post(path, data={"text": "My number is 078-05-1120"})
    assert refused.status_code == 422
    assert "078-05-1120" not in refused.text
    assert page.post(path, data={"text": "I came at <b>six</b>"}).status_code == 303
    assert {mail.recipient for mail in mails()[:2]} == {cast.cora.email, cast.ada.email}
    assert "six" not in mails()[0].text
    assert signed_in_as(cast.emil).get("/workers/messages").status_code == 403
    cora = signed_in_as(cast.cora)
    listed = cora.get("/workers/messages").text
    assert "I came at &lt;b&gt;six&lt;/b&gt;" in listed
    assert f"/sessions/{session.id}/attendance" in listed
    word = db.session.scalars(sa.select(OwnWord)).one()
    assert cora.post(f"/workers/messages/{word.id}").status_code == 303
    assert "Nothing waits" in cora.get("/workers/messages").text
    assert "settled" in page.get("/my-training").text


def test_nobody_writes_without_end(page: FlaskClient) -> None:
    statuses = [
        page.post("/my-training/message", data={"text": f"word {number}"}).status_code for number in range(12)
    ]
    assert statuses == [303] * 10 + [429] * 2


def test_a_certificate_is_mailed_about_and_shown(app: Flask, cast: Cast) -> None:
    _cohort, (ana, bo, cy) = completed_cohort(cast)
    with_mail(ana.worker)
    issued(cast, ana, now=utc_now())
    issued(cast, bo, now=utc_now())
    work()
    (mail,) = [one for one in mailed() if "certificate" in one.subject]
    assert mail.recipient == ana.worker.email
    browser = app.test_client()
    browser.post(link_in(mail.text))
    shown = browser.get("/my-training").text
    (paper,) = set(re.findall(r"/c/\w{26}/certificate\.pdf", shown))
    assert browser.get(paper).data.startswith(b"%PDF")
    assert browser.get("/my-training/transcript.pdf").data.startswith(b"%PDF")
    assert "sessions so far" in shown
    with_mail(cy.worker, "cy@mail.example")
    assert "/c/" not in open_in_browser(app, cy.worker).get("/my-training").text


def test_the_badge_leads_to_the_page_and_does_not_open_it(app: Flask, ana: Worker) -> None:
    stranger = app.test_client()
    shown = stranger.get(f"/b/{badge_id(ana.badges[0].secret)}").text
    assert 'href="/my-training"' in shown
    asked = stranger.get("/my-training", follow_redirects=True)
    assert asked.request.path == "/my-training/link"
    assert ana.name not in asked.text
    assert 'href="/my-training"' in stranger.get("/").text
