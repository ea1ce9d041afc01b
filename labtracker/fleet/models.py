"""Tables of what goes out and who goes with it: vehicles, licences, leave, closures, equipment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from labtracker.accounts.models import Organization, Person
from labtracker.changes import Dated, Stamped
from labtracker.extensions import Model
from labtracker.fleet.rules import is_out
from labtracker.kit.ids import uuid7
from labtracker.kit.time import local_day
from labtracker.labs.models import Course, Lab


class TowVehicle(Model):
    """A truck or tractor that tows labs. ``zone`` is that of the labs it tows: it is closed by days there."""

    __tablename__ = "tow_vehicle"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    plate: Mapped[str] = mapped_column(sa.String(12))
    weight_lb: Mapped[int]
    mph: Mapped[int] = mapped_column(default=50)
    zone: Mapped[str] = mapped_column(sa.String(40), default="America/Denver")
    notes: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Organization] = relationship()
    labs: Mapped[list[Lab]] = relationship(secondary="tow_vehicle_lab", order_by=Lab.name)

    __mapper_args__ = {"version_id_col": version}


class TowVehicleLab(Model):
    """That a vehicle can tow a lab."""

    __tablename__ = "tow_vehicle_lab"
    vehicle_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tow_vehicle.id"), primary_key=True)
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), primary_key=True, index=True)


class DriverLicence(Model):
    """Up to which class somebody may drive, and until when. The licence's number is not asked for."""

    __tablename__ = "driver_licence"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    licence_class: Mapped[str] = mapped_column(sa.String(10))
    expires_on: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)


class TaughtCourse(Model):
    """That a trainer teaches a course."""

    __tablename__ = "taught_course"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course.id"), primary_key=True, index=True)


class Leave(Stamped, Dated, Model):
    """Days on which somebody is away; why is not asked. The instants are the same days on office clocks."""

    __tablename__ = "person_leave"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)

    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="days_forward"),)


def _one_subject() -> sa.CheckConstraint:
    return sa.CheckConstraint("(lab_id IS NULL) <> (vehicle_id IS NULL)", name="one_subject")


class OfLabOrVehicle:
    """Mixin: the row is about a lab or about a vehicle; its table checks with ``_one_subject``."""

    lab_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("lab.id"), index=True)
    vehicle_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("tow_vehicle.id"), index=True)

    @declared_attr
    def lab(self) -> Mapped[Lab | None]:
        """The lab, where it is one."""
        return relationship(Lab)

    @declared_attr
    def vehicle(self) -> Mapped[TowVehicle | None]:
        """The vehicle, where it is one."""
        return relationship(TowVehicle)

    @property
    def of(self) -> Lab | TowVehicle:
        """The lab or the vehicle."""
        found = self.lab or self.vehicle
        assert found is not None, "the table holds one of both"
        return found

    @of.setter
    def of(self, found: Lab | TowVehicle) -> None:
        self.lab = found if isinstance(found, Lab) else None
        self.vehicle = found if isinstance(found, TowVehicle) else None


class Closure(OfLabOrVehicle, Stamped, Dated, Model):
    """Days on which a lab or a vehicle cannot go out.

    ``ends_on`` is what was expected; ``ended_at`` says that it was back earlier, and ``ends_at`` is then
    that moment (the start itself, where it never began). ``broke`` are the ids of the deployments that lay
    in its way when it was saved or changed: which of them are dealt with follows from where they are now.
    """

    __tablename__ = "closure"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(sa.String(12))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(sa.String(300))
    broke: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    created_by: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (_one_subject(), sa.CheckConstraint("starts_on <= ends_on", name="days_forward"))

    @property
    def never_was(self) -> bool:
        """Whether it was taken back before it began."""
        return self.ends_at <= self.starts_at

    @property
    def last_on(self) -> date:
        """Its last day: as it was expected, or the day on which it was back earlier."""
        if self.never_was:
            return self.ends_on
        return local_day(self.ends_at - timedelta(seconds=1), self.of.zone)


class Inspection(OfLabOrVehicle, Model):
    """An inspection of a lab or a vehicle that comes round; ``next_due_on`` follows from the last one."""

    __tablename__ = "inspection"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(sa.String(80))
    every_months: Mapped[int]
    last_done_on: Mapped[date]
    next_due_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (_one_subject(),)


class EquipmentItem(Model):
    """A piece of a lab's equipment, which may be out of order since a day, perhaps until another."""

    __tablename__ = "equipment_item"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    lab_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lab.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    count: Mapped[int] = mapped_column(default=1)
    out_since: Mapped[date | None]
    out_until: Mapped[date | None]
    out_note: Mapped[str | None] = mapped_column(sa.String(300))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    lab: Mapped[Lab] = relationship()
    courses: Mapped[list[Course]] = relationship(secondary="equipment_course", order_by=Course.code)

    __mapper_args__ = {"version_id_col": version}

    def is_out_on(self, day: date) -> bool:
        """Whether it is out of order on a day."""
        return is_out(self.out_since, self.out_until, day, day)


class EquipmentCourse(Model):
    """That a course needs a piece of equipment."""

    __tablename__ = "equipment_course"
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("equipment_item.id"), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course.id"), primary_key=True, index=True)


class ClosedDay(Model):
    """A day on which the provider trains nowhere in a state, beside the state's holidays."""

    __tablename__ = "closed_day"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    state: Mapped[str] = mapped_column(sa.String(2))
    closed_on: Mapped[date] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    created_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("state", "closed_on"),)
