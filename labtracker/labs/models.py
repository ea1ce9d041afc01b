"""Tables of what is driven where: labs, courses, skills, worksites, counties."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Organization, Person
from labtracker.changes import Stamped
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class County(Model):
    """A county with its rural-urban code (USDA RUCC 2023) and its local workforce area.

    ``certainty`` says how sure the area is: ``sure``, ``partly`` or ``unsure``; screens ask for a
    confirmation with the local area unless it is sure.
    """

    __tablename__ = "county"
    fips: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(2))
    name: Mapped[str] = mapped_column(sa.String(60))
    rucc: Mapped[int]
    local_area: Mapped[str | None] = mapped_column(sa.String(80), index=True)
    sub_area: Mapped[str | None] = mapped_column(sa.String(80))
    certainty: Mapped[str] = mapped_column(sa.String(8), default="sure")


class Lab(Model):
    """One mobile unit: its base, size, needs, and the courses it can host."""

    __tablename__ = "lab"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    seats: Mapped[int]
    home_city: Mapped[str] = mapped_column(sa.String(80))
    home_zip: Mapped[str] = mapped_column(sa.String(5))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    zone: Mapped[str] = mapped_column(sa.String(40), default="America/Denver")
    length_ft: Mapped[int | None]
    height_ft: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 1))
    weight_lb: Mapped[int | None]
    power_kw: Mapped[int | None]
    has_generator: Mapped[bool] = mapped_column(default=False)
    needs_water: Mapped[bool] = mapped_column(default=False)
    ground: Mapped[str | None] = mapped_column(sa.String(200))
    # What it needs of a site beside these figures (``rules/needs.py``); null: no site is checked for it.
    needs: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    setup_hours: Mapped[Decimal] = mapped_column(sa.Numeric(4, 1), default=Decimal(4))
    teardown_hours: Mapped[Decimal] = mapped_column(sa.Numeric(4, 1), default=Decimal(4))
    mph: Mapped[int] = mapped_column(default=50)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Organization] = relationship()
    courses: Mapped[list[Course]] = relationship(secondary="lab_course", back_populates="labs")

    __mapper_args__ = {"version_id_col": version}


class LabCourse(Model):
    """That a lab is equipped for a course."""

    __tablename__ = "lab_course"
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course.id"), primary_key=True, index=True)


class Assessed:
    """Mixin: what the assessment is called, how often it may be tried, and which attempt counts."""

    assessment_title: Mapped[str | None] = mapped_column(sa.String(120))
    assessment_title_es: Mapped[str | None] = mapped_column(sa.String(120))
    max_attempts: Mapped[int | None]
    attempt_counts: Mapped[str] = mapped_column(sa.String(4), default="best", server_default="best")


class Course(Stamped, Assessed, Model):
    """A curriculum: hours, skills, what completes it, what it awards. Cohorts freeze a copy of its policy."""

    __tablename__ = "course"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    title_es: Mapped[str | None] = mapped_column(sa.String(120))
    contact_hours: Mapped[Decimal] = mapped_column(sa.Numeric(6, 2))
    credential: Mapped[str | None] = mapped_column(sa.String(120))
    description: Mapped[str | None] = mapped_column(sa.Text)
    minimum_share: Mapped[Decimal] = mapped_column(sa.Numeric(4, 3), default=Decimal("0.800"))
    assessment_required: Mapped[bool] = mapped_column(default=True)
    pass_mark: Mapped[int] = mapped_column(default=70)
    # The scale on which skills are signed off, the lowest first: [{"title": ..., "title_es": ...}]
    skill_levels: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    grace_minutes: Mapped[int] = mapped_column(default=7)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    skills: Mapped[list[Skill]] = relationship(
        back_populates="course", order_by="Skill.position", cascade="all, delete-orphan"
    )
    labs: Mapped[list[Lab]] = relationship(secondary="lab_course", back_populates="courses")

    __mapper_args__ = {"version_id_col": version}

    def title_in(self, language: str) -> str:
        """The title in a language (``en`` or ``es``), in English where there is no other."""
        return self.title_es if language == "es" and self.title_es else self.title

    def named_in(self, language: str) -> str:
        """Code and title in a language, as lists of courses to choose from say it."""
        return f"{self.code} · {self.title_in(language)}"


class Skill(Model):
    """Something a worker can do after the course, signed off one by one.

    ``needed_level`` is the place on the course's scale, from 1, at which it counts; without one it is signed
    off or not.
    """

    __tablename__ = "skill"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(120))
    title_es: Mapped[str | None] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    needed_level: Mapped[int | None]

    course: Mapped[Course] = relationship(back_populates="skills")

    __table_args__ = (sa.UniqueConstraint("course_id", "code"),)

    def title_in(self, language: str) -> str:
        """The title in a language (``en`` or ``es``), in English where there is no other."""
        return self.title_es if language == "es" and self.title_es else self.title


class Worksite(Stamped, Model):
    """A place of delivery: an employer's site, a town lot, a campus.

    ``is_rural`` is the policy outcome; ``rural_source`` says where it comes from (``rucc`` or
    ``override``), and an override keeps its reason, who and when.
    """

    __tablename__ = "worksite"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(160))
    city: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[str] = mapped_column(sa.String(2), default="CO")
    zip: Mapped[str] = mapped_column(sa.String(5))
    county_fips: Mapped[str | None] = mapped_column(sa.ForeignKey("county.fips"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    zone: Mapped[str] = mapped_column(sa.String(40), default="America/Denver")
    is_rural: Mapped[bool] = mapped_column(default=False)
    rural_source: Mapped[str] = mapped_column(sa.String(10), default="rucc")
    rural_reason: Mapped[str | None] = mapped_column(sa.String(300))
    rural_set_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    rural_set_at: Mapped[datetime | None]
    contact_name: Mapped[str | None] = mapped_column(sa.String(120))
    contact_phone: Mapped[str | None] = mapped_column(sa.String(20))
    pad_length_ft: Mapped[int | None]
    power_kw: Mapped[int | None]
    gate_opens: Mapped[time | None]
    gate_closes: Mapped[time | None]
    notes: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organization: Mapped[Organization] = relationship()
    county: Mapped[County | None] = relationship(lazy="joined")
    blackouts: Mapped[list[Blackout]] = relationship(
        back_populates="worksite", order_by="Blackout.starts_on", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}


class Blackout(Model):
    """Days, both ends included, on which a worksite takes nobody in."""

    __tablename__ = "blackout"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worksite_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worksite.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(120))
    created_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]

    worksite: Mapped[Worksite] = relationship(back_populates="blackouts")

    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="days_forward"),)


class SiteReadiness(Model):
    """A check of a worksite against one lab's needs: a draft until a coordinator makes it final.

    A final check is never edited, only followed by a new one; what was accepted of it stands in rows of its
    own. ``answers`` are facts of the site by item; ``judged`` is what they came to on the day it was made
    final: ``{"conditions": [...], "reasons": [...]}``, findings as ``rules/readiness.py`` writes them. A
    draft ``from_phone`` is written by that phone alone; ``phone_revision`` counts what was typed there.
    """

    __tablename__ = "site_readiness"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worksite_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worksite.id"), index=True)
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    checked_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    checked_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    from_phone: Mapped[bool] = mapped_column(default=False)
    phone_revision: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finalised_at: Mapped[datetime | None]
    finalised_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    verdict: Mapped[str | None] = mapped_column(sa.String(12))
    judged: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)

    worksite: Mapped[Worksite] = relationship()
    lab: Mapped[Lab] = relationship()
    checked_by: Mapped[Person] = relationship(foreign_keys=[checked_by_id])
    finalised_by: Mapped[Person | None] = relationship(foreign_keys=[finalised_by_id])
    acceptances: Mapped[list[ReadinessAcceptance]] = relationship(
        order_by="ReadinessAcceptance.at", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("checked_on <= expires_on", name="days_forward"),)


class ReadinessAcceptance(Model):
    """That a coordinator accepted one condition of a final check, with a note; rows are only ever added."""

    __tablename__ = "readiness_acceptance"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    readiness_id: Mapped[UUID] = mapped_column(sa.ForeignKey("site_readiness.id"), index=True)
    finding: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    note: Mapped[str] = mapped_column(sa.String(300))
    accepted_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

    accepted_by: Mapped[Person] = relationship(lazy="joined")
