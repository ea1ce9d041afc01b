"""Every badge that is printed reads back, on paper and on screen."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pypdf
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from labtracker import config
from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.drawing.badge_sheet import BadgeCard, badge_sheet
from labtracker.roster.drawing.qr import QrDrawing, draw_qr
from labtracker.roster.rules import badges
from labtracker.roster.wording import words_on_badge
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker

HOST = "127.0.0.1:8000"


def picture(drawing: QrDrawing, scale: int = 8) -> Image.Image:
    """A QR drawing as pixels."""
    image = Image.new("L", (drawing.size * scale, drawing.size * scale), 255)
    pen = ImageDraw.Draw(image)
    for run in drawing.runs:
        left, top = run.x * scale, run.y * scale
        pen.rectangle((left, top, left + run.width * scale - 1, top + scale - 1), fill=0)
    return image


@pytest.mark.parametrize("number", range(40))
def test_every_qr_is_small_has_its_margin_and_reads_back(number: int) -> None:
    secret = number.to_bytes(2, "big") * 8
    url = badges.badge_url(secret, HOST)
    drawing = draw_qr(url)
    assert drawing.size in (29 + 8, 33 + 8)
    assert min(min(run.x, run.y) for run in drawing.runs) == 4
    (found,) = zxingcpp.read_barcodes(picture(drawing))
    assert found.text == url
    assert "L" not in str(found.ec_level)
    assert badges.read_badge(found.text, [HOST]).value == badges.badge_hash(secret)


def cards(*names: str, language: str | None = "en") -> list[BadgeCard]:
    """A card for each name."""
    made = []
    for number, name in enumerate(names):
        secret = bytes([number]) * 16
        code = badges.shown_code(badges.short_code(badges.badge_hash(secret)))
        words = words_on_badge(language)
        made.append(BadgeCard(name, "Plains Dairy", code, badges.badge_url(secret, HOST), words))
    return made


def text_of(document: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages]


def sheet(*names: str, language: str | None = "en") -> bytes:
    """The PDF for these names, of workers who speak that language."""
    return badge_sheet(
        cards(*names, language=language),
        title="Badges",
        language="en",
        made_at=datetime(2026, 4, 13, tzinfo=UTC),
    )


def test_ten_badges_to_a_sheet_and_names_of_many_scripts(app: Flask) -> None:
    pages = text_of(
        sheet("Ana Vigil", "Lucía Ibáñez Güell", "Ольга Иванова", "Nguyễn Thị Ánh", *["Bo Lee"] * 7)
    )
    assert len(pages) == 2
    assert "Ana Vigil" in pages[0]
    assert "Güell" in pages[0]
    assert "Ольга" in pages[0]
    assert "Bo Lee" in pages[1]
    assert all(card.code in "".join(pages) for card in cards("a", "b"))


def test_a_name_the_font_cannot_draw_leaves_a_line_for_it(app: Flask) -> None:
    (page,) = text_of(sheet("王小明", "محمد علي"))
    assert page.count("please write it here") == 2


ENGLISH, SPANISH = "Show this badge at the lab's door.", "Muestre este gafete en la puerta del laboratorio."


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", {ENGLISH}), ("es", {SPANISH}), (None, {ENGLISH, SPANISH}), ("vi", {ENGLISH, SPANISH})],
)
def test_a_badge_speaks_its_workers_language_or_both(
    app: Flask, language: str | None, said: set[str]
) -> None:
    (page,) = text_of(sheet("Ana Vigil", "王小明", language=language))
    assert {sentence for sentence in (ENGLISH, SPANISH) if sentence in page} == said
    asked = {"en": ("please write it here",), "es": ("escríbalo aquí",)}
    wanted = asked.get(language or "", asked["en"] + asked["es"])
    assert all(words in " ".join(page.split()) for words in wanted)


def test_endless_names_stay_on_their_card(app: Flask) -> None:
    (page,) = text_of(sheet("W" * 80, "Wolfeschlegelsteinhausenbergerdorff " * 4))
    assert "Plains Dairy" in page
    assert len(text_of(sheet())) == 1


def test_a_cohorts_badges_are_those_of_people_still_on_it(
    app: Flask,
    cast: Cast,
    cohort: Cohort,
    now: datetime,
    signed_in_as: Callable[[Person], FlaskClient],
) -> None:
    stays = services.enroll(make_worker(cast, "Ana", "Vigil"), cohort, now=now)
    leaves = services.enroll(make_worker(cast, "Bo", "Lee"), cohort, now=now)
    services.withdraw(leaves, on=now.date(), reason="moved", now=now, today=now.date())
    db.session.commit()
    browser = signed_in_as(cast.tom)
    answer = browser.get(f"/cohorts/{cohort.id}/badges.pdf")
    assert answer.mimetype == "application/pdf"
    (page,) = text_of(answer.data)
    badge = queries.active_badge(stays.worker)
    assert badge is not None
    assert badges.shown_code(badges.short_code(badge.badge_hash)) in page
    assert "Bo Lee" not in page
    html = browser.get(f"/cohorts/{cohort.id}/badges").text
    assert draw_qr(badges.badge_url(badge.secret, app.config["BADGE_HOSTS"][0])).path in html
    assert "Bo Lee" not in html
    assert "style=" not in html


def test_the_codes_that_scripts_are_tested_with_are_printed_like_this() -> None:
    path = config.ROOT / "tests" / "vectors" / "printed_codes.json"
    for printed in json.loads(path.read_text(encoding="utf-8")):
        drawing = draw_qr(printed["text"])
        dark = {(run.x + step, run.y) for run in drawing.runs for step in range(run.width)}
        rows = [
            "".join("#" if (x, y) in dark else " " for x in range(drawing.size)) for y in range(drawing.size)
        ]
        assert rows == printed["code"]
