"""Who is there in the demo: the college and its staff, employers and their contacts, workforce centers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from labtracker.accounts.cast import CAST, COLLEGE
from labtracker.accounts.models import Membership, Organization, Person, ReviewedArea
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services import record_audit
from labtracker.demo.names import NameMaker, plain
from labtracker.demo.places import EMPLOYERS
from labtracker.extensions import db
from labtracker.kit.geography import zip_place

# Trainers beside the cast's two: name, and the lab or campus where they teach.
TRAINERS = (
    ("Marisol Archuleta", "weld"),
    ("Dale Wojciechowski", "ndt"),
    ("Ruth Yellowhorse", "west"),
    ("Nguyễn Văn Thắng", "cnc"),
    ("Jerome Tafoya", "auto"),
    ("Ingrid Sandoval-Hughes", "campus"),
    ("Harold Two Crow", "campus"),
    ("Lorena Maestas", "campus"),
    ("Bill Hatcher", "campus-west"),
)
CAST_TRAINERS = ("tom", "tess")
CAST_EMPLOYERS = {"steel": "emil", "dairy": "stella"}
OTHER_CENTERS = (
    ("Pikes Peak Workforce Center", "Pikes Peak"),
    ("Larimer County Workforce", "Larimer County"),
)


@dataclass
class People:
    """Everybody of the demo who signs in, by what they do."""

    college: Organization
    coordinator: Person
    administrator: Person
    trainers: dict[str, list[Person]]  # by lab or campus
    employers: dict[str, Organization]
    contacts: dict[str, Person]


def build_cast(now: datetime) -> dict[str, Person]:
    """Add the cast, by the part of the address before the @; they speak as the browser does."""
    organizations: dict[str, Organization] = {}
    people: dict[str, Person] = {}
    for member in CAST:
        organization = organizations.get(member.organization)
        if organization is None:
            organization = _organization(member.kind, member.organization, now)
            organizations[member.organization] = organization
            if member.kind is OrganizationKind.WORKFORCE_CENTER:
                # One office of the rural consortium speaks for all its counties.
                organization.areas = [ReviewedArea(local_area="CRWC")]
        people[member.email.partition("@")[0]] = _person(
            member.email, member.name, organization, member.role, now, language=None
        )
    db.session.flush()
    return people


def settle_people(names: NameMaker, chance: random.Random, *, founded: datetime) -> People:
    """Add all organizations and people as of the day the college began."""
    cast = build_cast(founded)
    organizations = {
        membership.organization.name: membership.organization
        for person in cast.values()
        for membership in person.memberships
    }
    employers = {}
    for facts in EMPLOYERS:
        employer = organizations.get(facts.name) or _organization(
            OrganizationKind.EMPLOYER, facts.name, founded
        )
        employer.naics, employer.employee_count = facts.naics, facts.size
        employer.fein, employer.phone = f"84-{chance.randint(1000000, 1999999)}", _phone(chance)
        known = zip_place(facts.zip)
        employer.city = known.city if known else None
        employers[facts.key] = employer
    college = organizations[COLLEGE]
    college.city, college.phone = "Pueblo", "719-555-0142"
    for name, area in OTHER_CENTERS:
        _organization(OrganizationKind.WORKFORCE_CENTER, name, founded).areas = [
            ReviewedArea(local_area=area)
        ]
    trainers = {"elec": [cast[name] for name in CAST_TRAINERS]}
    for name, place in TRAINERS:
        trainers.setdefault(place, []).append(_staff(name, college, founded))
    contacts = {key: cast[name] for key, name in CAST_EMPLOYERS.items()}
    for key, employer in employers.items():
        if key not in contacts:
            contacts[key] = _contact(key, employer, names, founded)
    db.session.flush()
    administrator = cast["ada"]
    record_audit(administrator, "administrator_begun", "person", administrator.id, founded)
    return People(college, cast["cora"], administrator, trainers, employers, contacts)


def _organization(kind: OrganizationKind, name: str, founded: datetime) -> Organization:
    some = Organization(kind=str(kind), name=name, created_at=founded)
    db.session.add(some)
    return some


def _staff(name: str, college: Organization, founded: datetime) -> Person:
    given = plain(name.split()[-1] if name.startswith("Nguy") else name.split()[0])
    return _person(f"{given}@college.example", name, college, Role.TRAINER, founded)


def _contact(key: str, employer: Organization, names: NameMaker, founded: datetime) -> Person:
    name = names.next()
    address = f"{plain(name.given)}.{plain(name.family)}@{key}.example"
    return _person(
        address, f"{name.given} {name.family}", employer, Role.EMPLOYER, founded, name.language or "en"
    )


def _person(
    email: str,
    name: str,
    organization: Organization,
    role: Role,
    founded: datetime,
    language: str | None = "en",
) -> Person:
    somebody = Person(email=email, name=name, language=language, created_at=founded)
    somebody.memberships = [Membership(organization=organization, role=str(role), started_at=founded)]
    db.session.add(somebody)
    return somebody


def _phone(chance: random.Random) -> str:
    return f"719-555-{chance.randint(100, 199):04d}"
