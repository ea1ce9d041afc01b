"""The events of a feed: what its owner may see, narrowed to what the feed is about, in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import lazyload

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.feeds import wording
from labtracker.feeds.queries.days_off import days_off
from labtracker.feeds.rules import (
    DAYS_AHEAD,
    DAYS_BACK,
    FOR_STAFF,
    FeedEvent,
    FeedKind,
    Subject,
    legs_of,
    status_of,
)
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import (
    BookingRequest,
    Cohort,
    CrewMember,
    Deployment,
    Session,
    SessionTrainer,
)
from labtracker.scheduling.queries import deployments_visible_to, sessions_visible_to
from labtracker.scheduling.rules.states import DeploymentStatus, Duty
from labtracker.web.language import language

PageOf = Callable[..., str]


def events_of(subject: Subject, *, owner: Person, now: datetime, page_of: PageOf) -> list[FeedEvent]:
    """Sessions, legs of deployments for labs and drivers, and when a lab is closed or a trainer away.

    From 90 days back to two years ahead, in the language that is spoken now. ``page_of(endpoint, **ids)``
    gives the full address of a page.
    """
    events = _sessions(subject, owner, now, page_of) + _legs(subject, owner, now, page_of)
    events += days_off(subject, owner, now, page_of)
    return sorted(events, key=lambda one: (one.starts_at, one.uid))


def _sessions(subject: Subject, owner: Person, now: datetime, page_of: PageOf) -> list[FeedEvent]:
    rows = db.session.execute(
        sa.select(Session, Cohort, Course, Worksite, Deployment, Lab.name.label("lab"), BookingRequest)
        .join(Cohort, Cohort.id == Session.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .outerjoin(Deployment, Deployment.id == Session.deployment_id)
        .outerjoin(Lab, Lab.id == Deployment.lab_id)
        .outerjoin(BookingRequest, BookingRequest.id == Cohort.booking_id)
        .options(*_plain())
        .where(
            Session.id.in_(sessions_visible_to(owner).with_only_columns(Session.id)),
            _is_about(subject),
            Session.ends_at > now - DAYS_BACK,
            Session.starts_at < now + DAYS_AHEAD,
        )
    ).all()
    trainers = _trainers([row.Session.id for row in rows]) if subject.kind in FOR_STAFF else {}
    return [_session_event(row, subject, trainers.get(row.Session.id, []), page_of) for row in rows]


def _plain() -> list[Any]:
    """Rows alone, without what pages load along with them."""
    return [
        lazyload(Session.trainers),
        lazyload(Deployment.crew),
        lazyload(Worksite.county),
    ]


def _is_about(subject: Subject) -> sa.ColumnElement[bool]:
    if subject.kind is FeedKind.LAB:
        return Deployment.lab_id == subject.id
    if subject.kind is FeedKind.WORKSITE:
        return Session.worksite_id == subject.id
    if subject.kind is FeedKind.EMPLOYER:
        own_ground = sa.and_(Cohort.booking_id.is_(None), Worksite.organization_id == subject.id)
        return sa.or_(BookingRequest.employer_id == subject.id, own_ground)
    crewed = sa.select(CrewMember.deployment_id).where(CrewMember.person_id == subject.id)
    named = sa.select(SessionTrainer.session_id).where(SessionTrainer.person_id == subject.id)
    return sa.or_(Session.deployment_id.in_(crewed), Session.id.in_(named))


def _trainers(session_ids: list[UUID]) -> dict[UUID, list[str]]:
    names: dict[UUID, list[str]] = defaultdict(list)
    query = (
        sa.select(SessionTrainer.session_id, Person.name)
        .join(Person, Person.id == SessionTrainer.person_id)
        .where(SessionTrainer.session_id.in_(session_ids))
        .order_by(Person.name)
    )
    for session_id, name in db.session.execute(query):
        names[session_id].append(name)
    return names


def _session_event(row: Any, subject: Subject, trainers: list[str], page_of: PageOf) -> FeedEvent:
    session, cohort, course, site, deployment = (
        row.Session,
        row.Cohort,
        row.Course,
        row.Worksite,
        row.Deployment,
    )
    status = status_of(
        deployment.status if deployment else None,
        is_cancelled=session.cancelled_at is not None or cohort.cancelled_at is not None,
    )
    url = page_of("scheduling.session", session_id=session.id)
    words = wording.SessionWords(
        course=course.title_in(language()),
        code=course.code,
        cohort=cohort.name if subject.kind is not FeedKind.WORKSITE else None,
        town=site.city,
        lab=row.lab,
        trainers=trainers,
        contact=_contact(site, row.BookingRequest) if subject.kind in FOR_STAFF else None,
        # A reason is written for those whom it concerns, and may name them.
        reason=session.cancel_reason if subject.kind is not FeedKind.WORKSITE else None,
        status=status,
        url=url,
    )
    parties = [session, cohort, course, site, *([deployment] if deployment else [])]
    return FeedEvent(
        uid=f"{session.id}@labtracker",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=site.zone,
        title=words.title(),
        status=status,
        sequence=max(one.stamp for one in parties),
        changed_at=_changed(cohort.created_at, session, deployment),
        place=_place(site),
        lines=words.lines(),
        url=url,
        point=_point(site),
    )


def _contact(site: Worksite, booking: BookingRequest | None) -> tuple[str | None, str | None]:
    """Whom to call at a site: whom the booking names, else whom the site does."""
    if booking is not None and (booking.site_contact or booking.site_phone):
        return booking.site_contact, booking.site_phone
    return site.contact_name, site.contact_phone


def _legs(subject: Subject, owner: Person, now: datetime, page_of: PageOf) -> list[FeedEvent]:
    if subject.kind is FeedKind.LAB:
        which: sa.ColumnElement[bool] = Deployment.lab_id == subject.id
    elif subject.kind is FeedKind.TRAINER:
        drives = sa.select(CrewMember.deployment_id).where(
            CrewMember.person_id == subject.id, CrewMember.duty == Duty.DRIVER
        )
        which = Deployment.id.in_(drives)
    else:
        return []
    rows = db.session.execute(
        sa.select(Deployment, Worksite, Lab)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .join(Lab, Lab.id == Deployment.lab_id)
        .options(*_plain()[1:])
        .where(
            Deployment.id.in_(deployments_visible_to(owner).with_only_columns(Deployment.id)),
            which,
            Deployment.blocks_until > now - DAYS_BACK,
            Deployment.blocks_from < now + DAYS_AHEAD,
        )
    )
    return [event for row in rows for event in _leg_events(row.Deployment, row.Worksite, row.Lab, page_of)]


def _leg_events(deployment: Deployment, site: Worksite, lab: Lab, page_of: PageOf) -> list[FeedEvent]:
    status = status_of(deployment.status, is_cancelled=deployment.status == DeploymentStatus.CANCELLED)
    url = page_of("scheduling.deployment", deployment_id=deployment.id)
    legs = legs_of(
        deployment.blocks_from,
        deployment.blocks_until,
        travel_in=deployment.travel_in_minutes,
        setup=deployment.setup_minutes,
        teardown=deployment.teardown_minutes,
        travel_out=deployment.travel_out_minutes,
    )
    return [
        FeedEvent(
            uid=f"{deployment.id}-{leg}@labtracker",
            starts_at=starts_at,
            ends_at=ends_at,
            zone=site.zone,
            title=wording.leg_title(leg, lab.name, site.city, lab.home_city, status),
            status=status,
            sequence=max(deployment.stamp, site.stamp),
            changed_at=_changed(deployment.created_at, deployment),
            place=_place(site),
            lines=wording.leg_lines(lab.name, status, deployment.cancel_reason, url),
            url=url,
            point=_point(site),
        )
        for leg, starts_at, ends_at in legs
    ]


def _changed(since: datetime, *rows: Any) -> datetime:
    """When the last of some rows was written; ``since`` for those from before that was kept."""
    known = [row.changed_at for row in rows if row is not None and row.changed_at is not None]
    return max([since, *known])


def _place(site: Worksite) -> str:
    return f"{site.name}, {site.address}, {site.city}, {site.state} {site.zip}"


def _point(site: Worksite) -> tuple[float, float] | None:
    if site.latitude is None or site.longitude is None:
        return None
    return (site.latitude, site.longitude)
