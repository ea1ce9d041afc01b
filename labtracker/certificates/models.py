"""Tables of certificates, of the keys that sign them, and of awards to a whole cohort."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.certificates.rules import CertificateState, state_of
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.roster.models import Enrollment


class SigningKey(Model):
    """A key of the provider: its public half is published for good, its private half lies here sealed.

    ``key_id`` is the key's thumbprint (RFC 7638). The newest that is not retired signs.
    """

    __tablename__ = "signing_key"
    key_id: Mapped[str] = mapped_column(sa.String(43), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Certificate(Model):
    """What was awarded to a worker for a cohort, in the words of that day.

    What stands on it is a copy, so that later edits of names and courses change no paper that is out.
    ``secret`` opens its public page; ``credential_id`` names it in the signed credential and in the list of
    revoked ones, and leads to no page. An enrollment has one standing certificate at most.
    """

    __tablename__ = "certificate"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    credential_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    name: Mapped[str] = mapped_column(sa.String(170))
    course_title: Mapped[str] = mapped_column(sa.String(120))
    course_title_es: Mapped[str | None] = mapped_column(sa.String(120))
    award: Mapped[str | None] = mapped_column(sa.String(120))
    provider: Mapped[str] = mapped_column(sa.String(200))
    contact_hours: Mapped[Decimal] = mapped_column(sa.Numeric(6, 2))
    credited_minutes: Mapped[int]
    # [{"title": ..., "title_es": ...}] of those that were signed off; on a scale with "id", "level",
    # "needed_level" and "levels" as well
    skills: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    attendance_only: Mapped[bool] = mapped_column(default=False)
    first_on: Mapped[date]
    last_on: Mapped[date]
    completed_on: Mapped[date]
    language: Mapped[str | None] = mapped_column(sa.String(5))
    credential: Mapped[str] = mapped_column(sa.Text)
    key_id: Mapped[str] = mapped_column(sa.ForeignKey("signing_key.key_id"))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("certificate.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_reason: Mapped[str | None] = mapped_column(sa.String(500))

    enrollment: Mapped[Enrollment] = relationship()
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])
    replaced_by: Mapped[Certificate | None] = relationship(remote_side=[id])

    __table_args__ = (
        sa.Index(
            "uq_certificate_standing",
            "enrollment_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        ),
    )

    @property
    def state(self) -> CertificateState:
        """What it is worth by now."""
        return state_of(self.revoked_at, self.replaced_at)

    def title_in(self, language: str) -> str:
        """The course's title in a language, in English where there is no other."""
        return self.course_title_es if language == "es" and self.course_title_es else self.course_title


class CertificateRun(Model):
    """Certificates for everybody in a cohort who completed: asked for once, issued in parts by a job."""

    __tablename__ = "certificate_run"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    total: Mapped[int]
    issued: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]

    asked_by: Mapped[Person | None] = relationship()
