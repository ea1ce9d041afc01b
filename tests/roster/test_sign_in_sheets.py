"""Sheets to sign by hand: who is on them, who may print them, and every code on paper reads back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.drawing.sign_in_sheet import SheetRow, SheetWords, sign_in_sheet
from labtracker.roster.rules import badges
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker
from tests.roster.paper import pages_of, painted

SignedInAs = Callable[[Person], FlaskClient]
WORDS = SheetWords(
    "Sign-in sheet: A",
    "Mon, 6 AM",
    "Mill gate 3",
    "Name",
    "Arrived",
    "Left",
    "Signature",
    "Trainer",
    "{} / {}".format,
)


def test_every_code_on_paper_reads_back(app: Flask) -> None:
    urls = [badges.badge_url(number.to_bytes(2, "big") * 8, "127.0.0.1:8000") for number in range(11)]
    rows = [SheetRow("Ana Vigil", "Steel Works", "ABCD", url) for url in urls]
    document = sign_in_sheet(rows, WORDS, language="en", made_at=datetime(2026, 4, 13, tzinfo=UTC))
    read = [sorted(one.text for one in zxingcpp.read_barcodes(page)) for page in painted(document)]
    assert read == [sorted(urls[:9]), sorted(urls[9:])]


def sheet(*names: str, url: str | None = "HTTPS://LABS.EXAMPLE/B/0") -> bytes:
    rows = [SheetRow(name, "Steel Works", "ABCD", url) for name in names]
    return sign_in_sheet(rows, WORDS, language="en", made_at=datetime(2026, 4, 13, tzinfo=UTC))


@pytest.fixture
def listed(cast: Cast, cohort: Cohort, now: datetime) -> Cohort:
    """Ana is on the roster, Bo left it; the first session is ahead."""
    services.enroll(make_worker(cast, "Ana", "Vigil"), cohort, now=now)
    leaves = services.enroll(make_worker(cast, "Bo", "Lee"), cohort, now=now)
    services.withdraw(leaves, on=now.date(), reason="moved", now=now, today=now.date())
    first = cohort.sessions[0]
    shift = utc_now().replace(minute=0, second=0, microsecond=0) - first.starts_at
    first.starts_at, first.ends_at = first.starts_at + shift, first.ends_at + shift
    db.session.commit()
    return cohort


def test_nine_rows_to_a_page_and_room_for_walk_ins(app: Flask) -> None:
    assert [page.count("Steel Works") for page in pages_of(sheet(*["Ana Vigil"] * 6))] == [6]
    assert [page.count("Steel Works") for page in pages_of(sheet(*["Ana Vigil"] * 9))] == [9, 0]
    (page,) = pages_of(sheet("Lucía Ibáñez Güell", "王小明", "W" * 80, url=None))
    for words in ("Sign-in sheet: A", "Mill gate 3", "Signature", "Güell", "ABCD", "Trainer", "1 / 1"):
        assert words in page
    assert "…" not in page
    assert "小" not in page


def test_a_sheet_has_everybody_who_is_on_the_roster(
    cast: Cast, signed_in_as: SignedInAs, listed: Cohort
) -> None:
    tom = signed_in_as(cast.tom)
    first = listed.sessions[0]
    assert f'href="/cohorts/{listed.id}/sign-in-sheets"' in tom.get(f"/cohorts/{listed.id}/roster").text
    page = tom.get(f"/cohorts/{listed.id}/sign-in-sheets").text
    address = f"/cohorts/{listed.id}/sign-in-sheets/{first.id}.pdf"
    assert f'href="{address}"' in page
    answer = tom.get(address)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    (text,) = pages_of(answer.data)
    workers = [one.worker for one in db.session.scalars(queries.enrollments_of(listed))]
    worker = next(one for one in workers if one.given_name == "Ana")
    badge = queries.active_badge(worker)
    assert badge is not None
    for words in (
        "Ana Vigil",
        badges.shown_code(badges.short_code(badge.badge_hash)),
        listed.name,
        "Mill gate",
    ):
        assert words in text
    assert "Bo Lee" not in text


def test_without_people_or_sessions_there_is_nothing_to_print(
    cast: Cast, signed_in_as: SignedInAs, cohort: Cohort, now: datetime
) -> None:
    cora = signed_in_as(cast.cora)
    assert "Nobody is on this roster yet" in cora.get(f"/cohorts/{cohort.id}/sign-in-sheets").text
    services.enroll(make_worker(cast, "Ana", "Vigil"), cohort, now=now)
    first = cohort.sessions[0]
    for session in cohort.sessions:
        session.cancelled_at = now
    db.session.commit()
    assert "No session is ahead" in cora.get(f"/cohorts/{cohort.id}/sign-in-sheets").text
    assert cora.get(f"/cohorts/{cohort.id}/sign-in-sheets/{first.id}.pdf").status_code == 404


def test_sheets_are_for_the_crew_and_the_office(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient, listed: Cohort
) -> None:
    page = f"/cohorts/{listed.id}/sign-in-sheets"
    for path in (page, f"{page}/{listed.sessions[0].id}.pdf"):
        assert client.get(path).status_code == 302
        assert signed_in_as(cast.emil).get(path).status_code == 403
        assert signed_in_as(cast.rita).get(path).status_code == 403
        assert signed_in_as(cast.tess).get(path).status_code == 404
        assert signed_in_as(cast.tom).post(path).status_code == 405
    assert "Sign-in sheets" not in signed_in_as(cast.emil).get(f"/cohorts/{listed.id}/roster").text
