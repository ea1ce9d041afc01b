"""The coordinator's board: labs down, weeks across, stays to scale, waiting requests beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.queries import active_courses
from labtracker.scheduling import queries
from labtracker.scheduling.queries.board import (
    Wanted,
    board_of,
    counties_with_worksites,
    labs_by_name,
    tray_of,
)
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.views.blueprint import blueprint, tabs
from labtracker.scheduling.views.board_drawing import EDGE, SCALES, Frame, draw, ruler
from labtracker.scheduling.views.board_words import words_of_the_board
from labtracker.scheduling.wording import DEPLOYMENT_STATES
from labtracker.web.display import office_zone
from labtracker.web.edge import load_all
from labtracker.web.filters import (
    Choice,
    choice_from_request,
    date_from_request,
    id_from_request,
    text_from_request,
)
from labtracker.web.language import language
from labtracker.web.pagination import url_with

USUAL_WEEKS = 6
# With more stays than this, the list is a page of its own: a board of a year has few nodes.
MOST_LISTED = 150
LIVE = (DeploymentStatus.TENTATIVE, DeploymentStatus.CONFIRMED)


@blueprint.get("/board")
@roles(Role.COORDINATOR)
def board() -> ResponseReturnValue:
    """All labs for some weeks; ``?from=``, ``weeks=`` and the filters choose what, ``?view=list`` how."""
    actor, now = current_actor(), utc_now()
    frame, wanted = frame_from_request(), wanted_from_request()
    lanes = board_of(actor, frame.starts_at, frame.ends_at, wanted)
    stays = sum(one.wanted for lane in lanes for one in lane.stays)
    as_list = request.args.get("view") == "list"
    at_now = ruler(frame)(now)
    return render_template(
        "scheduling/board.html",
        frame=frame,
        edge=EDGE,
        lanes=lanes,
        drawings=[] if as_list else draw(lanes, frame),
        weeks=[frame.first + timedelta(weeks=number) for number in range(0, frame.weeks, frame.scale.named)],
        every=frame.scale.named,
        as_list=as_list,
        listed=as_list or stays <= MOST_LISTED,
        waiting=load_all(queries.with_cohorts(tray_of(actor, wanted))),
        now_x=at_now if 0 <= at_now < frame.width else None,
        undoable=queries.undoable_move(actor),
        now=now,
        wanted=wanted,
        is_narrowed=wanted != Wanted(),
        all_url=url_with(lab=None, course=None, status=None, county=None, q=None),
        list_url=url_with(view=None if as_list else "list"),
        offered=_offered(),
        ranges=_ranges(frame),
        earlier_url=url_with(**{"from": frame.first - timedelta(weeks=_step(frame))}),
        later_url=url_with(**{"from": frame.first + timedelta(weeks=_step(frame))}),
        tabs=tabs(actor, "board"),
        words=words_of_the_board(),
    )


def frame_from_request() -> Frame:
    """Which weeks the address asks for: those from this week on, if none."""
    zone = office_zone()
    asked = date_from_request("from") or local_day(utc_now(), zone)
    first = min(max(asked, date(2000, 1, 3)), date(2100, 1, 4))
    weeks = choice_from_request("weeks", map(str, SCALES), str(USUAL_WEEKS))
    return Frame(first - timedelta(days=first.weekday()), int(weeks or USUAL_WEEKS), zone)


def wanted_from_request() -> Wanted:
    """What the address narrows the board to."""
    return Wanted(
        lab=id_from_request("lab"),
        course=id_from_request("course"),
        status=choice_from_request("status", LIVE),
        county=request.args.get("county", "")[:5] or None,
        text=text_from_request("q"),
    )


def lanes_anew(lab_ids: Iterable[UUID]) -> dict[str, str]:
    """The pictures of some lanes as they are now, by the lab's id, for a page that shows them already."""
    frame = frame_from_request()
    lanes = board_of(current_actor(), frame.starts_at, frame.ends_at, wanted_from_request(), lab_ids)
    at_now = ruler(frame)(utc_now())
    now_x = at_now if 0 <= at_now < frame.width else None
    return {
        str(drawing.lane.id): render_template(
            "scheduling/_lane.html", drawing=drawing, frame=frame, edge=EDGE, now_x=now_x
        )
        for drawing in draw(lanes, frame)
    }


def tray_anew() -> str:
    """The requests that wait, as the page shows them."""
    waiting = load_all(queries.with_cohorts(tray_of(current_actor(), wanted_from_request())))
    return render_template("scheduling/_tray.html", waiting=waiting)


def _step(frame: Frame) -> int:
    """How many weeks one turns at once: so many that one week is seen twice."""
    return frame.weeks - 1


def _ranges(frame: Frame) -> list[Choice]:
    return [Choice(str(weeks), url_with(weeks=weeks), weeks == frame.weeks) for weeks in SCALES]


def _offered() -> list[dict[str, Any]]:
    """The filters: name in the address, label, what may be chosen."""
    courses = [(one.id, one.title_in(language())) for one in load_all(active_courses())]
    return [
        {"name": "lab", "label": _("Lab"), "choices": labs_by_name()},
        {"name": "course", "label": _("Course"), "choices": courses},
        {
            "name": "status",
            "label": _("State"),
            "choices": [(str(one), DEPLOYMENT_STATES[one]) for one in LIVE],
        },
        {"name": "county", "label": _("County"), "choices": counties_with_worksites()},
    ]
