"""Packs follow crews: a change of crew, trainer or phone restamps what it makes visible.

What it takes out of somebody's view leaves a tombstone. A pack's reader subtracts from the tombstones
what the phone may still see, so this may leave more of them than needed, never fewer. It listens to every
flush, because crews and sessions are written by slices below this one, which know nothing of packs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session as DatabaseSession
from sqlalchemy.orm import attributes

from labtracker.accounts.models import DeviceTrainer, Membership, Person
from labtracker.changes import next_stamp
from labtracker.checkin.models import Tombstone
from labtracker.checkin.queries.pack import KEPT_AFTER_END
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, CrewMember, Session, SessionTrainer


@dataclass(slots=True)
class Shift:
    """What came into somebody's view, or left it: sessions named in one of four ways, and single rows.

    ``merged`` are workers who turned out to be somebody else: their own enrollments are shown no more.
    """

    sessions: set[UUID] = field(default_factory=set)
    deployments: set[UUID] = field(default_factory=set)
    cohorts: set[UUID] = field(default_factory=set)
    people: set[UUID] = field(default_factory=set)
    rows: set[UUID] = field(default_factory=set)
    merged: set[UUID] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(
            self.sessions or self.deployments or self.cohorts or self.people or self.rows or self.merged
        )

    def chosen_sessions(self) -> sa.ColumnElement[bool]:
        """The sessions that are meant."""
        crewed = sa.select(CrewMember.deployment_id).where(CrewMember.person_id.in_(self.people))
        named = sa.select(SessionTrainer.session_id).where(SessionTrainer.person_id.in_(self.people))
        return sa.or_(
            Session.id.in_(self.sessions | self.rows),
            Session.deployment_id.in_(self.deployments),
            Session.deployment_id.in_(crewed),
            Session.id.in_(named),
        )

    def chosen_cohorts(self) -> sa.ColumnElement[bool]:
        """The cohorts that are meant, those of the sessions among them."""
        of_sessions = sa.select(Session.cohort_id).where(self.chosen_sessions())
        return sa.or_(Cohort.id.in_(of_sessions), Cohort.id.in_(self.cohorts))


@sa.event.listens_for(db.session, "after_flush")
def follow_crews(session: DatabaseSession, _context: Any) -> None:
    """Restamp what this flush made visible, bury what it took away."""
    gained, gone = Shift(), Shift()
    for row in session.new:
        _gain(gained, row)
    for row in session.deleted:
        _lose(gone, row)
    for row in session.dirty:
        _move(gained, gone, row)
    if not gained and not gone:
        return
    stamp = next_stamp(session)
    if gained:
        _restamp(session, gained, stamp)
    if gone:
        _bury(session, gone, stamp)


def _gain(gained: Shift, row: Any) -> None:
    if isinstance(row, CrewMember):
        gained.deployments.add(row.deployment_id)
    elif isinstance(row, SessionTrainer):
        gained.sessions.add(row.session_id)
    elif isinstance(row, (DeviceTrainer, Membership)):
        gained.people.add(row.person_id)
    elif isinstance(row, Session):
        gained.rows.add(row.id)


def _lose(gone: Shift, row: Any) -> None:
    if isinstance(row, CrewMember):
        gone.deployments.add(row.deployment_id)
    elif isinstance(row, SessionTrainer):
        gone.sessions.add(row.session_id)
    elif isinstance(row, DeviceTrainer):
        gone.people.add(row.person_id)
    elif isinstance(row, Session):
        gone.rows.add(row.id)
        gone.cohorts.add(row.cohort_id)
    elif isinstance(row, (Cohort, Enrollment)):
        gone.rows.add(row.id)


def _move(gained: Shift, gone: Shift, row: Any) -> None:
    """A session moved to another deployment or cohort, an enrollment to another cohort, a trainer left."""
    if isinstance(row, Session) and _was_over(row):
        gained.rows.add(row.id)
    if isinstance(row, Session) and (_changed(row, "deployment_id") or _changed(row, "cohort_id")):
        gained.rows.add(row.id)
        gone.rows.add(row.id)
        gone.cohorts.update(one for one in (row.cohort_id, *_before(row, "cohort_id")) if one is not None)
    elif isinstance(row, Enrollment) and _changed(row, "cohort_id"):
        gone.rows.add(row.id)
    elif isinstance(row, Worker) and _changed(row, "merged_into_id") and row.merged_into_id is not None:
        gone.merged.add(row.id)
    elif isinstance(row, Person) and _changed(row, "archived_at"):
        (gone if row.archived_at else gained).people.add(row.id)
    elif isinstance(row, Membership) and _changed(row, "ended_at"):
        (gone if row.ended_at else gained).people.add(row.person_id)


def _was_over(row: Session) -> bool:
    """Whether a session was moved after packs had let go of it."""
    return any(before is not None and before <= _let_go_by() for before in _before(row, "ends_at"))


def _let_go_by() -> datetime:
    """Sessions that ended by then are in no pack any more. A flush is told no time, so this asks for it."""
    return utc_now() - KEPT_AFTER_END


def _changed(row: Any, name: str) -> bool:
    return bool(attributes.get_history(row, name).has_changes())


def _before(row: Any, name: str) -> Iterable[Any]:
    return attributes.get_history(row, name).deleted or ()


def _restamp(session: DatabaseSession, gained: Shift, stamp: int) -> None:
    cohorts = {
        *session.scalars(sa.select(Session.cohort_id).where(gained.chosen_sessions()).distinct()),
    }
    known = _seen_before(session, gained) if gained.rows else set()
    shown = cohorts - known
    statements = [
        sa.update(Session).where(gained.chosen_sessions()),
        sa.update(Cohort).where(Cohort.id.in_(shown)),
        sa.update(Enrollment).where(Enrollment.cohort_id.in_(shown)),
    ]
    for statement in statements:
        session.execute(statement.values(stamp=stamp).execution_options(synchronize_session=False))


def _seen_before(session: DatabaseSession, gained: Shift) -> set[UUID]:
    """Cohorts that gained only another session on a deployment that serves them already.

    Where all its others are over, phones had no news of the cohort's people since.
    """
    if gained.sessions or gained.deployments or gained.people:
        return set()
    older = sa.orm.aliased(Session)
    fresh = sa.select(Session.cohort_id).where(
        Session.id.in_(gained.rows),
        ~sa.exists().where(
            older.cohort_id == Session.cohort_id,
            older.deployment_id == Session.deployment_id,
            older.id.not_in(gained.rows),
            older.ends_at > _let_go_by(),
        ),
    )
    served = sa.select(Session.cohort_id).where(Session.id.in_(gained.rows), Session.cohort_id.not_in(fresh))
    return {*session.scalars(served)}


def _bury(session: DatabaseSession, gone: Shift, stamp: int) -> None:
    leaving = sa.union(
        sa.select(Session.id).where(gone.chosen_sessions()),
        sa.select(Cohort.id).where(gone.chosen_cohorts()),
        sa.select(Enrollment.id).where(
            sa.or_(
                Enrollment.cohort_id.in_(sa.select(Cohort.id).where(gone.chosen_cohorts())),
                Enrollment.worker_id.in_(gone.merged),
            )
        ),
    )
    _insert_tombstones(session, {*session.scalars(leaving)} | gone.rows, stamp)


def bury_rows(session: DatabaseSession, ids: Collection[UUID]) -> None:
    """Tell phones that rows are gone which are deleted by a statement of their own, past the unit of work."""
    _insert_tombstones(session, ids, next_stamp(session))


def _insert_tombstones(session: DatabaseSession, ids: Collection[UUID], stamp: int) -> None:
    if ids:
        session.execute(sa.insert(Tombstone), [{"stamp": stamp, "row_id": one} for one in sorted(ids)])
