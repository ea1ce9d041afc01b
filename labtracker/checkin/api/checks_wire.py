"""What travels over `/api/v1/site-checks`: checklists to the phone, drafts of checks from it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from labtracker.checkin.api.wire import Milliseconds
from labtracker.labs.services.readiness import MOST_NOTES

MOST_ANSWERS = 100


class QuestionWords(msgspec.Struct):
    """A question in one language: its part of the list, the item, how it is asked, what the lab needs."""

    group: str
    label: str
    ask: str
    needs: str
    unit: str
    choices: dict[str, str]


class QuestionOut(msgspec.Struct):
    """One thing that is asked of a site. A number lies from 0 to `highest`; a choice is one of `choices`."""

    key: str
    kind: Literal["number", "choice", "yes"]
    highest: int
    choices: list[str]
    words: Annotated[dict[str, QuestionWords], Meta(description="By language: en, es")]


class LabOut(msgspec.Struct):
    """A lab with what it asks of a site, in the order in which somebody walks over it."""

    id: UUID
    name: str
    questions: list[QuestionOut]


class SiteOut(msgspec.Struct):
    """A worksite, with the zone in which its days are counted."""

    id: UUID
    name: str
    zone: str


class VisitOut(msgspec.Struct):
    """A lab comes to a site. `known` answers the questions so far; `verdict` is that of the valid check."""

    lab: UUID
    site: SiteOut
    arrives_on: date
    trainers: Annotated[list[UUID], Meta(description="Who of the phone's trainers may check it")]
    known: dict[str, Any]
    verdict: Literal["ready", "conditions", "not_ready"] | None
    holds_until: date | None


class SiteChecks(msgspec.Struct, omit_defaults=True):
    """What may be checked on site; or, for a revoked phone, `device_revoked` and nothing else."""

    now: Milliseconds | UnsetType = UNSET
    labs: list[LabOut] | UnsetType = UNSET
    visits: list[VisitOut] | UnsetType = UNSET
    device_revoked: bool | UnsetType = UNSET


class PhoneCheck(msgspec.Struct):
    """A draft as it stands on the phone; `revision` counts what was typed there."""

    id: Annotated[UUID, Meta(description="Made by the phone; the same for all revisions of a draft")]
    revision: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    by: Annotated[UUID, Meta(description="The trainer who fills it in, one of the phone's")]
    site: UUID
    lab: UUID
    checked_on: date
    answers: Annotated[dict[str, Any], Meta(max_length=MOST_ANSWERS, description="By the question's key")]
    notes: Annotated[str, Meta(description=f"At most {MOST_NOTES} characters")] = ""


class KeptCheck(msgspec.Struct):
    """What was sent is here, now or before; `final`: a coordinator decided on it."""

    id: UUID
    revision: int
    final: bool
