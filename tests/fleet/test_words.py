"""Closed days are called by their names in the reader's language."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_babel import force_locale

from labtracker.fleet.words import closed_day_name
from labtracker.kit.holidays import holidays_between


def test_every_holiday_of_the_state_has_a_name_in_both_languages(app: Flask) -> None:
    names = set(holidays_between(date(2024, 1, 1), date(2040, 12, 31), "CO").values())
    assert len(names) > 10
    with app.test_request_context(), force_locale("es"):
        same = {name for name in names if closed_day_name(name) == name}
    assert same == set()


def test_observed_days_and_own_days(app: Flask) -> None:
    with app.test_request_context():
        assert closed_day_name("Christmas Day (observed)") == "Christmas Day (observed)"
        with force_locale("es"):
            assert closed_day_name("Christmas Day (observed)") == "Navidad (trasladado)"
            assert closed_day_name("Staff day") == "Staff day"
