"""The places of the navigation bar: at most five for each role, named by the slice they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask


@dataclass(frozen=True)
class Place:
    """One entry: its label (lazily translated), endpoint, icon, and the roles that see it.

    Lower ``order`` stands further to the left; the first place of a role is where signing in leads.
    """

    label: Any
    endpoint: str
    icon: str
    roles: frozenset[str]
    order: int


def add_places(app: Flask, places: Iterable[Place]) -> None:
    """Add a slice's places to the application's navigation."""
    app.extensions.setdefault("labtracker_places", []).extend(places)


def places_for(app: Flask, held: Iterable[str]) -> list[Place]:
    """The places that somebody with these roles sees, in order."""
    roles = frozenset(held)
    places: list[Place] = app.extensions.get("labtracker_places", [])
    return sorted((place for place in places if place.roles & roles), key=lambda place: place.order)
