"""Whether a lab, a course and a site fit each other, whatever else is placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from labtracker.kit.time import local_day
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Party, Span


@dataclass(frozen=True)
class LabFacts:
    """What the rules need to know of a lab."""

    party: Party
    seats: int
    courses: frozenset[UUID]
    retired: bool = False
    length_ft: int | None = None
    power_kw: int | None = None
    has_generator: bool = False


@dataclass(frozen=True)
class SiteOffer:
    """What a site says it can offer; nothing means nobody said."""

    party: Party
    pad_length_ft: int | None = None
    power_kw: int | None = None


class Readiness(StrEnum):
    """What a check of a site against a lab's needs came to."""

    READY = "ready"
    CONDITIONS = "conditions"
    NOT_READY = "not_ready"


@dataclass(frozen=True)
class ReadinessFacts:
    """What is known of a site's readiness for a lab.

    ``outcome`` is nothing where nobody checked the site for this lab, or a check leaves ``unanswered``
    needs of it; ``valid_until`` is the last day on which the check holds; ``unaccepted`` are the conditions
    that no coordinator accepted yet, ``conditions`` the items of all, accepted or not.
    """

    outcome: Readiness | None = None
    valid_until: date | None = None
    unaccepted: int = 0
    unanswered: int = 0
    conditions: tuple[str, ...] = ()


def readiness_conflicts(
    facts: ReadinessFacts | None, lab: Party, site: Party, arrives_on: date
) -> list[Conflict]:
    """Whether the site is ready for the lab on the day it arrives; without facts nobody asks."""
    if facts is None:
        return []
    if facts.valid_until is not None and facts.valid_until < arrives_on:
        return [Conflict(ConflictKind.READINESS_LAPSES, site, lab, on=facts.valid_until)]
    if facts.outcome is None and facts.unanswered:
        return [Conflict(ConflictKind.READINESS_PARTIAL, site, lab, wanted=facts.unanswered, possible=0)]
    if facts.outcome is None:
        return [Conflict(ConflictKind.READINESS_MISSING, site, lab)]
    if facts.outcome is Readiness.NOT_READY:
        return [Conflict(ConflictKind.NOT_READY, site, lab)]
    if facts.outcome is Readiness.CONDITIONS and facts.unaccepted:
        return [Conflict(ConflictKind.READINESS_CONDITIONS, site, lab, wanted=facts.unaccepted, possible=0)]
    return []


def lab_conflicts(lab: LabFacts, course: Party, heads_per_session: int) -> list[Conflict]:
    """Whether the lab is in service, equipped for the course, and has a seat for everybody."""
    found = []
    if lab.retired:
        found.append(Conflict(ConflictKind.LAB_RETIRED, lab.party))
    if course.id not in lab.courses:
        found.append(Conflict(ConflictKind.NOT_EQUIPPED, lab.party, course))
    if heads_per_session > lab.seats:
        found.append(Conflict(ConflictKind.TOO_MANY, lab.party, wanted=heads_per_session, possible=lab.seats))
    return found


def site_conflicts(lab: LabFacts, site: SiteOffer) -> list[Conflict]:
    """Whether what the site says it offers is enough for the lab; what nobody said is no conflict."""
    found = []
    if lab.length_ft and site.pad_length_ft is not None and site.pad_length_ft < lab.length_ft:
        found.append(
            Conflict(
                ConflictKind.PAD_TOO_SHORT,
                lab.party,
                site.party,
                wanted=lab.length_ft,
                possible=site.pad_length_ft,
            )
        )
    needs_power = lab.power_kw and not lab.has_generator
    if needs_power and site.power_kw is not None and site.power_kw < (lab.power_kw or 0):
        found.append(
            Conflict(
                ConflictKind.POWER_TOO_WEAK,
                lab.party,
                site.party,
                wanted=lab.power_kw,
                possible=site.power_kw,
            )
        )
    return found


def closed_day_conflicts(
    session: Span, party: Party, closed_days: Mapping[date, str], zone: str
) -> list[Conflict]:
    """Whether a session begins on a holiday or a day on which the site is closed."""
    day = local_day(session.starts_at, zone)
    if day not in closed_days:
        return []
    return [Conflict(ConflictKind.CLOSED_DAY, party, Party("day", None, closed_days[day]), session)]


def outside_windows(first_on: date, last_on: date, windows: Sequence[tuple[date, date]]) -> bool:
    """Whether the days lie in none of the windows that were asked for (no windows: any day suits)."""
    return bool(windows) and not any(start <= first_on and last_on <= end for start, end in windows)
