"""Mail to those whom a step concerns, written in the same transaction and in each reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import MailKind, Role
from labtracker.accounts.services import mail_person
from labtracker.extensions import db
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from labtracker.scheduling.queries import days_of, sessions_of
from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.wording.conflicts import conflict_words

# Which sides hear of a step of a booking: the employer, the coordinators, the crew of what is planned.
AUDIENCE = {
    "submitted": ("employer", "coordinators"),
    "under_review": ("employer",),
    "planned": ("employer", "crew"),
    "waitlisted": ("employer",),
    "declined": ("employer",),
    "confirmed": ("employer", "coordinators", "crew"),
    "withdrawn": ("coordinators", "crew"),
    "cancelled": ("employer", "coordinators", "crew"),
}
# News of what a planned booking waits for, which is no step of it.
NEWS = {"site_ready": ("employer",), "site_lacking": ("employer",)}


@dataclass(frozen=True)
class Moved:
    """Where a deployment stood before it moved, and from when on it trains now."""

    lab: str
    first_at: datetime
    now_first_at: datetime


def tell_of_booking(
    booking: BookingRequest, event: str, *, actor: Person, now: datetime, lacking: Sequence[Conflict] = ()
) -> None:
    """Mail everybody concerned but whoever did it; who sends a booking in gets a receipt.

    ``lacking`` is what of the site is not ready yet.
    """
    sides = {**AUDIENCE, **NEWS}[event]
    people: list[Person] = []
    if "employer" in sides:
        people += people_of(booking.employer_id)
    if "coordinators" in sides:
        people += coordinators()
    if "crew" in sides:
        people += _crew_of(booking)
    keeps_actor = event == "submitted"
    sessions = sessions_of(booking)
    for person in _once(people, None if keeps_actor else actor):
        is_employer = booking.employer_id in person.organization_ids(Role.EMPLOYER)
        mail_person(
            person,
            "booking",
            MailKind.BOOKINGS,
            now,
            event=event,
            booking=booking,
            is_employer=is_employer,
            deployments=_live_deployments(booking),
            sessions=sessions,
            days=days_of(sessions),
            lacking=lacking,
            conflict_words=conflict_words,
            url=_page_for(person, booking, is_employer),
        )


def _page_for(person: Person, booking: BookingRequest, is_employer: bool) -> str:
    """Where somebody looks: the crew has no page of the booking, but one of the deployment."""
    if not (is_employer or person.has(Role.COORDINATOR)):
        for cohort in booking.cohorts:
            for deployment in cohort.deployments:
                if any(member.person_id == person.id for member in deployment.crew):
                    return address_of(f"/deployments/{deployment.id}")
    return address_of(f"/bookings/{booking.id}")


def tell_of_deployment(
    deployment: Deployment,
    event: str,
    *,
    actor: Person,
    now: datetime,
    without: Iterable[Person] = (),
    reason: str | None = None,
    session: Session | None = None,
    was: datetime | None = None,
    moved: Moved | None = None,
) -> None:
    """Mail the crew and the employers of a deployment that something about it changed.

    What happens to one session concerns the employer of its cohort alone: others at the same place do not
    hear whose it is. ``without`` are those who hear of it otherwise.
    """
    left_out = {person.id for person in without}
    people = [member.person for member in deployment.crew if member.person_id not in left_out]
    concerned = deployment.cohorts if session is None else [session.cohort]
    for employer_id in sorted(_employers_of(concerned), key=str):
        people += people_of(employer_id)
    _tell(
        people,
        event,
        actor,
        now,
        deployment=deployment,
        session=session,
        reason=reason,
        was=was,
        moved=moved,
    )


def tell_of_session(
    session: Session,
    event: str,
    *,
    actor: Person,
    now: datetime,
    reason: str | None = None,
    was: datetime | None = None,
) -> None:
    """Mail the trainers and the employer of a session that it was added, moved or cancelled."""
    if session.deployment is not None:
        tell_of_deployment(
            session.deployment, event, actor=actor, now=now, session=session, reason=reason, was=was
        )
        return
    people = [trainer.person for trainer in session.trainers]
    _tell(people, event, actor, now, deployment=None, session=session, reason=reason, was=was)


def tell_person(person: Person, event: str, deployment: Deployment, *, actor: Person, now: datetime) -> None:
    """Mail one person something about a deployment that concerns only them."""
    _tell([person], event, actor, now, deployment=deployment, session=None, reason=None, was=None)


def _tell(people: Iterable[Person], event: str, actor: Person, now: datetime, **told: Any) -> None:
    context = {"moved": None, **told}
    deployment, session = context["deployment"], context["session"]
    url = (
        address_of(f"/deployments/{deployment.id}")
        if deployment is not None
        else address_of(f"/cohorts/{session.cohort_id}")
    )
    kind = MailKind.BOOKINGS if session is None else MailKind.SESSIONS
    for person in _once(people, actor):
        mail_person(person, "deployment", kind, now, event=event, url=url, **context)


def address_of(path: str) -> str:
    """A page's full address, for mails."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path


def _once(people: Iterable[Person], without: Person | None) -> list[Person]:
    kept: dict[UUID, Person] = {}
    for person in people:
        if person.archived_at is None and (without is None or person.id != without.id):
            kept.setdefault(person.id, person)
    return list(kept.values())


def people_of(organization_id: UUID) -> list[Person]:
    """Who stands for an organization now."""
    return list(
        db.session.scalars(
            sa.select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.organization_id == organization_id, Membership.ended_at.is_(None))
            .order_by(Person.id)
        ).unique()
    )


def coordinators() -> list[Person]:
    """Coordinators; where there is none yet, administrators."""
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        people = list(
            db.session.scalars(
                sa.select(Person)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.role == role, Membership.ended_at.is_(None))
                .order_by(Person.id)
            ).unique()
        )
        if people:
            return people
    return []


def _live_deployments(booking: BookingRequest) -> list[Deployment]:
    found = {
        deployment.id: deployment
        for cohort in booking.cohorts
        for deployment in cohort.deployments
        if deployment.status != DeploymentStatus.CANCELLED
    }
    return sorted(found.values(), key=lambda one: one.blocks_from)


def _crew_of(booking: BookingRequest) -> list[Person]:
    return [
        member.person
        for cohort in booking.cohorts
        for deployment in cohort.deployments
        for member in deployment.crew
    ]


def _employers_of(cohorts: Iterable[Cohort]) -> set[UUID]:
    return {cohort.booking.employer_id for cohort in cohorts if cohort.booking is not None}
