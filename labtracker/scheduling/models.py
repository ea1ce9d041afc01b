"""Tables of the calendar: what employers ask for and what labs, crews and cohorts then do."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Organization, Person
from labtracker.changes import Dated, Stamped
from labtracker.extensions import Model
from labtracker.fleet.models import TowVehicle
from labtracker.kit.ids import uuid7
from labtracker.kit.time import minutes_between
from labtracker.labs.models import Assessed, Course, Lab, Worksite
from labtracker.scheduling.rules import BookingStatus, DeploymentStatus


class BookingRequest(Model):
    """An employer's ask. A draft may lack anything but the employer; a submitted one lacks nothing."""

    __tablename__ = "booking_request"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    employer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    worksite_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("worksite.id"))
    course_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("course.id"))
    headcount: Mapped[int | None]
    # Shift pattern: ISO weekdays (1 Monday ... 7 Sunday), clock times at the worksite, break in minutes.
    weekdays: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    shift_starts: Mapped[time | None]
    shift_ends: Mapped[time | None]
    break_minutes: Mapped[int] = mapped_column(default=0)
    sessions_per_week: Mapped[int | None]
    site_contact: Mapped[str | None] = mapped_column(sa.String(120))
    site_phone: Mapped[str | None] = mapped_column(sa.String(20))
    pad_length_ft: Mapped[int | None]
    power_kw: Mapped[int | None]
    site_answers: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    notes: Mapped[str | None] = mapped_column(sa.Text)
    payer: Mapped[str | None] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(16), default=BookingStatus.DRAFT, index=True)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Organization] = relationship()
    worksite: Mapped[Worksite | None] = relationship()
    course: Mapped[Course | None] = relationship()
    created_by: Mapped[Person] = relationship()
    windows: Mapped[list[BookingWindow]] = relationship(
        order_by="BookingWindow.position", cascade="all, delete-orphan"
    )
    steps: Mapped[list[BookingStep]] = relationship(order_by="BookingStep.at")
    cohorts: Mapped[list[Cohort]] = relationship(back_populates="booking")

    __mapper_args__ = {"version_id_col": version}


class BookingWindow(Model):
    """A span of days in which a visit would suit; lower positions are preferred."""

    __tablename__ = "booking_window"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("booking_request.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class BookingStep(Model):
    """One step of a booking's history: from where to where, by whom, when, why."""

    __tablename__ = "booking_step"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("booking_request.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    from_status: Mapped[str | None] = mapped_column(sa.String(16))
    to_status: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str | None] = mapped_column(sa.String(500))

    actor: Mapped[Person | None] = relationship()


class Deployment(Stamped, Dated, Model):
    """One placement of one lab at one worksite.

    ``blocks_from`` to ``blocks_until`` is the whole time the lab is taken: travel in, set-up, sessions,
    tear-down, travel out. The parts in between are minutes, so the board can draw them to scale.
    The tow vehicle is free between its two drives unless ``vehicle_stays``. ``odometer_miles`` are the miles
    that were really driven, there and back, where somebody read them off.
    """

    __tablename__ = "deployment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), index=True)
    worksite_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worksite.id"), index=True)
    vehicle_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("tow_vehicle.id"), index=True)
    vehicle_stays: Mapped[bool] = mapped_column(default=False)
    odometer_miles: Mapped[int | None]
    status: Mapped[str] = mapped_column(sa.String(12), default=DeploymentStatus.TENTATIVE)
    blocks_from: Mapped[datetime] = mapped_column(index=True)
    blocks_until: Mapped[datetime] = mapped_column(index=True)
    travel_in_minutes: Mapped[int] = mapped_column(default=0)
    setup_minutes: Mapped[int] = mapped_column(default=0)
    teardown_minutes: Mapped[int] = mapped_column(default=0)
    travel_out_minutes: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    created_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(sa.String(500))
    version: Mapped[int] = mapped_column(default=1)
    stamp: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default=sa.text("0"), index=True)

    lab: Mapped[Lab] = relationship()
    worksite: Mapped[Worksite] = relationship()
    vehicle: Mapped[TowVehicle | None] = relationship()
    crew: Mapped[list[CrewMember]] = relationship(
        back_populates="deployment", cascade="all, delete-orphan", lazy="selectin"
    )
    cohorts: Mapped[list[Cohort]] = relationship(secondary="cohort_deployment", back_populates="deployments")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("blocks_from < blocks_until", name="blocks_forward"),)


class ReadinessWaiver(Model):
    """That a coordinator lets one lab go to a deployment's site without a check that covers it, and why."""

    __tablename__ = "readiness_waiver"
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("deployment.id"), primary_key=True)
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    given_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

    given_by: Mapped[Person] = relationship()


