"""The named people, places and labs that every test speaks of: one per role, and one stranger.

Everyone here is invented. ``build_cast`` adds them to the current database session and flushes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from labtracker.accounts.models import Membership, Organization, Person, ReviewedArea
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db
from labtracker.fleet.models import TaughtCourse
from labtracker.labs.models import County, Course, Lab, Skill, Worksite

NOW = datetime(2026, 4, 13, 15, 0, tzinfo=UTC)  # a Monday, nine in the morning in Colorado
FOUNDED = datetime(2026, 1, 5, 16, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Who and what there is at the start of a test."""

    college: Organization
    steel: Organization
    dairy: Organization
    pueblo_center: Organization
    ada: Person  # administrator of the college
    cora: Person  # coordinator of the college
    tom: Person  # trainer of the college
    tess: Person  # another trainer of the college
    emil: Person  # employer contact of the steel works
    stella: Person  # employer contact of the dairy: the stranger to the steel works
    rita: Person  # reviewer of the Pueblo sub-area
    welding: Course
    wiring: Course
    welding_lab: Lab
    wiring_lab: Lab
    steel_site: Worksite  # in Pueblo, metro
    dairy_site: Worksite  # in Lamar, rural
    campus: Worksite  # the college's own


def person(email: str, name: str, organization: Organization, role: Role, language: str = "en") -> Person:
    """A person with one role, added to the session."""
    somebody = Person(email=email, name=name, language=language, created_at=FOUNDED)
    somebody.memberships = [Membership(organization=organization, role=role, started_at=FOUNDED)]
    db.session.add(somebody)
    return somebody


def organization(kind: OrganizationKind, name: str) -> Organization:
    """An organization, added to the session."""
    some = Organization(kind=kind, name=name, created_at=FOUNDED)
    db.session.add(some)
    return some


def build_cast() -> Cast:
    """Add the whole cast to the database session and flush."""
    college = organization(OrganizationKind.PROVIDER, "Sangre Community College")
    steel = organization(OrganizationKind.EMPLOYER, "Steel Works")
    dairy = organization(OrganizationKind.EMPLOYER, "Plains Dairy")
    center = organization(OrganizationKind.WORKFORCE_CENTER, "Pueblo Workforce Center")
    center.areas = [ReviewedArea(local_area="CRWC", sub_area="Pueblo")]
    people = {
        "ada": person("ada@college.example", "Ada Okafor", college, Role.ADMINISTRATOR),
        "cora": person("cora@college.example", "Cora Lindqvist", college, Role.COORDINATOR),
        "tom": person("tom@college.example", "Tom Baca", college, Role.TRAINER),
        "tess": person("tess@college.example", "Tess Nakai", college, Role.TRAINER),
        "emil": person("emil@steelworks.example", "Emil Kovacs", steel, Role.EMPLOYER),
        "stella": person("stella@dairy.example", "Stella Marchetti", dairy, Role.EMPLOYER),
        "rita": person("rita@center.example", "Rita Salas", center, Role.REVIEWER),
    }
    # The migrations bring Colorado's counties; a schema made without them gets the two the cast needs.
    for county in (
        County(fips="08101", state="CO", name="Pueblo", rucc=3, local_area="CRWC", sub_area="Pueblo"),
        County(
            fips="08099",
            state="CO",
            name="Prowers",
            rucc=7,
            local_area="CRWC",
            sub_area="Southeast",
            certainty="partly",
        ),
    ):
        db.session.merge(county)
    welding = Course(
        code="WLD-101",
        title="Welding basics",
        title_es="Soldadura básica",
        contact_hours=Decimal(24),
        created_at=FOUNDED,
        skills=[
            Skill(code="LOTO", title="Lock-out and tag-out", title_es="Bloqueo y etiquetado", position=1),
            Skill(code="FILLET", title="Fillet weld, flat", title_es="Filete en plano", position=2),
        ],
    )
    wiring = Course(
        code="ELE-110",
        title="Motor controls",
        title_es="Control de motores",
        contact_hours=Decimal(16),
        assessment_required=False,
        created_at=FOUNDED,
    )
    welding_lab = Lab(
        provider=college,
        name="Welding lab",
        seats=8,
        home_city="Pueblo",
        home_zip="81004",
        latitude=38.24,
        longitude=-104.61,
        length_ft=53,
        power_kw=60,
        created_at=FOUNDED,
        courses=[welding],
    )
    wiring_lab = Lab(
        provider=college,
        name="Electrical lab",
        seats=10,
        home_city="Pueblo",
        home_zip="81004",
        latitude=38.24,
        longitude=-104.61,
        length_ft=48,
        power_kw=30,
        created_at=FOUNDED,
        courses=[wiring],
    )
    steel_site = Worksite(
        organization=steel,
        name="Mill gate 3",
        address="1 Mill Road",
        city="Pueblo",
        zip="81004",
        county_fips="08101",
        latitude=38.23,
        longitude=-104.61,
        created_at=FOUNDED,
    )
    dairy_site = Worksite(
        organization=dairy,
        name="Milking barn lot",
        address="9 County Road 7",
        city="Lamar",
        zip="81052",
        county_fips="08099",
        latitude=38.08,
        longitude=-102.62,
        is_rural=True,
        created_at=FOUNDED,
    )
    campus = Worksite(
        organization=college,
        name="Main campus",
        address="900 College Avenue",
        city="Pueblo",
        zip="81004",
        county_fips="08101",
        latitude=38.24,
        longitude=-104.60,
        created_at=FOUNDED,
    )
    db.session.add_all([welding, wiring, welding_lab, wiring_lab, steel_site, dairy_site, campus])
    db.session.flush()
    db.session.add_all(
        TaughtCourse(person_id=people[name].id, course_id=course.id)
        for name in ("tom", "tess")
        for course in (welding, wiring)
    )
    db.session.flush()
    return Cast(
        college=college,
        steel=steel,
        dairy=dairy,
        pueblo_center=center,
        **people,
        welding=welding,
        wiring=wiring,
        welding_lab=welding_lab,
        wiring_lab=wiring_lab,
        steel_site=steel_site,
        dairy_site=dairy_site,
        campus=campus,
    )
