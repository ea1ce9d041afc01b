"""Times, numbers and money as people read them, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from labtracker.web import display
from labtracker.web.language import LOCALES

# Nothing of a database shows here.
pytestmark = pytest.mark.one_database

INSTANT = datetime(2026, 4, 14, 11, 58, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
THIN = "\N{THIN SPACE}"


def _plain(text: Any) -> str:
    return str(text).replace(NBSP, " ").replace(NARROW, " ").replace(THIN, " ")


@pytest.mark.parametrize(
    ("show", "english", "spanish"),
    [
        (lambda: display.number(1204), "1,204", "1,204"),
        (lambda: display.number(None), "–", "–"),
        (lambda: display.percent(0.812), "81%", "81%"),
        (lambda: display.percent(None), "–", "–"),
        (lambda: display.hours(450), "7.5 hours", "7.5 horas"),
        (lambda: display.hours(60), "1 hour", "1 hora"),
        (lambda: display.money(8000), "$8,000", "$8,000"),
        (lambda: display.money(12.5), "$12.50", "$12.50"),
        (lambda: display.telephone("+17195550100"), "(719) 555-0100", "(719) 555-0100"),
        (lambda: display.telephone("+525512345678"), "+52 55 1234 5678", "+52 55 1234 5678"),
        (lambda: display.telephone("ask Ann"), "ask Ann", "ask Ann"),
        (lambda: display.telephone(None), "–", "–"),
        (
            lambda: re.sub("<[^>]+>", "", display.plain_day(date(2019, 4, 3))),
            "Apr 3, 2019",
            "3 abr 2019",
        ),
        (lambda: display.plain_day(None), "–", "–"),
        (lambda: display.zone_name("America/Denver"), "Mountain time", "Hora de la montaña"),
        (lambda: display.zone_name("America/Boise"), "America/Boise", "America/Boise"),
    ],
)
def test_numbers(app: Flask, show: Callable[[], str], english: str, spanish: str) -> None:
    for speaks, expected in (("en", english), ("es", spanish)):
        with app.test_request_context(), force_locale(LOCALES[speaks]):
            assert _plain(show()) == expected


def test_an_instant_is_shown_on_the_clocks_of_its_place(app: Flask) -> None:
    with app.test_request_context():
        assert _plain(display.local_time(INSTANT, "America/Denver")) == (
            '<time datetime="2026-04-14T05:58-06:00">Tue, Apr 14, 2026, 5:58 AM MDT</time>'
        )
        assert "6:58 AM CDT" in _plain(display.local_time(INSTANT, "America/Chicago"))
        assert (
            _plain(display.local_clock(INSTANT)) == '<time datetime="2026-04-14T05:58-06:00">5:58 AM</time>'
        )
        # Two in the morning in London is still the evening before in Colorado.
        late = datetime(2026, 4, 15, 2, 0, tzinfo=UTC)
        assert 'datetime="2026-04-14"' in display.local_day(late, "America/Denver")
        assert display.local_time(None) == "–"


def test_ranges_are_said_once(app: Flask) -> None:
    with app.test_request_context():
        days = display.day_range(date(2026, 4, 13), date(2026, 4, 16))
        assert _plain(days.striptags()) == "Apr 13 – 16, 2026"
        months = display.day_range(date(2026, 4, 13), date(2026, 5, 1))
        assert _plain(months.striptags()) == "Apr 13 – May 1, 2026"
        assert months.count('<span class="nowrap">') == 2, "a narrow line breaks behind the dash"
        assert _plain(display.day_range(date(2026, 4, 13), date(2026, 4, 13))).count("2026") == 2
        span = _plain(
            display.clock_range(INSTANT, datetime(2026, 4, 14, 20, 30, tzinfo=UTC), "America/Denver")
        )
        assert "5:58 AM" in span
        assert "2:30 PM" in span
        assert span.endswith("MDT")
