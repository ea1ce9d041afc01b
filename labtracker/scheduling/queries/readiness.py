"""How sites stand for the labs that go there, and who may check a site."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.queries.readiness import (
    checklist_of,
    checks_by_worksite,
    final_checks,
    standing_of,
)
from labtracker.labs.rules.readiness import Standing, Verdict
from labtracker.scheduling.models import CrewMember, Deployment, ReadinessWaiver
from labtracker.scheduling.queries.coming import coming_deployments
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.rules.conflicts import Conflict, Party
from labtracker.scheduling.rules.fitness import Readiness, ReadinessFacts, readiness_conflicts
from labtracker.scheduling.rules.states import Duty

# As many visits of one trainer as a phone is told of.
MOST_VISITS = 60
_OUTCOMES = {
    Verdict.READY: Readiness.READY,
    Verdict.CONDITIONS: Readiness.CONDITIONS,
    Verdict.NOT_READY: Readiness.NOT_READY,
}


def readiness_facts(lab: Lab, worksite: Worksite, on: date) -> ReadinessFacts | None:
    """How a site stands for a lab on the day it arrives; nothing where the lab asks for no check."""
    return readiness_of_labs([lab], worksite, on)[lab.id]


def readiness_of_labs(labs: Sequence[Lab], worksite: Worksite, on: date) -> dict[UUID, ReadinessFacts | None]:
    """The same for several labs in one read."""
    if not any(checklist_of(lab) for lab in labs):
        return {lab.id: None for lab in labs}
    checks = db.session.scalars(final_checks([worksite.id])).all()
    return {lab.id: _facts(lab, checks, on) for lab in labs}


def _facts(lab: Lab, checks: Sequence[SiteReadiness], on: date) -> ReadinessFacts | None:
    if not checklist_of(lab):
        return None
    return facts_from(standing_of(lab, checks, on))


def facts_from(found: Standing) -> ReadinessFacts:
    """A standing as the calendar's rules read it."""
    if found.judgement is None:
        return ReadinessFacts()
    return ReadinessFacts(
        outcome=_OUTCOMES.get(found.judgement.verdict),
        valid_until=found.expires_on,
        unaccepted=len(found.unaccepted),
        unanswered=len(found.judgement.unanswered),
        conditions=tuple(one.key for one in found.judgement.conditions),
    )


def readiness_conflicts_of(proposal: Proposal) -> list[Conflict]:
    """What of its site is not ready for a proposal's lab on its arrival."""
    stay, worksite = proposal.stay, proposal.visit.worksite
    if stay is None:
        return []
    on = local_day(stay.arrives_at, worksite.zone)
    facts = readiness_facts(proposal.lab, worksite, on)
    lab = Party("lab", proposal.lab.id, proposal.lab.name)
    return readiness_conflicts(facts, lab, Party("worksite", worksite.id, worksite.name), on)


def readiness_conflicts_of_all(
    deployments: Sequence[Deployment], now: datetime | None
) -> dict[UUID, list[Conflict]]:
    """What of their sites is not ready for deployments that have not arrived yet and were not let off."""
    coming = [one for one in deployments if checklist_of(one.lab) and (now is None or _arrives_at(one) > now)]
    if not coming:
        return {}
    checks = checks_by_worksite({one.worksite_id for one in coming})
    let_off = _let_off({one.id for one in coming})
    return {
        one.id: found
        for one in coming
        if (one.id, one.lab_id) not in let_off and (found := _conflicts(one, checks.get(one.worksite_id, ())))
    }


def _conflicts(deployment: Deployment, checks: Sequence[SiteReadiness]) -> list[Conflict]:
    on = arrival_of(deployment)
    return readiness_conflicts(
        _facts(deployment.lab, checks, on),
        Party("lab", deployment.lab_id, deployment.lab.name),
        Party("worksite", deployment.worksite_id, deployment.worksite.name),
        on,
    )


def coming_to(worksite_id: UUID, now: datetime) -> list[Deployment]:
    """Deployments at a worksite that are neither cancelled nor over, the nearest first."""
    query = coming_deployments(now).where(Deployment.worksite_id == worksite_id)
    return list(db.session.scalars(query).unique())


def arrival_of(deployment: Deployment) -> date:
    """The day on which the lab arrives at the site."""
    return local_day(_arrives_at(deployment), deployment.worksite.zone)


def _arrives_at(deployment: Deployment) -> datetime:
    return deployment.blocks_from + timedelta(minutes=deployment.travel_in_minutes)


def _let_off(deployment_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    query = sa.select(ReadinessWaiver.deployment_id, ReadinessWaiver.lab_id).where(
        ReadinessWaiver.deployment_id.in_(deployment_ids)
    )
    return {(deployment, lab) for deployment, lab in db.session.execute(query)}


def waiver_of(deployment: Deployment) -> ReadinessWaiver | None:
    """Who let a deployment's present lab go without a check, and why."""
    return db.session.get(ReadinessWaiver, (deployment.id, deployment.lab_id))


def worksites_checked_by(actor: Person, now: datetime) -> sa.Select[Worksite]:
    """Worksites somebody may check: coordinators all, employers their own, trainers where they go next."""
    query = sa.select(Worksite)
    if actor.has(Role.COORDINATOR):
        return query
    own = Worksite.organization_id.in_(actor.organization_ids(Role.EMPLOYER))
    if not actor.has(Role.TRAINER):
        return query.where(own)
    going = sa.select(coming_of_trainer(actor, now).subquery().c.worksite_id)
    return query.where(own | Worksite.id.in_(going))


def coming_of_trainer(actor: Person, now: datetime) -> sa.Select[Deployment]:
    """Deployments that are not over, on whose crew somebody trains, the nearest first."""
    crewed = sa.select(CrewMember.deployment_id).where(
        CrewMember.person_id == actor.id, CrewMember.duty == Duty.TRAINER
    )
    return coming_deployments(now).where(Deployment.id.in_(crewed))


@dataclass(frozen=True)
class SiteVisit:
    """A lab that asks something of a worksite comes there: who of some trainers goes, on which day first."""

    lab: Lab
    worksite: Worksite
    arrives_on: date
    trainers: tuple[UUID, ...]


def site_visits_of(trainers: Sequence[Person], now: datetime) -> list[SiteVisit]:
    """Where trainers go with a lab that asks for a check, the nearest first, each lab and site once."""
    going: dict[tuple[UUID, UUID], tuple[Deployment, list[UUID]]] = {}
    with_names = (selectinload(Deployment.lab), selectinload(Deployment.worksite))
    for person in trainers:
        query = coming_of_trainer(person, now).options(*with_names).limit(MOST_VISITS)
        for one in db.session.scalars(query):
            first, people = going.setdefault((one.lab_id, one.worksite_id), (one, []))
            if one.blocks_from < first.blocks_from:
                going[one.lab_id, one.worksite_id] = (one, people)
            if person.id not in people:
                people.append(person.id)
    nearest = sorted(going.values(), key=lambda found: (found[0].blocks_from, found[0].id))
    return [
        SiteVisit(one.lab, one.worksite, arrival_of(one), tuple(people))
        for one, people in nearest
        if checklist_of(one.lab)
    ]


def checks_visible_to(actor: Person, now: datetime) -> sa.Select[SiteReadiness]:
    """Checks, drafts included, of the worksites that somebody may check."""
    sites = sa.select(worksites_checked_by(actor, now).subquery().c.id)
    return sa.select(SiteReadiness).where(SiteReadiness.worksite_id.in_(sites))
