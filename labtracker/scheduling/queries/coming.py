"""Deployments that are still to come, or going on."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from labtracker.scheduling.models import Deployment
from labtracker.scheduling.rules.states import DeploymentStatus


def coming_deployments(now: datetime) -> sa.Select[Deployment]:
    """Deployments that are neither cancelled nor over, the soonest first."""
    return (
        sa.select(Deployment)
        .where(Deployment.status != DeploymentStatus.CANCELLED, Deployment.blocks_until > now)
        .order_by(Deployment.blocks_from)
    )
