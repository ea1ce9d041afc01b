"""The bar: at most five places for each role, the most used first, the rest in the menu."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from tests.cast import Cast

Signer = Callable[[Person], FlaskClient]
BAR = re.compile(r'class="navigation__place" href="([^"]+)"')
MENU = re.compile(r'class="menu__item" href="([^"]+)"')


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("tom", "/checkin"),
        ("cora", "/board"),
        ("ada", "/board"),
        ("emil", "/bookings"),
        ("rita", "/reports/completion"),
    ],
)
def test_each_role_has_its_places(cast: Cast, signed_in_as: Signer, who: str, first: str) -> None:
    browser = signed_in_as(getattr(cast, who))
    page = browser.get("/privacy").text
    bar = BAR.findall(page)
    assert bar[0] == first
    assert len(bar) <= 5
    for path in {*bar, *MENU.findall(page)}:
        assert browser.get(path, follow_redirects=True).status_code == 200, path


def test_the_bar_says_where_one_is(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.cora)
    for path in ("/labs", f"/labs/{cast.welding_lab.id}", f"/labs/{cast.welding_lab.id}/edit"):
        page = browser.get(path).text
        assert re.search(r'href="/labs" aria-current="page"', page), path


def test_pages_below_a_place_belong_to_it(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.cora)
    for path, place in (
        ("/calendar?view=month", "/board"),
        ("/deployments", "/board"),
        (f"/courses/{cast.welding.id}", "/labs"),
        (f"/worksites/{cast.steel_site.id}/edit", "/labs"),
        ("/imports/labs", "/labs"),
        ("/cohorts/new", "/cohorts"),
        ("/organizations", "/people"),
        (f"/organizations/{cast.steel.id}", "/people"),
    ):
        page = browser.get(path).text
        here = re.findall(
            r'class="(?:navigation__place|menu__item)" href="([^"]+)" aria-current="page"', page
        )
        assert here == [place], path


def test_strangers_have_no_bar_and_a_way_to_sign_in(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not BAR.findall(page)
    assert 'href="/sign-in"' in page
