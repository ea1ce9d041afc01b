"""Every badge that is printed reads back, on paper and on screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

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
from labtracker.roster.drawing.layouts import LAYOUTS, USUAL, Layout
from labtracker.roster.drawing.qr import QrDrawing, draw_qr
from labtracker.roster.rules import badges
from labtracker.roster.wording import words_on_badge
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker
from tests.roster.paper import pages_of, painted

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


def sheet(*names: str, language: str | None = "en", layout: Layout = USUAL, first: int = 1) -> bytes:
    """The PDF for these names, of workers who speak that language."""
    return badge_sheet(
        cards(*names, language=language),
        title="Badges",
        language="en",
        made_at=datetime(2026, 4, 13, tzinfo=UTC),
        layout=layout,
        first=first,
    )


@pytest.mark.parametrize("key", LAYOUTS)
def test_every_badge_of_every_layout_reads_back_from_its_place_on_the_paper(app: Flask, key: str) -> None:
    layout = LAYOUTS[key]
    names = ["Bo Lee", "María Guadalupe Hernández-Villanueva de la Cruz", "W" * 160] * layout.places
    made = cards(*names[: layout.places + 1], language=None)
    pages = painted(sheet(*names[: layout.places + 1], language=None, layout=layout))
    codes = [one for page in pages for one in sorted(zxingcpp.read_barcodes(page), key=place_of)]
    assert [one.text for one in codes] == [card.url for card in made]
    # Dots of the picture in millimetres, and what a card has around its code.
    dot = 25.4 / 72 / 4
    for number, (left, top) in enumerate(layout.corners()):
        corners = codes[number].position
        assert left < corners.top_left.x * dot < corners.bottom_right.x * dot < left + layout.width
        assert top < corners.top_left.y * dot < corners.bottom_right.y * dot < top + layout.height
        assert corners.bottom_right.x - corners.top_left.x > 22 / dot


def place_of(code: zxingcpp.Barcode) -> tuple[int, int]:
    """Row by row: codes of one row differ by less than a fifth of an inch."""
    return round(code.position.top_left.y / 100), code.position.top_left.x


def test_layouts_lie_on_their_paper_and_no_card_on_another() -> None:
    for layout in LAYOUTS.values():
        assert layout.across >= layout.width or layout.columns == 1
        assert layout.down >= layout.height or layout.rows == 1
        *_, (left, top) = layout.corners()
        assert left + layout.width + layout.left == pytest.approx(layout.paper.width)
        assert top + layout.height + layout.top == pytest.approx(layout.paper.height)
        assert min(layout.left, layout.top) > (5.0 if layout.cut else -0.001)
    inch = 25.4
    eight = LAYOUTS["labels_8"]
    measured = (eight.left, eight.top, eight.across, eight.down)
    assert measured == pytest.approx((0.6875 * inch, 0.58333 * inch, 3.75 * inch, 2.5 * inch), abs=0.01)
    assert LAYOUTS["inserts_6"].top == pytest.approx(inch)
    assert LAYOUTS["labels_10"].left == pytest.approx(0.15625 * inch)


def test_a_begun_sheet_is_filled_from_where_it_is_free(app: Flask) -> None:
    pages = painted(sheet(*["Bo Lee"] * 4, first=8))
    found = [sorted(zxingcpp.read_barcodes(page), key=place_of) for page in pages]
    assert [len(one) for one in found] == [3, 1]
    assert [round(one.position.top_left.x / 1000) for one in found[0]] == [1, 0, 1]
    assert found[0][0].position.top_left.y > pages[0].height * 0.6


def test_ten_badges_to_a_sheet_and_names_of_many_scripts(app: Flask) -> None:
    pages = pages_of(
        sheet("Ana Vigil", "Lucía Ibáñez Güell", "Ольга Иванова", "Nguyễn Thị Ánh", *["Bo Lee"] * 7)
    )
    assert len(pages) == 2
    assert "Ana Vigil" in pages[0]
    assert "Güell" in pages[0]
    assert "Ольга" in pages[0]
    assert "Bo Lee" in pages[1]
    assert all(card.code in "".join(pages) for card in cards("a", "b"))


def test_a_name_the_font_cannot_draw_leaves_a_line_for_it(app: Flask) -> None:
    (page,) = pages_of(sheet("王小明", "محمد علي"))
    assert page.count("please write it here") == 2


ENGLISH, SPANISH = "Show this badge at the lab's door.", "Muestre este gafete en la puerta del laboratorio."


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", {ENGLISH}), ("es", {SPANISH}), (None, {ENGLISH, SPANISH}), ("vi", {ENGLISH, SPANISH})],
)
def test_a_badge_speaks_its_workers_language_or_both(
    app: Flask, language: str | None, said: set[str]
) -> None:
    (page,) = pages_of(sheet("Ana Vigil", "王小明", language=language))
    assert {sentence for sentence in (ENGLISH, SPANISH) if sentence in page} == said
    asked = {"en": ("please write it here",), "es": ("escríbalo aquí",)}
    wanted = asked.get(language or "", asked["en"] + asked["es"])
    assert all(words in " ".join(page.split()) for words in wanted)


@pytest.mark.parametrize("key", LAYOUTS)
def test_endless_names_stand_whole_on_their_card(app: Flask, key: str) -> None:
    endless = ["W" * 80 + " " + "M" * 79, "Wolfeschlegelsteinhausenbergerdorff " * 4]
    text = "".join("".join(pages_of(sheet(*endless, language=None, layout=LAYOUTS[key]))).split())
    for name in endless:
        assert name.replace(" ", "") in text
    assert "…" not in text
    assert "PlainsDairy" in text
    assert len(pages_of(sheet(layout=LAYOUTS[key]))) == 1


def test_scripts_that_need_shaping_are_left_to_the_pen(app: Flask) -> None:
    (page,) = pages_of(sheet("राम शर्मा", "Ana 🙂 Vigil", "Rene\u0301"))
    assert page.count("please write it here") == 2
    assert "René" in page


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
    answer = browser.post(f"/cohorts/{cohort.id}/badges.pdf", data={"layout": "cards_10", "first": "1"})
    assert answer.mimetype == "application/pdf"
    (page,) = pages_of(answer.data)
    badge = queries.active_badge(stays.worker)
    assert badge is not None
    assert badges.shown_code(badges.short_code(badge.badge_hash)) in page
    assert "Bo Lee" not in page
    html = browser.get(f"/cohorts/{cohort.id}/badges/cards").text
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
