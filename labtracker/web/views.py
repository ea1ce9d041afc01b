"""Pages that belong to no slice: the first page, privacy, accessibility, health, language and light."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from labtracker.kit.paths import safe_path
from labtracker.web import appearance, health, language
from labtracker.web.county_map import dates_map
from labtracker.web.display import office_today
from labtracker.web.edge import commit
from labtracker.web.landing import public_dates
from labtracker.web.navigation import signed_in_person

blueprint = Blueprint("web", __name__)
MOST_DATES = 8  # on the first page; the list of all has a page of its own


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The landing page: what this is, coming lab dates, ways in."""
    dates = public_dates()
    today = office_today()
    return render_template(
        "web/home.html",
        dates=dates[:MOST_DATES],
        map=dates_map(dates),
        today=today,
    )


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept about whom, for how long, and who sees it."""
    return render_template("web/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """How accessible this is and whom to tell when it is not."""
    return render_template("web/accessibility.html")


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The health of this process, for monitors."""
    answer, status = health.report()
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    return response, status


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Speak another language from here on; a signed-in person's own setting changes with it."""
    chosen = request.form.get("language", "")
    if chosen not in language.LANGUAGES:
        abort(400)
    person = signed_in_person()
    if person is not None and person.language != chosen:
        person.language = chosen
        commit()
    return language.keep(redirect(_back(), 303), chosen)  # type: ignore[arg-type]


@blueprint.post("/appearance")
def set_appearance() -> ResponseReturnValue:
    """Light, dark, or as the device asks."""
    chosen = request.form.get("appearance", "")
    if chosen not in appearance.CHOICES:
        abort(400)
    return appearance.keep(redirect(_back(), 303), chosen)  # type: ignore[arg-type]


def _back() -> str:
    """The page the form was on: a path of this site, and nothing else."""
    return safe_path(request.form.get("next")) or url_for("web.home")
