"""Tables of who there is: organizations, people, their roles, sign-ins, phones, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class Organization(Model):
    """A provider, an employer (the legal entity) or a workforce center."""

    __tablename__ = "organization"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(160))
    fein: Mapped[str | None] = mapped_column(sa.String(12))
    naics: Mapped[str | None] = mapped_column(sa.String(6))
    employee_count: Mapped[int | None]
    city: Mapped[str | None] = mapped_column(sa.String(80))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    website: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organization.id"))

    memberships: Mapped[list[Membership]] = relationship(back_populates="organization")
    areas: Mapped[list[ReviewedArea]] = relationship(
        back_populates="organization", cascade="all, delete-orphan"
    )

    __table_args__ = (sa.Index("ix_organization_kind_name", "kind", "name"),)

    @property
    def is_employer(self) -> bool:
        """Whether this is an employer."""
        return self.kind == OrganizationKind.EMPLOYER


class ReviewedArea(Model):
    """A local area (or one of its sub-areas) whose outcomes a workforce center reviews."""

    __tablename__ = "reviewed_area"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    local_area: Mapped[str] = mapped_column(sa.String(80))
    sub_area: Mapped[str | None] = mapped_column(sa.String(80))

    organization: Mapped[Organization] = relationship(back_populates="areas")


class Person(Model):
    """Somebody who signs in. Workers being trained are not people here; they are workers."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    # Which one was spoken when they last signed in: for mails to whoever never chose one.
    spoken_language: Mapped[str | None] = mapped_column(sa.String(5))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person", lazy="selectin")

    @property
    def mail_language(self) -> str | None:
        """The language for mails: the one that was chosen, else the one used last, if any is known."""
        return self.language or self.spoken_language

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles anywhere. An administrator is a coordinator too."""
        held = {membership.role for membership in self.memberships if membership.ended_at is None}
        if Role.ADMINISTRATOR in held:
            held.add(Role.COORDINATOR)
        return any(role in held for role in roles)

    def organization_ids(self, *roles: Role) -> set[UUID]:
        """The organizations for which the person holds one of these roles now (any role if none given)."""
        return {
            membership.organization_id
            for membership in self.memberships
            if membership.ended_at is None and (not roles or membership.role in roles)
        }


class MailRefusal(Model):
    """That somebody wants no mails of a kind, since when; who has no row for a kind gets them."""

    __tablename__ = "mail_refusal"
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    since: Mapped[datetime]


class SentReminder(Model):
    """That somebody was reminded of an occasion, so that it is not done twice; rows are only ever added."""

    __tablename__ = "sent_reminder"
    kind: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    occasion: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    sent_at: Mapped[datetime]


class Membership(Model):
    """A person's role at an organization, from its start to its end."""

    __tablename__ = "membership"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organization_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship(back_populates="memberships", lazy="joined")


class AccountRequest(Model):
    """An employer's ask for an account, until a coordinator approves, merges or declines it."""

    __tablename__ = "account_request"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_name: Mapped[str] = mapped_column(sa.String(160))
    city: Mapped[str | None] = mapped_column(sa.String(80))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    message: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    status: Mapped[str] = mapped_column(sa.String(12), default="open")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    organization_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organization.id"))


class OneTimeLink(Model):
    """A mailed secret that works once: sign-in, password reset, invitation, first administrator."""

    __tablename__ = "one_time_link"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Model):
    """One browser that is signed in; ending the row signs that browser out."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    on_phone: Mapped[bool] = mapped_column(default=False)
    agent: Mapped[str | None] = mapped_column(sa.String(120))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")


class SignInAttempt(Model):
    """A failed try at a password or a request for a link, counted for throttling; ``key`` is hashed."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_sign_in_attempt_key_at", "key", "at"),)


class AuditEntry(Model):
    """Who did what to which thing, when. ``detail`` holds codes and ids, never personal data."""

    __tablename__ = "audit_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    actor: Mapped[Person | None] = relationship()

    __table_args__ = (sa.Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)


class Device(Model):
    """A paired phone. Its token is stored hashed; its public key proves which phone made a record."""

    __tablename__ = "device"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(sa.String(80))
    token_fingerprint: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    public_key: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    # What the phone said when it was paired, and with ``is_version_told`` what it said at an upload since.
    app_version: Mapped[str | None] = mapped_column(sa.String(40))
    is_version_told: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # Whether the browser promised to keep what lies on the phone; None while the phone has not told.
    is_persisted: Mapped[bool | None]
    is_web: Mapped[bool] = mapped_column(default=False)
    paired_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    trainers: Mapped[list[DeviceTrainer]] = relationship(back_populates="device", lazy="selectin")


class DeviceTrainer(Model):
    """A trainer who works on a paired phone; a phone may serve several."""

    __tablename__ = "device_trainer"
    device_id: Mapped[UUID] = mapped_column(sa.ForeignKey("device.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]

    device: Mapped[Device] = relationship(back_populates="trainers")
    person: Mapped[Person] = relationship(lazy="joined")


class PairingCode(Model):
    """A code, good for ten minutes and one phone, that a signed-in trainer types or scans to pair it."""

    __tablename__ = "pairing_code"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
