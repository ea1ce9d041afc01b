"""What travels over `/api/v1`, as types: they decode requests and make the description in `/openapi.json`."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 in lower-case hex")]
Milliseconds = Annotated[int, Meta(description="Milliseconds since 1970, UTC")]
Verdict = Literal["stored", "duplicate", "quarantined", "conflict", "fork", "retry"]
Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class Pairing(msgspec.Struct):
    """Pairs a phone by a one-time code; with a bearer token it adds a trainer to that phone."""

    code: Annotated[str, Meta(max_length=40)]
    public_key: dict[str, Any] | None = None
    name: Annotated[str, Meta(max_length=200)] = ""
    app_version: Annotated[str, Meta(max_length=200)] | None = None


class Trainer(msgspec.Struct):
    """Who may act on the phone."""

    id: UUID
    name: str
    language: str | None


class Paired(msgspec.Struct, omit_defaults=True):
    """The phone's id and, told only once, its token."""

    device: UUID
    trainer: Trainer
    now: Milliseconds
    badge_hosts: list[str]
    token: str | UnsetType = UNSET


class Upload(msgspec.Struct):
    """The envelope of an upload; fields that are not known are ignored, items are read one by one."""

    device: UUID
    incarnation: Annotated[str, Meta(pattern="^[0-9a-f]{1,16}$")]
    items: list[msgspec.Raw]
    seal: str | None = None
    lost: list[msgspec.Raw] = []
    carried: bool = False
    # Anything may stand here without harm to the records.
    app_version: Any = None
    persisted: Any = None


class UploadItem(msgspec.Struct):
    """One frame with the number and hash it claims; `damaged` says that the phone has nothing better."""

    seq: Seq
    hash: Hash
    frame: Annotated[str, Meta(description="The frame's bytes as base64url without padding")]
    damaged: bool = False


class UploadDescribed(msgspec.Struct):
    """Up to 500 frames of one incarnation of one phone, with an optional seal over the last."""

    device: UUID
    incarnation: Annotated[str, Meta(pattern="^[0-9a-f]{1,16}$", description="A 64-bit number in hex")]
    items: Annotated[list[UploadItem], Meta(max_length=500)]
    seal: Annotated[str, Meta(description="P-256 signature, r and s, as base64url")] | None = None
    lost: list[Seq] = []
    carried: Annotated[
        bool, Meta(description="The phone had these from another one, so only the seal says whose they are")
    ] = False
    app_version: Annotated[str, Meta(max_length=200, description="Of the phone that uploads")] | None = None
    persisted: (
        Annotated[bool, Meta(description="Whether the browser promised to keep that phone's storage")] | None
    ) = None


class Place(msgspec.Struct):
    """A place in a phone's chain."""

    seq: int
    hash: Hash


class Result(msgspec.Struct, omit_defaults=True):
    """The verdict on one item, in the order in which the items came."""

    seq: int | None
    hash: str | None
    verdict: Verdict
    durable: bool
    code: str | UnsetType = UNSET


class Receipt(msgspec.Struct, omit_defaults=True):
    """What the server holds after an upload."""

    epoch: UUID
    now: Milliseconds
    results: list[Result]
    have: Place
    missing: list[tuple[int, int]]
    durable: Place
    durable_is_demo: bool | UnsetType = UNSET


class Span(msgspec.Struct):
    """A break."""

    starts_at: str
    ends_at: str


class CourseOut(msgspec.Struct, omit_defaults=True):
    """A course; `title_es`: its Spanish title, where it has one."""

    id: UUID
    code: str
    title: str
    title_es: str | UnsetType = UNSET


class PlaceOut(msgspec.Struct):
    """A worksite."""

    id: UUID
    name: str


class SessionOut(msgspec.Struct, omit_defaults=True):
    """A session that one of the phone's trainers may teach."""

    id: UUID
    cohort: UUID
    course: CourseOut
    place: PlaceOut
    zone: str
    starts_at: str
    ends_at: str
    breaks: list[Span]
    cancelled: bool | UnsetType = UNSET


class PolicyOut(msgspec.Struct, omit_defaults=True):
    """When a cohort's course counts as completed. `assessment`: what the assessment is called."""

    minimum_share: float
    grace_minutes: int
    assessment_required: bool
    pass_mark: int
    assessment: str | UnsetType = UNSET
    assessment_es: str | UnsetType = UNSET
    max_attempts: int | UnsetType = UNSET
    last_attempt_counts: bool | UnsetType = UNSET


class LevelOut(msgspec.Struct, omit_defaults=True):
    """One level of a scale, of which the first is 1."""

    name: str
    name_es: str | UnsetType = UNSET


class SkillOut(msgspec.Struct, omit_defaults=True):
    """A skill to be signed off; `name_es`: its Spanish name, where it has one.

    `required`: false where completing does not ask for it. `needed_level`: from which of its `levels` on it
    counts; without it there are none.
    """

    id: str
    name: str
    name_es: str | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    needed_level: int | UnsetType = UNSET
    levels: list[LevelOut] | UnsetType = UNSET


class CohortOut(msgspec.Struct, omit_defaults=True):
    """A cohort of one of the sessions. `asks_initials`: whoever comes in by badge is asked for them."""

    id: UUID
    name: str
    course: CourseOut
    policy: PolicyOut
    skills: list[SkillOut]
    asks_initials: bool | UnsetType = UNSET


class EnrollmentOut(msgspec.Struct, omit_defaults=True):
    """Somebody enrolled: only what check-in needs.

    `walk_ins`: ids under which a phone let the person in; `other_badges`: hashes of badges that were printed
    before the office knew that they are this person's, and that still count; `other_enrollments`: ids under
    which phones knew the person in this cohort before that.
    """

    id: UUID
    cohort: UUID
    name: str
    employer: str
    badge_hash: str | None
    status: str
    walk_ins: list[UUID] | UnsetType = UNSET
    other_badges: list[str] | UnsetType = UNSET
    other_enrollments: list[UUID] | UnsetType = UNSET


class Pack(msgspec.Struct, omit_defaults=True):
    """Changes since the cursor; or, for a revoked phone, `device_revoked` and nothing else."""

    epoch: UUID | UnsetType = UNSET
    reset: bool | UnsetType = UNSET
    cursor: int | UnsetType = UNSET
    more: bool | UnsetType = UNSET
    now: Milliseconds | UnsetType = UNSET
    sessions: list[SessionOut] | UnsetType = UNSET
    cohorts: list[CohortOut] | UnsetType = UNSET
    enrollments: list[EnrollmentOut] | UnsetType = UNSET
    revoked: list[str] | UnsetType = UNSET
    gone: list[UUID] | UnsetType = UNSET
    trainers_gone: list[UUID] | UnsetType = UNSET
    badge_hosts: list[str] | UnsetType = UNSET
    device_revoked: bool | UnsetType = UNSET


class ErrorOut(msgspec.Struct):
    """One refusal: programs switch on the code, people read the message."""

    code: str
    message: str
    field: str | None


class Errors(msgspec.Struct):
    """Why a request was refused as a whole."""

    ok: Literal[False]
    errors: list[ErrorOut]


class Health(msgspec.Struct):
    """Whether the service is up."""

    status: Literal["ok", "migration_needed", "down"]
    version: str
    database: str | None
    migration: str | None
    expected_migration: str | None
