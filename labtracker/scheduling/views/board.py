"""The coordinator's board: labs down, weeks across, stays to scale, waiting requests beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.kit.time import instant_at, local_day, utc_now
from labtracker.scheduling import queries
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.calendar import BOARD_WEEKS, Lane, board_of
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.views.blueprint import blueprint, tabs
from labtracker.scheduling.views.deployments import parts_of
from labtracker.web.edge import load_all
from labtracker.web.filters import date_from_request, id_from_request

WEEK_WIDTH = 140  # the board's own units; the style sheet gives the whole its real width
LANE_HEIGHT = 56


@dataclass(frozen=True)
class Block:
    """One stay as it is drawn: the whole, its training in the middle, its drives at the ends."""

    deployment: Deployment
    x: float
    width: float
    train_x: float
    train_width: float
    drive_in: float
    drive_out: float
    chosen: bool
    starts_before: bool
    ends_after: bool

    @property
    def label_x(self) -> float:
        """Where the label begins: at the training, or at the edge if that began before it."""
        return max(self.x, min(self.train_x, self.x + self.width))


@blueprint.get("/board")
@roles(Role.COORDINATOR)
def board() -> ResponseReturnValue:
    """Six weeks of all labs; ``?from=`` moves it, ``?deployment=`` opens one stay at the side."""
    actor, zone, now = current_actor(), str(current_app.config["DEFAULT_ZONE"]), utc_now()
    today = local_day(now, zone)
    asked = date_from_request("from") or today
    first = monday_of(min(max(asked, date(2000, 1, 3)), date(2100, 1, 4)))
    starts_at = instant_at(first, time(0), zone)
    ends_at = instant_at(first + timedelta(weeks=BOARD_WEEKS), time(0), zone)
    chosen_id = id_from_request("deployment")
    lanes = board_of(actor, starts_at, ends_at)
    waiting = queries.waiting_requests(queries.bookings_visible_to(actor))
    chosen = _chosen(chosen_id)
    return render_template(
        "scheduling/board.html",
        lanes=[(lane, blocks_of(lane, starts_at, ends_at, chosen_id)) for lane in lanes],
        weeks=[first + timedelta(weeks=number) for number in range(BOARD_WEEKS)],
        waiting=load_all(queries.with_cohorts(waiting)),
        chosen=chosen,
        parts=parts_of(chosen) if chosen else None,
        today=today,
        now_x=position(now, starts_at, ends_at) if starts_at <= now < ends_at else None,
        first=first,
        last=first + timedelta(weeks=BOARD_WEEKS, days=-1),
        width=WEEK_WIDTH * BOARD_WEEKS,
        height=LANE_HEIGHT,
        week_width=WEEK_WIDTH,
        earlier_url=_from("scheduling.board", first - timedelta(weeks=BOARD_WEEKS - 1)),
        later_url=_from("scheduling.board", first + timedelta(weeks=BOARD_WEEKS - 1)),
        tabs=tabs(actor, "board"),
        confirmed=DeploymentStatus.CONFIRMED,
    )


def _from(endpoint: str, day: date) -> str:
    arguments: dict[str, Any] = {"from": day}
    return url_for(endpoint, **arguments)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def position(instant: datetime, starts_at: datetime, ends_at: datetime) -> float:
    """Where an instant lies on the board, cut at its edges."""
    share = (instant - starts_at) / (ends_at - starts_at)
    return round(min(max(share, 0.0), 1.0) * WEEK_WIDTH * BOARD_WEEKS, 1)


def blocks_of(lane: Lane, starts_at: datetime, ends_at: datetime, chosen_id: object) -> list[Block]:
    """A lab's stays to scale."""
    blocks = []
    for one in lane.stays:
        parts = parts_of(one)
        x, end = (position(at, starts_at, ends_at) for at in (one.blocks_from, one.blocks_until))
        arrives, packed = (position(parts[name], starts_at, ends_at) for name in ("arrives_at", "packed_at"))
        ready, packs = (position(parts[name], starts_at, ends_at) for name in ("ready_at", "packs_at"))
        blocks.append(
            Block(
                deployment=one,
                x=x,
                width=max(round(end - x, 1), 4.0),
                train_x=ready,
                train_width=max(round(packs - ready, 1), 0.0),
                drive_in=round(arrives - x, 1),
                drive_out=round(end - packed, 1),
                chosen=one.id == chosen_id,
                starts_before=one.blocks_from < starts_at,
                ends_after=one.blocks_until > ends_at,
            )
        )
    return blocks


def _chosen(deployment_id: object) -> Deployment | None:
    if deployment_id is None:
        return None
    query = queries.deployments_visible_to(current_actor()).where(Deployment.id == deployment_id)
    return db.session.scalars(query).unique().one_or_none()
