"""The demo's cast: whom its sign-in page offers with one press each. All invented.

The demo's data is built around these addresses; outside demo mode nobody here exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import OrganizationKind, Role


@dataclass(frozen=True)
class CastMember:
    """Somebody a visitor of the demo can be, and what there is to see as them."""

    email: str
    name: str
    role: Role
    organization: str
    kind: OrganizationKind
    to_see: Any


COLLEGE = "Sangre Community College"

CAST: tuple[CastMember, ...] = (
    CastMember(
        "cora@college.example",
        "Cora Lindqvist",
        Role.COORDINATOR,
        COLLEGE,
        OrganizationKind.PROVIDER,
        _l("Plans visits: turns requests into deployments, runs the calendar, looks after people."),
    ),
    CastMember(
        "tom@college.example",
        "Tom Baca",
        Role.TRAINER,
        COLLEGE,
        OrganizationKind.PROVIDER,
        _l("Teaches at job sites: pairs a phone, scans badges without signal, closes sessions."),
    ),
    CastMember(
        "tess@college.example",
        "Tess Nakai",
        Role.TRAINER,
        COLLEGE,
        OrganizationKind.PROVIDER,
        _l("Another trainer, often on the same crew: shares a phone or pairs one of her own."),
    ),
    CastMember(
        "emil@steelworks.example",
        "Emil Kovacs",
        Role.EMPLOYER,
        "Pueblo Steel Works",
        OrganizationKind.EMPLOYER,
        _l("Books visits for a steel mill in the city, sends rosters, sees his people's hours."),
    ),
    CastMember(
        "stella@dairy.example",
        "Stella Marchetti",
        Role.EMPLOYER,
        "High Plains Dairy",
        OrganizationKind.EMPLOYER,
        _l("Books visits for a dairy far out on the plains."),
    ),
    CastMember(
        "rita@center.example",
        "Rita Salas",
        Role.REVIEWER,
        "Pueblo Workforce Center",
        OrganizationKind.WORKFORCE_CENTER,
        _l("Reviews completion and attendance for the workforce area, and changes nothing."),
    ),
    CastMember(
        "ada@college.example",
        "Ada Okafor",
        Role.ADMINISTRATOR,
        COLLEGE,
        OrganizationKind.PROVIDER,
        _l("Sets everything up, invites people, reads the audit trail."),
    ),
)
