"""Filters that live in the address, so that a view can be mailed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request

from labtracker.kit.time import near_day
from labtracker.web.pagination import url_with


@dataclass(frozen=True)
class Choice:
    """One chip of a filter: its label, where it leads, whether it is the current one."""

    label: Any
    url: str
    current: bool


def choice_from_request(name: str, allowed: Iterable[str], default: str | None = None) -> str | None:
    """The value of ``?name=`` if it is among those allowed, else the default."""
    value = request.args.get(name)
    return value if value in set(allowed) else default


def date_from_request(name: str) -> date | None:
    """The day that ``?name=2026-04-14`` asks for; anything else, or a day centuries away, is no filter."""
    try:
        return near_day(request.args.get(name, ""))
    except ValueError:
        return None


def year_from_request(name: str, default: int, *, first: int, last: int) -> int:
    """The year that ``?name=2026`` asks for; what is no year from the first to the last is the default."""
    text = request.args.get(name, "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else default
    return year if first <= year <= last else default


def id_from_request(name: str) -> UUID | None:
    """The id that ``?name=`` gives; anything that is no id is no filter."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def text_from_request(name: str, longest: int = 80) -> str:
    """What was typed into a search, trimmed and cut to a sensible length."""
    return " ".join(request.args.get(name, "").split())[:longest]


def chips(name: str, choices: Iterable[tuple[str | None, Any]]) -> list[Choice]:
    """A chip for each ``(value, label)``; the value None is "all". Choosing one returns to page one."""
    known = list(choices)
    current = choice_from_request(name, [value for value, _label in known if value is not None])
    return [
        Choice(label, url_with(**{name: value, "page": None}), value == current) for value, label in known
    ]
