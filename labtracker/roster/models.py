"""Tables of who is trained: workers, their enrollments, badges, releases, and roster imports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Organization, Person
from labtracker.changes import Stamped
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.roster.rules.duplicates import MergeKind
from labtracker.roster.rules.majority import Majority
from labtracker.scheduling.models import Cohort


class Worker(Stamped, Model):
    """An employed person being trained. No birth date, no wage, no Social Security number, ever."""

    __tablename__ = "worker"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    employer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    given_name: Mapped[str] = mapped_column(sa.String(80))
    family_name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    employee_number: Mapped[str | None] = mapped_column(sa.String(40))
    hired_on: Mapped[date | None]
    job_title: Mapped[str | None] = mapped_column(sa.String(120))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    state_mis_id: Mapped[str | None] = mapped_column(sa.String(40))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("worker.id"))
    # When the office took a walk-in over as a worker of their own.
    settled_at: Mapped[datetime | None]

    employer: Mapped[Organization] = relationship()
    badges: Mapped[list[Badge]] = relationship(back_populates="worker", order_by="Badge.issued_at")
    merged_into: Mapped[Worker | None] = relationship(remote_side=[id])

    __table_args__ = (
        # Few are; without it whoever deletes a worker looks through all of them.
        sa.Index(
            "ix_worker_merged_into_id",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
    )

    @property
    def name(self) -> str:
        """Given and family name, as it is written on the badge."""
        return f"{self.given_name} {self.family_name}".strip()


class Enrollment(Stamped, Model):
    """One worker in one cohort."""

    __tablename__ = "enrollment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"))
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    status: Mapped[str] = mapped_column(sa.String(12), default="enrolled")
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.String(300))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()
    worker: Mapped[Worker] = relationship(lazy="joined")

    __table_args__ = (sa.UniqueConstraint("cohort_id", "worker_id"),)


class Badge(Stamped, Model):
    """A badge's random id, so that it can be printed again, and its hash, which is all a phone holds.

    ``lapses`` are times in which it was revoked and after which it was brought back: ``[from, until]``, as
    text. What was scanned in one of them was scanned with a badge that was no good then.
    """

    __tablename__ = "badge"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    badge_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    issued_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    lapses: Mapped[list[list[str]] | None] = mapped_column(sa.JSON(none_as_null=True))

    worker: Mapped[Worker] = relationship(back_populates="badges")
    steps: Mapped[list[BadgeStep]] = relationship(order_by="BadgeStep.at.desc()")


class BadgeStep(Model):
    """What was done about a badge after it was made, by whom and why."""

    __tablename__ = "badge_step"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    badge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("badge.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(sa.String(10))
    note: Mapped[str | None] = mapped_column(sa.String(200))

    by: Mapped[Person | None] = relationship()


class Release(Model):
    """A worker's release of named attendance to the employer, from a ``consent`` event."""

    __tablename__ = "release"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    given_at: Mapped[datetime]
    witnessed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    event_id: Mapped[UUID | None] = mapped_column(unique=True)
    withdrawn_at: Mapped[datetime | None]


class WorkerMerge(Model):
    """Two records of one person: which counts as which, who said so, and what an undoing puts back.

    ``moved`` are enrollments that went over to the worker; ``set_aside`` those for which the worker had one
    already, each as it was before. ``before`` keeps what else was changed: ``facts`` of the worker with their
    value before and after, ``kept`` enrollments, ``releases``, and the workers who ``followed`` because they
    counted as the merged one. A ``link`` changes nothing but that the office sees both together.
    """

    __tablename__ = "worker_merge"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(sa.String(10), default=MergeKind.WALK_IN)
    merged_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    moved: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    set_aside: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    merged: Mapped[Worker] = relationship(foreign_keys=[merged_id])
    worker: Mapped[Worker] = relationship(foreign_keys=[worker_id])


class WorkerDistinction(Model):
    """Two workers who look alike and are not the same person; the lower id comes first."""

    __tablename__ = "worker_distinction"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    one_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"))
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id"))
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("one_id", "other_id"),)


class MajorityTest(Model):
    """The six-month test of an employer's people in a cohort, fixed at the cohort's first session held.

    ``tested_on`` is the day it counts for, the day of that session at its place. Later corrections of hire
    dates and of the roster leave it alone.
    """

    __tablename__ = "majority_test"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"))
    employer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"))
    tested_on: Mapped[date]
    meeting: Mapped[int]
    total: Mapped[int]
    unknown: Mapped[int]
    fixed_at: Mapped[datetime]

    employer: Mapped[Organization] = relationship()

    __table_args__ = (sa.UniqueConstraint("cohort_id", "employer_id"),)

    @property
    def outcome(self) -> Majority:
        """What was found."""
        return Majority(meeting=self.meeting, total=self.total, unknown=self.unknown, on=self.tested_on)


class RosterImport(Model):
    """An uploaded roster on its way into a cohort: read, shown, then applied, or left.

    ``columns`` maps our fields to the sheet's headers; ``rows`` holds the cells of each row that waits, with
    what was typed in their place (``typed``, by field) and decided (``decision``), and of each other where it
    went. Columns that must never be kept (Social Security numbers, birth dates) were dropped before anything
    was written.
    """

    __tablename__ = "roster_import"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    employer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"))
    filename: Mapped[str] = mapped_column(sa.String(160))
    columns: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    # Nobody where the command brought it in.
    created_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    # A newer upload of the same employer's took its place before any of it went in; its rows are gone.
    replaced_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("roster_import.id"))

    cohort: Mapped[Cohort] = relationship()
    created_by: Mapped[Person | None] = relationship()


class RosterApplication(Model):
    """Rows of an import that went into a cohort together: one step, done at once or in parts, undone as one.

    ``changes`` holds for each row that changed anything what it was before; ``kept`` what an undoing left
    where it was, and why. ``stopped`` is the code of what ended it before all of its rows were in.
    """

    __tablename__ = "roster_application"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    import_id: Mapped[UUID] = mapped_column(sa.ForeignKey("roster_import.id"), index=True)
    by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    stopped: Mapped[str | None] = mapped_column(sa.String(40))
    fills_others: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    enrolled: Mapped[int] = mapped_column(default=0)
    elsewhere: Mapped[int] = mapped_column(default=0)
    badges: Mapped[int] = mapped_column(default=0)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    kept: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)

    roster_import: Mapped[RosterImport] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id])

    @property
    def changed_something(self) -> bool:
        """Whether there is anything that could be undone."""
        return bool(self.added or self.updated or self.enrolled or self.badges)
