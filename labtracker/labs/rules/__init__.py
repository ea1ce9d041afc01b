"""What counts as rural, and what can be told about a lab, a course or a worksite."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

# USDA's rural-urban continuum: 1 to 3 are metro counties, 4 to 9 are not.
FIRST_RURAL_CODE = 4


class RuralSource(StrEnum):
    """Where the answer to "is it rural?" comes from."""

    RUCC = "rucc"
    OVERRIDE = "override"
    UNKNOWN = "unknown"


class AttemptCounts(StrEnum):
    """Which of several attempts at an assessment counts."""

    BEST = "best"
    LAST = "last"


class Certainty(StrEnum):
    """How sure a county's local area is."""

    SURE = "sure"
    PARTLY = "partly"
    UNSURE = "unsure"


def is_rural(rucc: int | None) -> bool:
    """Whether a county with this rural-urban code is rural by policy; an unknown code is not."""
    return rucc is not None and rucc >= FIRST_RURAL_CODE


@dataclass(frozen=True)
class LabDetails:
    """What a coordinator says of a lab."""

    name: str
    seats: int
    home_zip: str
    home_city: str = ""
    length_ft: int | None = None
    height_ft: Decimal | None = None
    weight_lb: int | None = None
    power_kw: int | None = None
    has_generator: bool = False
    needs_water: bool = False
    ground: str | None = None
    needs: dict[str, Any] | None = None
    setup_hours: Decimal = Decimal(4)
    teardown_hours: Decimal = Decimal(4)
    mph: int = 50
    notes: str | None = None
    course_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class SkillDetails:
    """One skill of a course; the code tells it from the others. ``needed_level``: from 1, on its scale."""

    code: str
    title: str
    title_es: str | None = None
    required: bool = True
    needed_level: int | None = None


@dataclass(frozen=True)
class CourseDetails:
    """What a coordinator says of a course, its completion policy included.

    ``skill_levels`` are the words of its scale in English and Spanish, the lowest first.
    """

    code: str
    title: str
    contact_hours: Decimal
    title_es: str | None = None
    credential: str | None = None
    description: str | None = None
    minimum_share: Decimal = Decimal("0.800")
    assessment_required: bool = True
    pass_mark: int = 70
    grace_minutes: int = 7
    assessment_title: str | None = None
    assessment_title_es: str | None = None
    max_attempts: int | None = None
    attempt_counts: str = AttemptCounts.BEST
    skill_levels: tuple[tuple[str, str | None], ...] = ()
    skills: tuple[SkillDetails, ...] = ()


@dataclass(frozen=True)
class WorksiteDetails:
    """What somebody says of a worksite. The ZIP gives county, coordinates and time zone."""

    organization_id: UUID
    name: str
    address: str
    zip: str
    city: str = ""
    contact_name: str | None = None
    contact_phone: str | None = None
    pad_length_ft: int | None = None
    power_kw: int | None = None
    gate_opens: time | None = None
    gate_closes: time | None = None
    notes: str | None = None


Details = LabDetails | CourseDetails | WorksiteDetails


def differences(before: Details, after: Details) -> dict[str, tuple[Any, Any]]:
    """The fields in which two descriptions of one thing differ, with both values."""
    pairs = {
        field.name: (getattr(before, field.name), getattr(after, field.name)) for field in fields(before)
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
