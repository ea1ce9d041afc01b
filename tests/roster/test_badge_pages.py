"""Screens of badges: a new one, and the page that any phone's camera opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.models import Enrollment
from labtracker.roster.rules import badges
from labtracker.scheduling.models import Cohort, Session
from tests.cast import Cast
from tests.roster.conftest import make_worker

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
    answer = signed_in_as(cast.emil).post(f"/workers/{enrollment.worker_id}/badge", follow_redirects=True)
    new = queries.active_badge(enrollment.worker)
    assert new is not None
    assert new.id != old.id
    assert badges.shown_code(badges.short_code(new.badge_hash)) in answer.text


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
