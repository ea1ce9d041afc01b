"""Screens of badges: a new one, and the page that any phone's camera opens."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from labtracker.accounts.models import Person
from labtracker.changes import current_stamp
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.models import Enrollment
from labtracker.roster.rules import badges
from labtracker.scheduling.models import Cohort, Session
from tests.cast import Cast
from tests.roster.conftest import make_worker
from tests.roster.paper import pages_of

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def enrollment(cast: Cast, cohort: Cohort, now: datetime) -> Enrollment:
    """Juan Ortega on the steel works' roster."""
    made = services.enroll(make_worker(cast, email="juan@steel.example"), cohort, now=now)
    db.session.commit()
    return made


def test_reissuing_shows_the_new_badge(cast: Cast, enrollment: Enrollment, signed_in_as: SignIn) -> None:
    old = queries.active_badge(enrollment.worker)
    assert old is not None
    browser = signed_in_as(cast.emil)
    address = f"/workers/{enrollment.worker_id}/badge"
    assert browser.post(address, data={"reason": "lost", "note": "ssn 123-45-6789"}).status_code == 422
    answer = browser.post(address, data={"reason": "lost", "note": "In the yard"}, follow_redirects=True)
    new = queries.active_badge(enrollment.worker)
    assert new is not None
    assert new.id != old.id
    assert badges.shown_code(badges.short_code(new.badge_hash)) in answer.text
    for words in ("Revoked, a new badge was made", "It was lost. In the yard", cast.emil.name):
        assert words in answer.text


def test_a_badge_is_revoked_without_a_new_one_and_brought_back(
    cast: Cast, enrollment: Enrollment, signed_in_as: SignIn, client: FlaskClient
) -> None:
    browser, page = signed_in_as(cast.emil), f"/workers/{enrollment.worker_id}/badge"
    badge = queries.active_badge(enrollment.worker)
    assert badge is not None
    public = f"/b/{badges.badge_id(badge.secret)}"
    assert "Choose what happened." in browser.post(f"{page}/revocation").text
    answer = browser.post(f"{page}/revocation", data={"reason": "left"}, follow_redirects=True)
    assert "No badge in use" in answer.text
    assert "no badge in use" in browser.get(f"/workers/{enrollment.worker_id}").text
    assert "no badge in use" in browser.get(f"/cohorts/{enrollment.cohort_id}/badges").text
    assert "not in use any more" in client.get(public).text
    assert client.get(f"{public}/badge.png").status_code == 404
    again = browser.post(f"{page}/revocation", data={"reason": "left"}, follow_redirects=True)
    assert "No badge of this worker is in use." in again.text
    back = f"/workers/{enrollment.worker_id}/badges/{badge.id}/restoration"
    assert f'action="{back}"' in answer.text
    assert signed_in_as(cast.rita).post(back).status_code == 403
    assert "in use again" in browser.post(back, follow_redirects=True).text
    assert "The worker does not come any more" in browser.get(page).text
    assert "This badge is in use." in browser.post(back, follow_redirects=True).text
    assert "not in use any more" not in client.get(public).text


def test_the_badge_on_the_workers_own_phone_can_be_kept(
    cast: Cast, enrollment: Enrollment, client: FlaskClient, app: Flask
) -> None:
    badge = queries.active_badge(enrollment.worker)
    assert badge is not None
    enrollment.worker.language = "es"
    db.session.commit()
    page = f"/b/{badges.badge_id(badge.secret).lower()}"
    text = client.get(page).text
    picture = client.get(f"{page}/badge.png")
    assert f'href="{page}/badge.png"' in text
    assert (picture.mimetype, picture.headers["X-Robots-Tag"]) == ("image/png", "noindex, nofollow")
    image = Image.open(io.BytesIO(picture.data))
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == badges.badge_url(badge.secret, app.config["BADGE_HOSTS"][0])
    manifest = client.get(f"{page}/badge.webmanifest")
    assert f'href="{page}/badge.webmanifest"' in text
    assert manifest.json["start_url"] == page
    assert "gafete" in manifest.json["short_name"].lower()
    assert "Ortega" not in manifest.text
    assert client.get(f"/b/{'0' * 26}/badge.webmanifest").status_code == 404


