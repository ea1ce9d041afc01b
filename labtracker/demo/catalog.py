"""The demo's courses, labs and worksites, added through the services that the screens use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from labtracker.demo.people import People
from labtracker.demo.places import COURSES, EMPLOYERS, HUBS, LABS, LEVELS, CourseFacts, EmployerFacts
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.labs.rules import CourseDetails, LabDetails, SkillDetails, WorksiteDetails
from labtracker.labs.services import add_blackout, add_course, add_lab, add_worksite


@dataclass
class Catalog:
    """What there is to book: courses by code, labs and worksites by the demo's own keys."""

    courses: dict[str, Course]
    labs: dict[str, Lab]
    worksites: dict[str, Worksite]


def fill_catalog(people: People, *, now: datetime) -> Catalog:
    """Add courses, the labs that host them, and every worksite."""
    ada = people.administrator
    courses = {facts.code: add_course(_course(facts), actor=ada, now=now) for facts in COURSES}
    labs = {
        facts.key: add_lab(
            LabDetails(
                name=facts.name,
                seats=facts.seats,
                home_zip=facts.zip,
                length_ft=facts.length_ft,
                height_ft=Decimal(facts.height_ft),
                weight_lb=facts.weight_lb,
                power_kw=facts.power_kw,
                has_generator=facts.generator,
                ground=facts.ground,
                setup_hours=Decimal(facts.setup_hours),
                teardown_hours=Decimal(4),
                mph=facts.mph,
                course_ids=frozenset(courses[code].id for code in facts.courses),
            ),
            actor=ada,
            now=now,
        )
        for facts in LABS
    }
    worksites = {facts.key: _employer_site(facts, people, now) for facts in EMPLOYERS}
    for hub in HUBS:
        details = WorksiteDetails(
            organization_id=people.college.id,
            name=hub.name,
            address=hub.address,
            zip=hub.zip,
            contact_name=None if hub.is_campus else "Town hall, public works",
            pad_length_ft=None if hub.is_campus else 110,
            power_kw=None if hub.is_campus else 75,
        )
        worksites[hub.key] = add_worksite(details, actor=ada, now=now)
    return Catalog(courses, labs, worksites)


def close_some_days(people: People, catalog: Catalog, now: datetime) -> None:
    """Two employers say when nobody can come: a kiln is relined, and the harvest is brought in."""
    for key, weeks, days, reason in (
        ("cement", 11, 11, "The kiln is relined"),
        ("grain", 16, 18, "Harvest: every hand is in the field"),
    ):
        first = now.date() + timedelta(weeks=weeks)
        add_blackout(
            worksite=catalog.worksites[key],
            starts_on=first,
            ends_on=first + timedelta(days=days),
            reason=reason,
            actor=people.contacts[key],
            now=now,
        )


def _course(facts: CourseFacts) -> CourseDetails:
    return CourseDetails(
        code=facts.code,
        title=facts.title,
        title_es=facts.title_es,
        contact_hours=Decimal(facts.hours),
        credential=facts.credential,
        assessment_required=facts.assessed,
        assessment_title=facts.test[0] if facts.test else None,
        assessment_title_es=facts.test[1] if facts.test else None,
        max_attempts=2 if facts.test else None,
        skill_levels=LEVELS if facts.graded else (),
        skills=tuple(
            SkillDetails(code, title, title_es, needed_level=3 if code in facts.graded else None)
            for code, title, title_es in facts.skills
        ),
    )


def _employer_site(facts: EmployerFacts, people: People, now: datetime) -> Worksite:
    contact = people.contacts[facts.key]
    details = WorksiteDetails(
        organization_id=people.employers[facts.key].id,
        name=facts.site,
        address=facts.address,
        zip=facts.zip,
        contact_name=contact.name,
        contact_phone=people.employers[facts.key].phone,
        pad_length_ft=90 if facts.size > 40 else 60,
        power_kw=150 if facts.size > 100 else 60,
        gate_opens=time(6) if facts.size > 40 else None,
        gate_closes=time(17) if facts.size > 40 else None,
    )
    return add_worksite(details, actor=contact, now=now)
