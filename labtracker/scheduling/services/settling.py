"""Checks become final and conditions are accepted; the employers whose bookings wait for that hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.labs.models import ReadinessAcceptance, SiteReadiness
from labtracker.labs.services import readiness as checks
from labtracker.scheduling.models import BookingRequest, Cohort, CohortDeployment, Deployment, ReadinessWaiver
from labtracker.scheduling.queries import deployments_of
from labtracker.scheduling.queries.readiness import readiness_conflicts_of_all
from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus
from labtracker.scheduling.services import readiness
from labtracker.scheduling.services.notices import tell_of_booking


def finalise_check(
    *, check: SiteReadiness, actor: Person, now: datetime, expected_version: int | None = None
) -> SiteReadiness:
    """Make a draft final; who waits for it hears that the days may be confirmed, or what is lacking still."""
    waiting = _held_up_at(check.worksite_id)
    final = checks.finalise_check(check=check, actor=actor, now=now, expected_version=expected_version)
    _tell(waiting, actor=actor, now=now, lab_id=check.lab_id)
    return final


def accept_condition(
    *, check: SiteReadiness, key: str, note: str, actor: Person, now: datetime
) -> ReadinessAcceptance:
    """Accept a condition of a final check; with the last of them, who waits for it hears."""
    waiting = _held_up_at(check.worksite_id)
    accepted = checks.accept_condition(check=check, key=key, note=note, actor=actor, now=now)
    _tell(waiting, actor=actor, now=now)
    return accepted


def waive_readiness(*, deployment: Deployment, reason: str, actor: Person, now: datetime) -> ReadinessWaiver:
    """Let a deployment go without a check that covers it; the employer who waits for that hears."""
    waiting = _held_up_at(deployment.worksite_id)
    waiver = readiness.waive_readiness(deployment=deployment, reason=reason, actor=actor, now=now)
    _tell(waiting, actor=actor, now=now)
    return waiver


def _held_up_at(worksite_id: UUID) -> list[BookingRequest]:
    """Bookings planned there whose days cannot be confirmed, since the site is not ready."""
    planned = (
        sa.select(Cohort.booking_id)
        .join(CohortDeployment, CohortDeployment.cohort_id == Cohort.id)
        .join(Deployment, Deployment.id == CohortDeployment.deployment_id)
        .where(Deployment.worksite_id == worksite_id, Deployment.status == DeploymentStatus.TENTATIVE)
    )
    query = sa.select(BookingRequest).where(
        BookingRequest.id.in_(planned), BookingRequest.status == BookingStatus.PLANNED
    )
    found = db.session.scalars(query.order_by(BookingRequest.id)).unique()
    return [one for one in found if _lacking(one)]


def _unconfirmed(booking: BookingRequest) -> list[Deployment]:
    return [one for one in deployments_of(booking) if one.status == DeploymentStatus.TENTATIVE]


def _lacking(booking: BookingRequest) -> list[Conflict]:
    by_deployment = readiness_conflicts_of_all(_unconfirmed(booking), None)
    return [conflict for found in by_deployment.values() for conflict in found]


def _tell(
    waiting: Sequence[BookingRequest], *, actor: Person, now: datetime, lab_id: UUID | None = None
) -> None:
    """Mail the employers that were held up: go ahead, or what is lacking after a check of their lab."""
    for booking in waiting:
        lacking = _lacking(booking)
        if not lacking:
            tell_of_booking(booking, "site_ready", actor=actor, now=now)
        elif lab_id in {one.lab_id for one in _unconfirmed(booking)}:
            tell_of_booking(booking, "site_lacking", actor=actor, now=now, lacking=lacking)
