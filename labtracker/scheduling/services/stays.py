"""Keeping a deployment's stay around its sessions when one is moved, added or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.scheduling.models import Deployment, Session
from labtracker.scheduling.queries.holds import lab_holds
from labtracker.scheduling.queries.proposals import closed_days_at, effort_of, gate_of
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, Hold, Party, Span
from labtracker.scheduling.rules.travel import Stay, lay_out


def live_sessions(deployment: Deployment) -> list[Session]:
    """The sessions of a deployment that were not cancelled, in order."""
    return list(
        db.session.scalars(
            sa.select(Session)
            .where(Session.deployment_id == deployment.id, Session.cancelled_at.is_(None))
            .order_by(Session.starts_at)
        )
    )


def stay_around(deployment: Deployment, first_at: datetime, last_at: datetime) -> Stay:
    """The stay that has the lab ready for the first and gone after the last of these moments."""
    worksite = deployment.worksite
    return lay_out(
        first_at,
        last_at,
        effort_of(deployment.lab, worksite, deployment.vehicle),
        zone=worksite.zone,
        closed_days=closed_days_at(worksite, first_at.date()),
        gate=gate_of(worksite),
    )


def stay_conflicts(deployment: Deployment, stay: Stay) -> list[Conflict]:
    """Whether the lab is free for that stay."""
    span = Span(stay.leaves_home_at, stay.home_at)
    lab = Party("lab", deployment.lab_id, deployment.lab.name)
    because = Party("deployment", deployment.id, deployment.worksite.name)
    return clashes([Hold(lab, span, because)], lab_holds({deployment.lab_id}, span, ignoring=deployment.id))


def apply_stay(deployment: Deployment, stay: Stay) -> None:
    """Write a stay's times into the deployment."""
    deployment.blocks_from, deployment.blocks_until = stay.leaves_home_at, stay.home_at
    deployment.travel_in_minutes, deployment.setup_minutes = stay.travel_in_minutes, stay.setup_minutes
    deployment.teardown_minutes = stay.teardown_minutes
    deployment.travel_out_minutes = stay.travel_out_minutes


def shrink_stay(deployment: Deployment, sessions: Sequence[Session] | None = None) -> None:
    """Give time back that the remaining sessions no longer need; a shorter stay can clash with nothing."""
    left = live_sessions(deployment) if sessions is None else sessions
    if not left:
        return
    stay = stay_around(deployment, min(one.starts_at for one in left), max(one.ends_at for one in left))
    if stay.leaves_home_at >= deployment.blocks_from and stay.home_at <= deployment.blocks_until:
        apply_stay(deployment, stay)
