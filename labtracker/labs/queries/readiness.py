"""Named reads of site readiness: what is asked for a lab, what was answered, how a site stands on a day.

Who may see a check, the calendar decides: it knows whose crew goes where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import AuditEntry, Person
from labtracker.extensions import db
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.rules.needs import ITEMS, Profile, Question, questions
from labtracker.labs.rules.readiness import Check, Standing, Verdict, finding_from, standing

SOON = timedelta(days=30)


def profile_of(lab: Lab) -> Profile:
    """A lab's needs as the rule reads them."""
    return Profile(
        needs=lab.needs,
        length_ft=lab.length_ft,
        height_ft=lab.height_ft,
        weight_lb=lab.weight_lb,
        power_kw=lab.power_kw,
        has_generator=lab.has_generator,
        needs_water=lab.needs_water,
    )


def checklist_of(lab: Lab) -> tuple[Question, ...]:
    """What is asked of a site for a lab; nothing where nobody said what the lab needs."""
    return questions(profile_of(lab))


def checklist_of_all(labs: Iterable[Lab]) -> tuple[Question, ...]:
    """What any of several labs asks of a site, each item once, in the order of the checklist."""
    asked = {one.key: one for lab in labs for one in checklist_of(lab)}
    return tuple(asked[key] for key in ITEMS if key in asked)


def final_checks(worksite_ids: Iterable[UUID]) -> sa.Select[SiteReadiness]:
    """The final checks of some worksites, the newest first."""
    return (
        sa.select(SiteReadiness)
        .where(SiteReadiness.worksite_id.in_(list(worksite_ids)), SiteReadiness.finalised_at.is_not(None))
        .order_by(SiteReadiness.finalised_at.desc(), SiteReadiness.id.desc())
    )


def checks_of(worksite: Worksite) -> sa.Select[SiteReadiness]:
    """All checks of a worksite, drafts first, then the newest first."""
    return (
        sa.select(SiteReadiness)
        .where(SiteReadiness.worksite_id == worksite.id)
        .order_by(
            SiteReadiness.finalised_at.is_not(None),
            SiteReadiness.finalised_at.desc(),
            SiteReadiness.updated_at.desc(),
        )
        .options(
            selectinload(SiteReadiness.lab),
            selectinload(SiteReadiness.checked_by),
            selectinload(SiteReadiness.finalised_by),
        )
    )


def check_as_seen_for(row: SiteReadiness, lab_id: UUID) -> Check:
    """A final check as the rule reads it for a lab."""
    accepted = [finding_from(one.finding) for one in row.acceptances] if row.lab_id == lab_id else []
    return Check(row.lab_id == lab_id, row.answers, row.expires_on, accepted)


def standing_of(lab: Lab, checks: Sequence[SiteReadiness], on: date) -> Standing:
    """How a site stands for a lab on a day, from its final checks, the newest first."""
    return standing(checklist_of(lab), [check_as_seen_for(row, lab.id) for row in checks], on)


def answers_known(worksite: Worksite, *, besides: UUID | None = None) -> dict[str, Any]:
    """What is known of a site: what its own page says, then what checks answered, the newest last."""
    known: dict[str, Any] = {}
    if worksite.pad_length_ft is not None:
        known["pad_length_ft"] = worksite.pad_length_ft
    if worksite.power_kw is not None:
        known["power_kw"] = worksite.power_kw
    query = (
        sa.select(SiteReadiness.answers)
        .where(SiteReadiness.worksite_id == worksite.id, SiteReadiness.id != besides)
        .order_by(SiteReadiness.checked_on, SiteReadiness.updated_at)
    )
    for answers in db.session.scalars(query):
        known.update(answers)
    return known


def open_drafts() -> sa.Select[SiteReadiness]:
    """Drafts that wait for a coordinator, the oldest first."""
    return (
        sa.select(SiteReadiness)
        .where(SiteReadiness.finalised_at.is_(None))
        .order_by(SiteReadiness.updated_at)
        .options(
            selectinload(SiteReadiness.lab),
            selectinload(SiteReadiness.worksite),
            selectinload(SiteReadiness.checked_by),
        )
    )


def lapsing(today: date) -> list[SiteReadiness]:
    """Final checks that lapse within 30 days, not followed by one that holds longer, soonest first.

    Left out are those that found a site not ready, and what nobody checks again: a site in the archive, a lab
    out of service.
    """
    query = (
        sa.select(SiteReadiness)
        .where(
            SiteReadiness.finalised_at.is_not(None),
            SiteReadiness.expires_on >= today,
            SiteReadiness.worksite.has(Worksite.archived_at.is_(None)),
            SiteReadiness.lab.has(Lab.retired_at.is_(None)),
        )
        .order_by(SiteReadiness.expires_on)
        .options(selectinload(SiteReadiness.lab), selectinload(SiteReadiness.worksite))
    )
    newest: dict[tuple[UUID, UUID], SiteReadiness] = {}
    for row in db.session.scalars(query):
        newest[row.worksite_id, row.lab_id] = row
    return [
        row
        for row in newest.values()
        if row.expires_on <= today + SOON and row.verdict != Verdict.NOT_READY.value
    ]


def checks_by_worksite(worksite_ids: Iterable[UUID]) -> Mapping[UUID, list[SiteReadiness]]:
    """The final checks of several worksites, by worksite, the newest first."""
    found: dict[UUID, list[SiteReadiness]] = {}
    for row in db.session.scalars(final_checks(worksite_ids)):
        found.setdefault(row.worksite_id, []).append(row)
    return found


def open_drafts_of(person: Person) -> int:
    """How many drafts of somebody wait for a coordinator."""
    query = sa.select(sa.func.count()).where(
        SiteReadiness.checked_by_id == person.id, SiteReadiness.finalised_at.is_(None)
    )
    return db.session.execute(query).scalar_one()


def was_discarded(check_id: UUID) -> bool:
    """Whether a draft of this id was here and somebody threw it away."""
    query = sa.select(AuditEntry.id).where(
        AuditEntry.subject_kind == SiteReadiness.__tablename__,
        AuditEntry.subject_id == check_id,
        AuditEntry.action == f"{SiteReadiness.__tablename__}_discarded",
    )
    return db.session.scalar(query.limit(1)) is not None
