"""To whom links go, and how long what they open lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from labtracker.own_page.rules import (
    VISIT,
    Obstacle,
    Reached,
    may_still_look,
    obstacle_to_mail,
    visit_ends_at,
)
from tests.cast import NOW

GOOD = Reached("ana@example.com")


@pytest.mark.parametrize(
    ("known", "obstacle"),
    [
        (GOOD, None),
        (Reached(None), Obstacle.NO_MAIL),
        (replace(GOOD, archived=True), Obstacle.ARCHIVED),
        (replace(GOOD, is_an_employers=True), Obstacle.EMPLOYERS),
        (replace(GOOD, others_with_it=1), Obstacle.SHARED),
        (replace(GOOD, is_the_known_one=False), Obstacle.CHANGED),
        (replace(GOOD, archived=True, others_with_it=2), Obstacle.ARCHIVED),
    ],
)
def test_an_address_must_be_the_workers_alone(known: Reached, obstacle: Obstacle | None) -> None:
    assert obstacle_to_mail(known) == obstacle


@pytest.mark.parametrize(
    ("archived", "merged", "mailed_to", "mail_now", "theirs"),
    [
        (False, False, "a", "a", True),
        (False, False, "a", "b", False),
        (False, False, "a", None, False),
        (True, False, "a", "a", False),
        (True, False, None, "a", True),
        (False, False, None, "b", True),
        (False, True, None, None, False),
        (False, True, "a", "a", False),
    ],
)
def test_what_was_mailed_is_the_addresss_and_what_was_handed_over_stays(
    archived: bool, merged: bool, mailed_to: str | None, mail_now: str | None, theirs: bool
) -> None:
    assert may_still_look(archived=archived, merged=merged, mailed_to=mailed_to, mail_now=mail_now) is theirs


def test_a_page_closes_sooner_where_the_phone_is_not_ones_own() -> None:
    assert visit_ends_at(NOW, on_own_phone=False) == NOW + VISIT
    assert visit_ends_at(NOW, on_own_phone=True) > NOW + timedelta(days=29)
