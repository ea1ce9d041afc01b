"""Moving a deployment: to another lab, another first day, other trainers; and undoing that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.labs.models import Lab
from labtracker.scheduling.models import (
    BookingRequest,
    CrewMember,
    Deployment,
    DeploymentMove,
    FormerCrewMember,
    Session,
    SessionTrainer,
)
from labtracker.scheduling.queries.moving import (
    Rows,
    has_begun,
    is_as_left,
    kept_from,
    propose_move,
    snapshot_of,
)
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.queries.visits import standing_sessions
from labtracker.scheduling.rules.sessions import encode_breaks
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.services import stays
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.deployments import (
    cancel_deployment,
    refuse_cancelled,
    show_again,
    take_off,
    welcome,
)
from labtracker.scheduling.services.locks import lock_calendar, lock_row, require_version, touch
from labtracker.scheduling.services.notices import Moved, tell_of_deployment, tell_person
from labtracker.scheduling.services.planning import check_trainers, plan_deployment
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.signals import sessions_changed


def move_deployment(
    *,
    deployment: Deployment,
    actor: Person,
    now: datetime,
    expected_version: int | None,
    lab: Lab | None = None,
    first_on: date | None = None,
    trainers: Sequence[Person] | None = None,
) -> DeploymentMove:
    """Move what has not begun to another lab, first day or crew; what is not given stays as it is.

    Its sessions keep their ids and their clock times and pass over holidays; travel is worked out anew.
    Refuses with ``ConflictError`` what clashes, and with ``changed_meanwhile`` what somebody else moved.
    """
    require_coordinator(actor)
    if trainers is not None:
        check_trainers(trainers)
    rows = _hold(deployment, lab, trainers or (), deployment.vehicle)
    require_version(deployment, expected_version, "deployment")
    _refuse_immovable(deployment, rows, now)
    proposal = propose_move(deployment, rows, now, lab=lab, first_on=first_on, trainers=trainers)
    refuse_conflicts(proposal.conflicts, deployment.worksite.zone)
    return _relocate(deployment, rows, proposal, actor, now)


def place_request(
    *,
    booking: BookingRequest,
    lab: Lab,
    first_on: date,
    trainers: Sequence[Person],
    actor: Person,
    now: datetime,
    expected_version: int | None,
) -> DeploymentMove:
    """Accept a waiting request into a tentative deployment, so that this can be undone.

    A refusal names no ways out: whoever shows it looks for them once others may write again.
    """
    deployment = plan_deployment(
        booking=booking,
        lab=lab,
        trainers=trainers,
        first_on=first_on,
        actor=actor,
        now=now,
        expected_version=expected_version,
        ways_out=False,
    )
    return _remember(deployment, None, actor, now)


def undo_move(*, move: DeploymentMove, actor: Person, now: datetime) -> Deployment:
    """Put a deployment back to how it stood before a move, checked anew; what was placed is cancelled.

    Refuses once anything else has changed it.
    """
    require_coordinator(actor)
    deployment = move.deployment
    kept = kept_from(move.before, deployment.worksite.zone) if move.before else None
    lab = db.session.get_one(Lab, UUID(move.before["lab"])) if move.before else None
    rows = _hold(deployment, lab, kept.crew if kept else (), kept.vehicle if kept else None)
    lock_row(move)
    if not is_as_left(move):
        raise DomainError(
            "changed_meanwhile", _("This can no longer be undone: it was changed since."), status=409
        )
    move.undone_at = now
    if kept is None:
        reason = _("Taken back by the coordinator right after it was placed.")
        return cancel_deployment(deployment=deployment, reason=reason, actor=actor, now=now)
    _refuse_immovable(deployment, rows, now)
    proposal = propose_move(deployment, rows, now, lab=lab, trainers=kept.crew, kept=kept)
    refuse_conflicts(proposal.conflicts, deployment.worksite.zone)
    seats = {UUID(key): int(value) for key, value in move.before["seats"].items()} if move.before else {}
    _write(deployment, rows, proposal, seats, actor, now)
    db.session.flush()
    return deployment


def _hold(
    deployment: Deployment, lab: Lab | None, people: Iterable[Person], vehicle: TowVehicle | None
) -> Rows:
    """Lock whom and what the move concerns, in the order of all locks, and read it anew."""
    labs = {deployment.lab_id, lab.id if lab else deployment.lab_id}
    lock_calendar(labs=labs, vehicles={vehicle.id} if vehicle else ())
    if lab is not None:
        db.session.refresh(lab)
    # Who holds the lab's calendar lets nobody onto its crew: whom to lock is certain only now.
    db.session.refresh(deployment)
    named = {
        trainer.person_id for row in standing_sessions(deployment) for one in row for trainer in one.trainers
    }
    named |= {member.person_id for member in deployment.crew} | {person.id for person in people}
    lock_calendar(people=named)
    lock_row(deployment)
    if deployment.lab_id not in labs:
        raise DomainError(
            "changed_meanwhile", _("Somebody moved this at the same moment. Look at it again."), status=409
        )
    of_it = sa.select(Session).where(Session.deployment_id == deployment.id).order_by(Session.id)
    db.session.scalars(of_it.with_for_update().execution_options(populate_existing=True)).all()
    return standing_sessions(deployment)


def _refuse_immovable(deployment: Deployment, rows: Rows, now: datetime) -> None:
    refuse_cancelled(deployment)
    if not rows:
        raise DomainError("nothing_to_move", _("It has no session that could move."), status=409)
    if has_begun(rows, now):
        raise DomainError(
            "already_begun", _("Training has begun here; what was held stays where it was."), status=409
        )


def _relocate(
    deployment: Deployment, rows: Rows, proposal: Proposal, actor: Person, now: datetime
) -> DeploymentMove:
    before = snapshot_of(deployment, rows)
    # Full stays full: seats that were the lab's follow the lab.
    seats = {
        row[0].cohort_id: proposal.lab.seats for row in rows if row[0].cohort.seats == deployment.lab.seats
    }
    _write(deployment, rows, proposal, seats, actor, now)
    move = _remember(deployment, before, actor, now)
    if move.after == before:
        raise DomainError("not_moved", _("It stands there already."), status=409)
    return move


def _remember(
    deployment: Deployment, before: dict[str, Any] | None, actor: Person, now: datetime
) -> DeploymentMove:
    move = DeploymentMove(
        deployment=deployment,
        actor_id=actor.id,
        at=now,
        before=before,
        after=snapshot_of(deployment, standing_sessions(deployment)),
    )
    db.session.add(move)
    db.session.flush()
    return move


def _write(
    deployment: Deployment,
    rows: Rows,
    proposal: Proposal,
    seats: dict[UUID, int],
    actor: Person,
    now: datetime,
) -> None:
    """Write a proposal that nothing stands in the way of into the deployment, and tell everyone."""
    assert proposal.stay is not None
    was_first, was_lab = min(one.starts_at for row in rows for one in row), deployment.lab
    was = [(one.starts_at, one.ends_at) for row in rows for one in row]
    come, gone = _change_crew(deployment, proposal.trainers, now)
    _move_sessions(rows, proposal, now)
    deployment.lab, deployment.vehicle = proposal.lab, proposal.vehicle
    deployment.vehicle_stays = proposal.vehicle_stays
    stays.apply_stay(deployment, proposal.stay)
    touch(deployment)
    for row in rows:
        row[0].cohort.seats = seats.get(row[0].cohort_id, row[0].cohort.seats)
    show_again(deployment)
    db.session.flush()
    spans = was + [(one.starts_at, one.ends_at) for row in rows for one in row]
    sessions_changed.send(None, spans=spans, cohort_ids={row[0].cohort_id for row in rows}, now=now)
    record_audit(
        actor, "deployment_moved", "deployment", deployment.id, now, lab=proposal.lab.id, was_lab=was_lab.id,
        first_at=proposal.stay.first_at, was_first_at=was_first,
    )  # fmt: skip
    welcome(deployment, come, actor=actor, now=now)
    for person in gone:
        tell_person(person, "crew_removed", deployment, actor=actor, now=now)
    moved = Moved(was_lab.name, was_first, proposal.stay.first_at)
    if (was_lab, was_first) != (deployment.lab, moved.now_first_at):
        tell_of_deployment(deployment, "deployment_moved", actor=actor, now=now, without=come, moved=moved)


def _change_crew(
    deployment: Deployment, trainers: Sequence[Person], now: datetime
) -> tuple[list[Person], list[Person]]:
    """Make these the trainers of the crew; gives who came and who left."""
    members = {member.person_id: member for member in deployment.crew if member.duty == Duty.TRAINER}
    wanted = {person.id for person in trainers}
    gone = [member for key, member in members.items() if key not in wanted]
    come = [person for person in trainers if person.id not in members]
    for member in gone:
        deployment.crew.remove(member)
        left = FormerCrewMember(
            deployment_id=deployment.id, person_id=member.person_id, duty=member.duty, left_at=now
        )
        db.session.add(left)
    deployment.crew.extend(CrewMember(person=person, duty=Duty.TRAINER) for person in come)
    return come, [member.person for member in gone]


def _move_sessions(rows: Rows, proposal: Proposal, now: datetime) -> None:
    """Give each session its new times and teachers; the order within a cohort stays."""
    standing = proposal.visit.standing
    assert standing is not None
    teachers = standing.teachers_with(proposal.trainers)
    for row, times, taught in zip(rows, proposal.timetable.cohorts, teachers, strict=True):
        for session, one, people in zip(row, times, taught, strict=True):
            session.starts_at, session.ends_at = one.starts_at, one.ends_at
            session.breaks = encode_breaks(one.breaks)
            for trainer in [*session.trainers]:
                if trainer.person_id not in {person.id for person in people}:
                    take_off(session, trainer.person, now)
            known = {trainer.person_id for trainer in session.trainers}
            session.trainers.extend(
                SessionTrainer(person=person) for person in people if person.id not in known
            )
