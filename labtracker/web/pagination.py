"""Long lists in pages, and their order by a link in the head of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.sql import ColumnElement

from labtracker.extensions import db
from labtracker.web.edge import count_of

PER_PAGE = 50


@dataclass(frozen=True)
class Sort:
    """By which column a list is ordered, and the way there by each other column."""

    key: str
    descending: bool
    columns: Mapping[str, Any]

    def url(self, key: str) -> str:
        """This page ordered by a column; asked again, the other way round."""
        turned = key == self.key and not self.descending
        return url_with(sort=("-" if turned else "") + key, page=None)

    def apply(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """The query in this order."""
        column: ColumnElement[Any] = self.columns[self.key]
        return query.order_by(None).order_by(column.desc() if self.descending else column.asc())


@dataclass(frozen=True)
class Page:
    """One page of a long list."""

    rows: Sequence[Any]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list is one page."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The place of this page's first row in the whole list, from 1."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of this page's last row in the whole list."""
        return min(self.number * self.per_page, self.total)

    @property
    def previous_url(self) -> str | None:
        """The page before, if there is one."""
        return url_with(page=self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The page after, if there is one."""
        return url_with(page=self.number + 1) if self.number < self.pages else None


def sort_from_request(columns: Mapping[str, Any], default: str) -> Sort:
    """The order that ``?sort=`` asks for: a key, ``-`` in front for descending; ``default`` otherwise."""
    asked = request.args.get("sort", "")
    for wish in (asked, default):
        key = wish.removeprefix("-")
        if key in columns:
            return Sort(key, wish.startswith("-"), columns)
    raise ValueError(f"{default} is no column")


def page_of(query: sa.Select[Any], sort: Sort | None = None, per_page: int = PER_PAGE) -> Page:
    """The page of a query that ``?page=`` asks for; beyond the last one, the last."""
    total = count_of(query)
    last = max(1, -(-total // per_page))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    ordered = sort.apply(query) if sort else query
    window = ordered.limit(per_page).offset((number - 1) * per_page)
    rows = db.session.execute(window).unique().scalars().all()
    return Page(rows, number, total, per_page)


def page_of_rows(rows: Sequence[Any], per_page: int = PER_PAGE) -> Page:
    """The same for rows already in memory."""
    last = max(1, -(-len(rows) // per_page))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    start = (number - 1) * per_page
    return Page(rows[start : start + per_page], number, len(rows), per_page)


def url_with(**changes: Any) -> str:
    """The address of this page with some parameters changed; None takes one away."""
    # What an address asks for never becomes an argument of url_for, which gives some names a meaning.
    path = url_for(request.endpoint or "static", **(request.view_args or {}))
    asked: dict[str, Any] = {**request.args.to_dict(flat=False), **changes}
    query = urlencode({name: value for name, value in asked.items() if value is not None}, doseq=True)
    return f"{path}?{query}" if query else path
