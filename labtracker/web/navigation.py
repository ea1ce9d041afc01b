"""The places of the navigation bar: at most five for each role, named by the slice they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

MOST_PLACES = 5


@dataclass(frozen=True)
class Place:
    """One entry: its label (lazily translated), endpoint, icon, and the roles that see it.

    Lower ``order`` stands further to the left; the first place of a role is where signing in leads.
    ``also`` are the beginnings of other addresses that belong here, ``count`` says how much waits there.
    """

    label: Any
    endpoint: str
    icon: str
    roles: frozenset[str]
    order: int
    also: tuple[str, ...] = ()
    count: Callable[[], int] | None = None

    def waiting(self) -> int:
        """How much waits in this place."""
        return self.count() if self.count else 0


def install(app: Flask) -> None:
    """Let templates ask who is signed in and where they may go."""
    app.jinja_env.globals.update(
        signed_in_person=signed_in_person,
        places=places,
        further_places_with_counts=further_places_with_counts,
        holds=holds,
        is_here=is_here,
        has_endpoint=has_endpoint,
    )


def add_places(app: Flask, places: Iterable[Place]) -> None:
    """Add a slice's places to the application's navigation."""
    app.extensions.setdefault("labtracker_places", []).extend(places)


def places_for(app: Flask, held: Iterable[str]) -> list[Place]:
    """The places that somebody with these roles sees, in order; what two roles lead to stands once."""
    roles = frozenset(held)
    places: list[Place] = app.extensions.get("labtracker_places", [])
    seen = sorted((place for place in places if place.roles & roles), key=lambda place: place.order)
    once: dict[str, Place] = {}
    for place in seen:
        once.setdefault(place.endpoint, place)
    return list(once.values())


def signed_in_person() -> Any:
    """The person behind this request, or None; never asked for on the page that says "something broke"."""
    if g.get("plain_page") or not current_user or not current_user.is_authenticated:
        return None
    return current_user.person


def places() -> list[Place]:
    """The places of the person signed in, five at most."""
    return places_for(current_app, roles_held())[:MOST_PLACES]


def further_places_with_counts() -> list[tuple[Place, int]]:
    """The places for which the bar has no room, in the person's own menu, each with how much waits there."""
    return [(place, place.waiting()) for place in places_for(current_app, roles_held())[MOST_PLACES:]]


def roles_held() -> set[str]:
    """The roles of whoever is signed in; an administrator is a coordinator too."""
    person = signed_in_person()
    if person is None:
        return set()
    held = {str(membership.role) for membership in person.memberships if membership.ended_at is None}
    return held | {"coordinator"} if "administrator" in held else held


def holds(*roles: str) -> bool:
    """Whether whoever is signed in has one of these roles: for links that only some may follow."""
    return bool(roles_held() & set(roles))


def is_here(place: Place) -> bool:
    """Whether the page being shown belongs to a place: its own page, or one whose address lies below it."""
    if request.endpoint == place.endpoint:
        return True
    here, root = f"{request.path.rstrip('/')}/", url_for(place.endpoint).rstrip("/")
    return bool(root) and any(here.startswith(f"{start}/") for start in (root, *place.also))


def has_endpoint(endpoint: str) -> bool:
    """Whether some slice of this application serves an endpoint."""
    return endpoint in current_app.view_functions
