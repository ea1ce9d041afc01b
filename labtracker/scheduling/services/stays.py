"""Keeping a deployment's stay around its sessions when one is moved, added or cancelled."""

from __future__ import annotations

from collections.abc import Sequence

from labtracker.extensions import db
from labtracker.scheduling.models import Deployment, Session
from labtracker.scheduling.queries.session_fit import live_sessions, stay_around
from labtracker.scheduling.rules.travel import Stay


def apply_stay(deployment: Deployment, stay: Stay) -> None:
    """Write a stay's times into the deployment."""
    deployment.blocks_from, deployment.blocks_until = stay.leaves_home_at, stay.home_at
    deployment.travel_in_minutes, deployment.setup_minutes = stay.travel_in_minutes, stay.setup_minutes
    deployment.teardown_minutes = stay.teardown_minutes
    deployment.travel_out_minutes = stay.travel_out_minutes


def grow_stay(deployment: Deployment) -> None:
    """Keep the lab for all of its sessions."""
    sessions = live_sessions(deployment)
    stay = stay_around(
        deployment, min(one.starts_at for one in sessions), max(one.ends_at for one in sessions)
    )
    apply_stay(deployment, stay)
    db.session.flush()


def shrink_stay(deployment: Deployment, sessions: Sequence[Session] | None = None) -> None:
    """Give time back that the remaining sessions no longer need; a shorter stay can clash with nothing."""
    left = live_sessions(deployment) if sessions is None else sessions
    if not left:
        return
    stay = stay_around(deployment, min(one.starts_at for one in left), max(one.ends_at for one in left))
    if stay.leaves_home_at >= deployment.blocks_from and stay.home_at <= deployment.blocks_until:
        apply_stay(deployment, stay)
