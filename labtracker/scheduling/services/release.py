"""Giving a lab's time back: what happens to deployments, cohorts and sessions when a visit falls through."""

from __future__ import annotations

from datetime import datetime

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.extensions import db
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.services.stays import shrink_stay


def release_deployments(booking: BookingRequest, *, actor: Person, now: datetime, reason: str) -> None:
    """Give up what was planned for a booking; a deployment that serves others too stays for them."""
    mine = [cohort for cohort in booking.cohorts if cohort.cancelled_at is None]
    touched = {deployment for cohort in mine for deployment in cohort.deployments}
    for cohort in mine:
        release_cohort(cohort, now=now, reason=reason)
    for deployment in touched:
        if deployment.status == DeploymentStatus.CANCELLED:
            continue
        if all(cohort.cancelled_at is not None for cohort in deployment.cohorts):
            release_deployment(deployment, actor=actor, now=now, reason=reason)
        else:
            db.session.flush()
            shrink_stay(deployment)
    db.session.flush()


def release_deployment(deployment: Deployment, *, actor: Person, now: datetime, reason: str) -> None:
    """Cancel one deployment; its time is free from now on."""
    deployment.status = DeploymentStatus.CANCELLED
    deployment.cancelled_at, deployment.cancel_reason = now, reason[:500]
    record_audit(actor, "deployment_cancelled", "deployment", deployment.id, now)


def release_cohort(cohort: Cohort, *, now: datetime, reason: str) -> None:
    """Cancel what of a cohort has not been held; a cohort in which nobody was trained is cancelled whole."""
    held = False
    for session in cohort.sessions:
        if session.cancelled_at is not None:
            continue
        if session.opened_at is not None or session.ends_at <= now:
            held = True
            continue
        session.cancelled_at, session.cancel_reason = now, reason[:300]
    if not held:
        cohort.cancelled_at = now
