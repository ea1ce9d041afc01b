"""Who may open a page: the decorator views wear, and the person behind the request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort
from flask_login import current_user, login_required

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role

View = TypeVar("View", bound=Callable[..., Any])


def current_actor() -> Person:
    """The signed-in person; only for views, which hand it down as ``actor``."""
    return cast(Person, current_user.person)


def roles(*allowed: Role) -> Callable[[View], View]:
    """Let only people with one of these roles in: signed out goes to sign-in, another role gets a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_actor().has(*allowed):
                abort(403)
            return view(*args, **kwargs)

        # For the list of routes, which names who may call each.
        guarded.__dict__["roles"] = allowed
        return cast(View, guarded)

    return decorate
