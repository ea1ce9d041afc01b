"""What the views of the own page share: the cookie that opens it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from labtracker.kit.time import utc_now
from labtracker.own_page import queries
from labtracker.own_page.models import OwnVisit
from labtracker.web.language import speak

blueprint = Blueprint("own_page", __name__)

# The browser sends this cookie to these addresses alone, and nothing else on the site asks for it.
PATH = "/my-training"
COOKIE = "my_training"
WHO = "the worker, by their own link"

View = TypeVar("View", bound=Callable[..., Any])


def for_the_worker(view: View) -> View:
    """Give a view the visit behind the browser's cookie; whoever has none is led to ask for a link."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        visit = visit_here()
        if visit is None:
            if request.method != "GET":
                flash(_("The page had closed, so what you sent was not saved. Ask for a new link."), "look")
            return redirect(url_for("own_page.ask"), 303 if request.method != "GET" else 302)
        speak(visit.worker.language)
        return view(visit, *args, **kwargs)

    # For the list of routes, which names who may call each.
    guarded.__dict__["roles"] = (WHO,)
    return cast(View, guarded)


def visit_here() -> OwnVisit | None:
    """The visit behind this browser's cookie, if it still is one."""
    token = request.cookies.get(COOKIE, "")
    return queries.visit_behind(token, utc_now()) if token else None


def remember(response: Response, visit: OwnVisit, token: str) -> None:
    """Let this browser keep the page open until the visit ends."""
    response.set_cookie(
        COOKIE,
        token,
        expires=visit.ends_at if visit.on_own_phone else None,
        path=PATH,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Take the cookie out of this browser."""
    response.delete_cookie(COOKIE, path=PATH)