class DeploymentMove(Model):
    """That a deployment was placed or moved on the board: by whom, when, how it stood before and after.

    ``before`` is null where it was placed. Both hold ``{"lab": id, "vehicle": id or null, "vehicle_stays":
    true or false, "crew": [[person id, duty]], "seats": {cohort id: seats}, "sessions": {session id:
    {"times": [start, end], "breaks": [[start, end]], "trainers": [person id]}}}``, instants in ISO 8601 UTC.
    """

    __tablename__ = "deployment_move"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("deployment.id"), index=True)
    actor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    undone_at: Mapped[datetime | None]

    deployment: Mapped[Deployment] = relationship()


class CrewMember(Stamped, Model):
    """A trainer or driver on a deployment; trainers on it see all its sessions."""

    __tablename__ = "crew_member"
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("deployment.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    duty: Mapped[str] = mapped_column(sa.String(10), primary_key=True, default="trainer")

    deployment: Mapped[Deployment] = relationship(back_populates="crew")
    person: Mapped[Person] = relationship(lazy="joined")


class FormerCrewMember(Model):
    """That somebody was on a crew until ``left_at``: what they recorded keeps its worth. Only ever added."""

    __tablename__ = "former_crew_member"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("deployment.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    duty: Mapped[str] = mapped_column(sa.String(10))
    left_at: Mapped[datetime]


class Cohort(Stamped, Assessed, Model):
    """The group trained together on one course.

    The policy columns are a copy of the course's, taken when the cohort is made and frozen
    (``policy_frozen_at``) at its first session held: later edits of the course do not reach it.
    """

    __tablename__ = "cohort"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(sa.String(120))
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course.id"), index=True)
    booking_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("booking_request.id"), index=True)
    worksite_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worksite.id"), index=True)
    delivery_mode: Mapped[str] = mapped_column(sa.String(16))
    seats: Mapped[int]
    contact_hours: Mapped[Decimal] = mapped_column(sa.Numeric(6, 2))
    minimum_share: Mapped[Decimal] = mapped_column(sa.Numeric(4, 3))
    assessment_required: Mapped[bool]
    pass_mark: Mapped[int]
    grace_minutes: Mapped[int]
    # [{"id", "code", "title", "title_es", "required"}]; on a scale also "needed_level" and "levels"
    skills: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    policy_frozen_at: Mapped[datetime | None]
    # Whoever comes in by badge is asked for their initials, so that a copied badge shows.
    asks_initials: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime]
    closed_out_at: Mapped[datetime | None]
    closed_out_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship()
    booking: Mapped[BookingRequest | None] = relationship(back_populates="cohorts")
    worksite: Mapped[Worksite] = relationship()
    deployments: Mapped[list[Deployment]] = relationship(
        secondary="cohort_deployment", back_populates="cohorts"
    )
    sessions: Mapped[list[Session]] = relationship(back_populates="cohort", order_by="Session.starts_at")

    __mapper_args__ = {"version_id_col": version}


class CohortDeployment(Model):
    """That a deployment serves a cohort."""

    __tablename__ = "cohort_deployment"
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), primary_key=True)
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("deployment.id"), primary_key=True, index=True)


class Session(Stamped, Dated, Model):
    """One dated meeting of a cohort. ``breaks`` is a list of [start, end] in ISO 8601 UTC.

    ``opened_at``, ``closed_at`` and ``ended_early_at`` are projected from check-in events: what really
    happened. ``ended_early_at`` is where the crew cut the scheduled time short. ``makes_up_id`` is the
    session that was called off and that this one makes up for.
    """

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    deployment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("deployment.id"), index=True)
    worksite_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worksite.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    breaks: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(sa.String(300))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    ended_early_at: Mapped[datetime | None]
    makes_up_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    cohort: Mapped[Cohort] = relationship(back_populates="sessions")
    deployment: Mapped[Deployment | None] = relationship()
    worksite: Mapped[Worksite] = relationship()
    trainers: Mapped[list[SessionTrainer]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("starts_at < ends_at", name="time_forward"),)

    @property
    def net_minutes(self) -> int:
        """Minutes of instruction: from start to end, breaks taken out."""
        pauses = sum(
            minutes_between(datetime.fromisoformat(start), datetime.fromisoformat(end))
            for start, end in self.breaks
        )
        return minutes_between(self.starts_at, self.ends_at) - pauses


class SessionTrainer(Stamped, Model):
    """A trainer named for a session."""

    __tablename__ = "session_trainer"
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)

    person: Mapped[Person] = relationship(lazy="joined")


class FormerTrainer(Model):
    """That a trainer was named for a session until ``left_at``; rows are only ever added."""

    __tablename__ = "former_trainer"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    left_at: Mapped[datetime]