def test_badges_are_printed_for_all_for_some_or_for_those_who_have_none(
    cast: Cast, enrollment: Enrollment, signed_in_as: SignIn, now: datetime
) -> None:
    cohort = enrollment.cohort
    other = services.enroll(make_worker(cast, "王", "小明", email="wang@steel.example"), cohort, now=now)
    db.session.commit()
    browser, page = signed_in_as(cast.emil), f"/cohorts/{cohort.id}/badges"

    def printed(**asked: object) -> str:
        answer = browser.post(f"{page}.pdf", data={"layout": "labels_8", "first": "1", **asked})
        return (
            " ".join(" ".join(pages_of(answer.data)).split())
            if answer.mimetype == "application/pdf"
            else answer.text
        )

    first = browser.get(page).text
    assert "2 badges in all, 2 not printed yet" in first
    assert "cannot write one name: 王 小明" in first
    assert 'value="cards_10"' in first
    assert "places 1 to 8" in printed(first="9")
    assert "Tick at least one person." in printed(who="ticked")
    assert "Not a valid choice" in printed(layout="napkin")
    stamp = current_stamp(db.session())
    assert "Juan Ortega" in printed(who="ticked", ticked=str(enrollment.worker_id))
    assert current_stamp(db.session()) == stamp, "phones have nothing to fetch"
    assert "1 not printed yet" in browser.get(page).text
    assert "please write it here" in printed(who="unprinted")
    assert "No badge is left to print." in printed(who="unprinted")
    assert printed().count("Steel Works") == 2
    assert re.search(r'checked[^>]*value="labels_8"', browser.get(page).text), "the layout is remembered"
    worker = f"/workers/{other.worker_id}/badge"
    assert "Printed last on" in browser.get(worker).text
    assert "place" in browser.post(f"{worker}.pdf", data={"layout": "card_printer", "first": "2"}).text
    answer = browser.post(f"{worker}.pdf", data={"layout": "card_printer", "first": "1"})
    assert len(pages_of(answer.data)) == 1


def test_the_employer_finds_the_link_for_the_workers_own_phone(
    cast: Cast, enrollment: Enrollment, signed_in_as: SignIn, client: FlaskClient
) -> None:
    page = signed_in_as(cast.emil).get(f"/workers/{enrollment.worker_id}/badge").text
    (link,) = re.findall(r'href="http://127\.0\.0\.1:8000(/[Bb]/[^"]+)"', page)
    assert client.get(link).status_code == 200


def test_the_public_page_tells_the_program_and_nothing_of_the_person(
    cast: Cast, cohort: Cohort, enrollment: Enrollment, client: FlaskClient
) -> None:
    session = db.session.scalars(sa.select(Session).order_by(Session.starts_at)).first()
    assert session is not None
    session.starts_at, session.ends_at = utc_now() + timedelta(days=1), utc_now() + timedelta(days=1, hours=8)
    db.session.commit()
    badge = queries.active_badge(enrollment.worker)
    assert badge is not None
    text = badges.badge_id(badge.secret)
    for address in (f"/B/{text}", f"/b/{text.lower()}", f"/B/{text.lower()}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Welding basics" in answer.text
        for private in ("Juan", "Ortega", "Steel Works", "Mill gate", "juan@steel.example"):
            assert private not in answer.text
    assert "Soldadura básica" in client.get(f"/B/{text}", headers={"Accept-Language": "es"}).text
    services.reissue_badge(enrollment.worker, now=utc_now())
    db.session.commit()
    revoked = client.get(f"/B/{text}").text
    assert "replaced" in revoked
    assert "Welding" not in revoked


def test_the_public_page_speaks_the_workers_language_unless_another_was_chosen(
    cast: Cast, enrollment: Enrollment, app: Flask
) -> None:
    badge = queries.active_badge(enrollment.worker)
    assert badge is not None
    address = f"/b/{badges.badge_id(badge.secret)}"

    def heading(known: str | None, asked: str, browser: FlaskClient | None = None) -> bool:
        """Whether the page is Spanish, from head to foot."""
        enrollment.worker.language = known
        db.session.commit()
        page = (browser or app.test_client()).get(address, headers={"Accept-Language": asked}).text
        spanish = '<html lang="es"' in page
        assert ("Un gafete de capacitación" in page, "Privacidad" in page) == (spanish, spanish)
        return spanish

    assert [heading("es", "en"), heading("en", "es")] == [True, False]
    assert [heading(None, "es"), heading(None, "en")] == [True, False]
    browser = app.test_client()
    browser.post("/language", data={"language": "en", "next": address})
    assert not heading("es", "es", browser)


def test_a_phone_may_show_the_badges_code_while_it_is_in_use(
    cast: Cast, enrollment: Enrollment, app: Flask, client: FlaskClient
) -> None:
    badge = queries.active_badge(enrollment.worker)
    assert badge is not None
    text = badges.badge_id(badge.secret)
    drawing = draw_qr(badges.badge_url(badge.secret, app.config["BADGE_HOSTS"][0])).path
    code = badges.shown_code(badges.short_code(badge.badge_hash))
    page = client.get(f"/b/{text}").text
    assert drawing in page
    assert code in page
    services.reissue_badge(enrollment.worker, now=utc_now())
    db.session.commit()
    page = client.get(f"/b/{text}").text
    assert drawing not in page
    assert code not in page


@pytest.mark.parametrize("text", ["0" * 26, "x", "8" + "0" * 25, "🙂", "../admin", "%00"])
def test_an_unknown_badge_gets_a_friendly_page(client: FlaskClient, text: str) -> None:
    answer = client.get(f"/B/{text}")
    assert answer.status_code == 404
    assert text == "../admin" or "Not a badge of this program" in answer.text
