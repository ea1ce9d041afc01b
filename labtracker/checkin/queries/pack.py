"""The pack: what a phone needs to check people in without signal, as changes since a cursor."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization
from labtracker.changes import current_stamp
from labtracker.checkin.models import Tombstone
from labtracker.checkin.queries.others import others_of
from labtracker.checkin.queries.pack_cohorts import Stamped, changed_cohorts, course_told
from labtracker.extensions import db
from labtracker.labs.models import Course, Worksite
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.scheduling.models import Cohort, CrewMember, Session, SessionTrainer

PAGE = 2000
# A session stays in the pack for half a day after its end, so that it can still be closed.
KEPT_AFTER_END = timedelta(hours=12)


@dataclass(slots=True)
class PackPage:
    """One page of changes, and the cursor up to which nothing is left out."""

    cursor: int
    more: bool
    sessions: list[dict[str, Any]] = field(default_factory=list)
    cohorts: list[dict[str, Any]] = field(default_factory=list)
    enrollments: list[dict[str, Any]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def sessions_taught_by(trainers: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Sessions of deployments on whose crew one of these people is, and those naming one of them."""
    crewed = sa.select(CrewMember.deployment_id).where(CrewMember.person_id.in_(trainers))
    named = sa.select(SessionTrainer.session_id).where(SessionTrainer.person_id.in_(trainers))
    return sa.or_(Session.deployment_id.in_(crewed), Session.id.in_(named))


def pack_page(trainers: Collection[UUID], *, after: int, now: datetime, page: int = PAGE) -> PackPage:
    """What changed after a cursor for these trainers: rows in the order of their latest change.

    Rows that one transaction changed stay on one page, so a page may be longer than asked for.
    """
    # Whoever holds a lower stamp has committed, so all rows up to this one can be seen from here on.
    upto = current_stamp(db.session())
    visible = sa.and_(sessions_taught_by(trainers), Session.ends_at > now - KEPT_AFTER_END)
    cohorts = sa.select(Session.cohort_id).where(visible)
    rows = [
        *_sessions(visible, after),
        *changed_cohorts(cohorts, after),
        *_enrollments(cohorts, after),
    ]
    rows = sorted((row for row in rows if after < row[0] <= upto), key=lambda row: row[0])
    result = PackPage(cursor=max(after, upto), more=False)
    if len(rows) > page:
        edge = rows[page - 1][0]
        result.more = rows[-1][0] > edge
        if result.more:
            result.cursor = edge
            rows = [row for row in rows if row[0] <= edge]
    for _stamp, kind, row in rows:
        if kind == "revoked":
            result.revoked.append(row["badge_hash"])
        else:
            getattr(result, kind).append(row)
    if after:
        result.gone = _gone(after, result.cursor, visible, cohorts)
    return result


