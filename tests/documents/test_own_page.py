"""docs/own-page.md tells what the code does."""

from __future__ import annotations

import re
from datetime import timedelta

from labtracker import config
from labtracker.accounts.rules import LIMITS
from labtracker.own_page.rules import (
    KEPT,
    LINK_LIFETIMES,
    VISIT,
    VISIT_ON_OWN_PHONE,
    Channel,
    Obstacle,
)
from labtracker.own_page.services.writing import LONGEST
from labtracker.own_page.views.blueprint import COOKIE, PATH
from labtracker.own_page.words import OBSTACLES

TEXT = " ".join((config.ROOT / "docs" / "own-page.md").read_text(encoding="utf-8").split())


def test_times_and_limits_are_the_codes() -> None:
    assert {
        Channel.MAIL: timedelta(hours=1),
        Channel.CERTIFICATE: timedelta(days=7),
        Channel.HAND: timedelta(hours=24),
    } == LINK_LIFETIMES
    assert re.findall(r"\| (\d+ \w+) \| (?:the worker|coordinators)", TEXT) == [
        "1 hour",
        "7 days",
        "24 hours",
    ]
    assert (timedelta(hours=1), timedelta(days=30), timedelta(days=30)) == (VISIT, VISIT_ON_OWN_PHONE, KEPT)
    assert "lasts 1 hour, or 30 days where" in TEXT
    assert "deleted 30 days after they end" in TEXT
    mailed, asked = LIMITS["own_link:contact"], LIMITS["own_link:address"]
    assert {mailed.within, asked.within} == {timedelta(minutes=15)}
    assert (
        f"gets {mailed.tries} mails in 15 minutes, one place on the network may ask {asked.tries} times"
        in TEXT
    )
    assert f"up to {LONGEST:,} characters" in TEXT
    assert f"write {LIMITS['own_word:worker'].tries} times a day" in TEXT


def test_every_reason_for_no_mail_is_told_and_has_words() -> None:
    assert re.findall(r"\| `(\w+)`:", TEXT) == list(Obstacle)
    assert set(OBSTACLES) == set(Obstacle)


def test_the_cookie_and_its_addresses_are_named() -> None:
    assert f"the cookie `{COOKIE}`, which the browser sends to `{PATH}` alone" in TEXT
