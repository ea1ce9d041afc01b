"""Pages of long lists, their order, and filters in the address."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Person
from labtracker.web import filters
from labtracker.web.pagination import page_of, page_of_rows, sort_from_request, url_with
from tests.cast import Cast

COLUMNS = {"name": Person.name, "email": Person.email}


def test_a_list_comes_in_pages_and_beyond_the_end_the_last(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/?page=2&sort=name"):
        sort = sort_from_request(COLUMNS, default="name")
        page = page_of(sa.select(Person), sort, per_page=3)
        assert (page.total, page.pages, page.first, page.last) == (7, 3, 4, 6)
        assert [person.name for person in page.rows] == sorted(person.name for person in page.rows)
        assert page.previous_url == "/?page=1&sort=name"
        assert page.next_url == "/?page=3&sort=name"
    with app.test_request_context("/?page=99"):
        page = page_of(sa.select(Person).order_by(Person.name), per_page=3)
        assert page.number == 3
        assert len(page.rows) == 1
        assert page.next_url is None


@pytest.mark.parametrize("asked", ["0", "-3", "x", "", "999999999999"])
def test_odd_pages_are_some_page(app: Flask, asked: str) -> None:
    with app.test_request_context(f"/?page={asked}"):
        assert page_of_rows(list(range(120)), per_page=50).number in {1, 3}
        assert page_of_rows([]).first == 0


def test_a_column_asked_again_turns_the_order(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/?sort=name&page=4&state=open"):
        sort = sort_from_request(COLUMNS, default="email")
        assert sort.url("name") == "/?sort=-name&state=open"
        assert sort.url("email") == "/?sort=email&state=open"
    with app.test_request_context("/?sort=-name"):
        sort = sort_from_request(COLUMNS, default="email")
        assert sort.descending
        assert sort.url("name") == "/?sort=name"
        rows = page_of(sa.select(Person), sort).rows
        assert [row.name for row in rows] == sorted((row.name for row in rows), reverse=True)
    with app.test_request_context("/?sort=password_hash"):
        assert sort_from_request(COLUMNS, default="-email").key == "email"


def test_filters_take_only_what_makes_sense(app: Flask) -> None:
    some = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    with app.test_request_context(
        f"/?state=open&from=2026-04-14&until=soon&lab={some}&person=7&q=%20a%20%20b%20"
    ):
        assert filters.choice_from_request("state", ["open", "done"]) == "open"
        assert filters.choice_from_request("state", ["done"], default="done") == "done"
        assert filters.date_from_request("from") == date(2026, 4, 14)
        assert filters.date_from_request("until") is None
        assert filters.id_from_request("lab") == some
        assert filters.id_from_request("person") is None
        assert filters.text_from_request("q") == "a b"
        chips = filters.chips("state", [(None, "All"), ("open", "Open"), ("done", "Done")])
        assert [chip.current for chip in chips] == [False, True, False]
        assert "state" not in chips[0].url
        assert "state=done" in chips[2].url


def test_addresses_keep_what_is_not_changed(app: Flask) -> None:
    with app.test_request_context("/privacy?a=1&a=2&b=3"):
        assert url_with(b=None, c=4) == "/privacy?a=1&a=2&c=4"


@pytest.mark.parametrize(
    "odd",
    [
        "endpoint=x",
        "_external=1",
        "_scheme=javascript&_external=1",
        "_anchor=x",
        "_method=DELETE",
        "filename=../x",
    ],
)
def test_an_address_names_no_arguments_of_ours(app: Flask, odd: str) -> None:
    with app.test_request_context(f"/static/img/icon.svg?{odd}"):
        assert url_with(page=2) == f"/static/img/icon.svg?{odd.replace('/', '%2F')}&page=2"
        assert (
            url_with(**dict.fromkeys(part.partition("=")[0] for part in odd.split("&")))
            == "/static/img/icon.svg"
        )


@pytest.mark.parametrize("asked", ["0001-01-01", "9999-12-31", "1899-12-31", "2026-02-30", "x\x00", ""])
def test_a_day_that_nobody_means_is_no_filter(app: Flask, asked: str) -> None:
    with app.test_request_context("/", query_string={"from": asked}):
        assert filters.date_from_request("from") is None