def _sessions(visible: sa.ColumnElement[bool], after: int) -> list[Stamped]:
    rows = db.session.execute(
        sa.select(
            Session.id,
            Session.cohort_id,
            Session.starts_at,
            Session.ends_at,
            Session.breaks,
            Session.cancelled_at,
            Session.stamp,
            Course.id.label("course_id"),
            Course.code,
            Course.title,
            Course.title_es,
            Course.stamp.label("course_stamp"),
            Worksite.id.label("place_id"),
            Worksite.name,
            Worksite.zone,
            Worksite.stamp.label("place_stamp"),
        )
        .join(Cohort, Cohort.id == Session.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .where(visible, sa.or_(Session.stamp > after, Course.stamp > after, Worksite.stamp > after))
    )
    found: list[Stamped] = []
    for row in rows:
        session = {
            "id": str(row.id),
            "cohort": str(row.cohort_id),
            "course": course_told(row),
            "place": {"id": str(row.place_id), "name": row.name},
            "zone": row.zone,
            "starts_at": _instant(row.starts_at),
            "ends_at": _instant(row.ends_at),
            "breaks": [
                {
                    "starts_at": _instant(datetime.fromisoformat(start)),
                    "ends_at": _instant(datetime.fromisoformat(end)),
                }
                for start, end in row.breaks
            ],
        }
        if row.cancelled_at is not None:
            session["cancelled"] = True
        found.append((max(row.stamp, row.course_stamp, row.place_stamp), "sessions", session))
    return found


def _enrollments(visible: sa.Select[Any], after: int) -> list[Stamped]:
    """Enrollments with the badge each worker carries now, and badges revoked since.

    A badge that was printed for somebody who turned out to be this worker is this worker's.
    """
    in_view = sa.select(Enrollment.worker_id).where(Enrollment.cohort_id.in_(visible))
    merged = sa.select(Worker.id).where(Worker.merged_into_id.in_(in_view))
    holder = sa.func.coalesce(Worker.merged_into_id, Worker.id)
    badges: dict[UUID, tuple[datetime, str]] = {}
    changed: dict[UUID, int] = {}
    found: list[Stamped] = []
    for one in db.session.execute(
        sa.select(
            Badge.worker_id,
            Badge.badge_hash,
            Badge.issued_at,
            Badge.revoked_at,
            Badge.stamp,
            holder.label("holder_id"),
        )
        .join(Worker, Worker.id == Badge.worker_id)
        .where(Badge.worker_id.in_(sa.union(in_view, merged)))
    ):
        changed[one.holder_id] = max(changed.get(one.holder_id, 0), one.stamp)
        if one.revoked_at is not None:
            found.append((one.stamp, "revoked", {"badge_hash": one.badge_hash}))
        else:
            held = (one.issued_at, one.badge_hash)
            badges[one.worker_id] = max(badges.get(one.worker_id, held), held)
    others = others_of(in_view)
    recent = sa.select(holder).join(Badge, Badge.worker_id == Worker.id).where(Badge.stamp > after)
    rows = db.session.execute(
        sa.select(
            Enrollment.id,
            Enrollment.cohort_id,
            Enrollment.worker_id,
            Enrollment.status,
            Enrollment.stamp,
            Worker.given_name,
            Worker.family_name,
            Worker.stamp.label("worker_stamp"),
            Organization.name.label("employer"),
        )
        .join(Worker, Worker.id == Enrollment.worker_id)
        .join(Organization, Organization.id == Worker.employer_id)
        .where(
            Enrollment.cohort_id.in_(visible),
            Worker.merged_into_id.is_(None),
            sa.or_(Enrollment.stamp > after, Worker.stamp > after, Enrollment.worker_id.in_(recent)),
        )
    )
    for row in rows:
        stamp = max(row.stamp, row.worker_stamp, changed.get(row.worker_id, 0))
        badge = badges.get(row.worker_id)
        enrollment = {
            "id": str(row.id),
            "cohort": str(row.cohort_id),
            "name": f"{row.given_name} {row.family_name}".strip(),
            "employer": row.employer,
            "badge_hash": badge[1] if badge else None,
            "status": row.status,
        }
        if row.worker_id in others:
            enrollment |= others[row.worker_id].told_in(row.cohort_id)
        found.append((stamp, "enrollments", enrollment))
    return found


def _gone(after: int, upto: int, visible: sa.ColumnElement[bool], cohorts: sa.Select[Any]) -> list[str]:
    ids = {
        *db.session.scalars(
            sa.select(Tombstone.row_id).where(Tombstone.stamp > after, Tombstone.stamp <= upto)
        )
    }
    if not ids:
        return []
    still = sa.union_all(
        sa.select(Session.id).where(visible, Session.id.in_(ids)),
        sa.select(Cohort.id).where(Cohort.id.in_(cohorts), Cohort.id.in_(ids)),
        sa.select(Enrollment.id)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .where(Enrollment.cohort_id.in_(cohorts), Enrollment.id.in_(ids), Worker.merged_into_id.is_(None)),
    )
    return sorted(str(one) for one in ids - {*db.session.scalars(still)})


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
