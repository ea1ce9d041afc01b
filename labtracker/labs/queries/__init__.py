"""Named reads of labs, courses, worksites and counties, and who may see them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import AuditEntry, Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db
from labtracker.kit.geography import Point, zip_place
from labtracker.labs.models import County, Course, Lab, LabCourse, Skill, Worksite
from labtracker.labs.rules import (
    Certainty,
    CourseDetails,
    LabDetails,
    RuralSource,
    SkillDetails,
    WorksiteDetails,
)

STAFF = (Role.COORDINATOR, Role.TRAINER)


def labs_visible_to(actor: Person) -> sa.Select[Lab]:
    """All labs, retired ones included, for the provider's staff; none for others."""
    query = sa.select(Lab).order_by(Lab.name)
    return query if actor.has(*STAFF) else query.where(sa.false())


def labs_editable_by(actor: Person) -> sa.Select[Lab]:
    """All labs for coordinators; none for others."""
    query = sa.select(Lab)
    return query if actor.has(Role.COORDINATOR) else query.where(sa.false())


def active_labs() -> sa.Select[Lab]:
    """Labs in service, by name."""
    return sa.select(Lab).where(Lab.retired_at.is_(None)).order_by(Lab.name)


def labs_hosting(course: Course) -> sa.Select[Lab]:
    """Labs in service that are equipped for a course."""
    return active_labs().join(LabCourse, LabCourse.lab_id == Lab.id).where(LabCourse.course_id == course.id)


def courses_visible_to(actor: Person) -> sa.Select[Course]:
    """All courses for the provider's staff, those not archived for everybody else who is signed in."""
    query = sa.select(Course).order_by(Course.title)
    return query if actor.has(*STAFF) else query.where(Course.archived_at.is_(None))


def courses_editable_by(actor: Person) -> sa.Select[Course]:
    """All courses for coordinators; none for others."""
    query = sa.select(Course)
    return query if actor.has(Role.COORDINATOR) else query.where(sa.false())


def active_courses() -> sa.Select[Course]:
    """Courses that are not archived, by title."""
    return sa.select(Course).where(Course.archived_at.is_(None)).order_by(Course.title)


def courses_offered() -> sa.Select[Course]:
    """Courses that at least one lab in service can host: what an employer can book."""
    hosted = (
        sa.select(LabCourse.course_id).join(Lab, Lab.id == LabCourse.lab_id).where(Lab.retired_at.is_(None))
    )
    return active_courses().where(Course.id.in_(hosted))


def worksites_visible_to(actor: Person) -> sa.Select[Worksite]:
    """Staff see every worksite, an employer its own, a reviewer those of the areas it reviews."""
    query = sa.select(Worksite).order_by(Worksite.name)
    if actor.has(*STAFF):
        return query
    own = Worksite.organization_id.in_(actor.organization_ids(Role.EMPLOYER))
    return query.where(own | is_in_reviewed_area(actor))


def is_in_reviewed_area(actor: Person) -> sa.ColumnElement[bool]:
    """The condition under which a worksite lies where somebody's workforce centers answer for.

    The one rule by which a reviewer sees worksites, visits and outcomes.
    """
    areas = [
        sa.and_(County.local_area == area.local_area, _same_sub_area(area.sub_area))
        for membership in actor.memberships
        if membership.role == Role.REVIEWER and membership.ended_at is None
        for area in membership.organization.areas
    ]
    if not areas:
        return sa.false()
    return Worksite.county_fips.in_(sa.select(County.fips).where(sa.or_(*areas)))


def _same_sub_area(sub_area: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if sub_area is None else County.sub_area == sub_area


def worksites_editable_by(actor: Person) -> sa.Select[Worksite]:
    """Coordinators change every worksite, an employer its own, nobody else any."""
    query = sa.select(Worksite)
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Worksite.organization_id.in_(actor.organization_ids(Role.EMPLOYER)))


def active_worksites_of(organization_id: UUID) -> sa.Select[Worksite]:
    """The worksites of an organization that are not archived, by name."""
    mine = (Worksite.organization_id == organization_id, Worksite.archived_at.is_(None))
    return sa.select(Worksite).where(*mine).order_by(Worksite.name)


def organizations_with_worksites(actor: Person) -> sa.Select[Organization]:
    """The organizations for which the actor may add a worksite."""
    query = sa.select(Organization).where(Organization.archived_at.is_(None)).order_by(Organization.name)
    if actor.has(Role.COORDINATOR):
        return query.where(Organization.kind != OrganizationKind.WORKFORCE_CENTER)
    return query.where(Organization.id.in_(actor.organization_ids(Role.EMPLOYER)))


def county_of(state: str, name: str | None) -> County | None:
    """The county of that name, or none where its facts are not known here."""
    if name is None:
        return None
    query = sa.select(County).where(County.state == state, County.name == name)
    return db.session.execute(query).scalar_one_or_none()


def counties() -> sa.Select[County]:
    """All counties whose facts are known, by name."""
    return sa.select(County).order_by(County.state, County.name)


def point_of(place: Lab | Worksite) -> Point | None:
    """Where a lab has its base or a worksite lies, or none if not known."""
    if place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude, place.longitude)


def meaning_of_rucc(code: int) -> str:
    """What a rural-urban code says, in words."""
    return {
        1: _("a metro area of a million people or more"),
        2: _("a metro area of 250,000 to a million people"),
        3: _("a metro area of fewer than 250,000 people"),
        4: _("20,000 or more people in towns, next to a metro area"),
        5: _("20,000 or more people in towns, away from metro areas"),
        6: _("5,000 to 20,000 people in towns, next to a metro area"),
        7: _("5,000 to 20,000 people in towns, away from metro areas"),
        8: _("fewer than 5,000 people in towns, next to a metro area"),
        9: _("fewer than 5,000 people in towns, away from metro areas"),
    }[code]


def why_rural(worksite: Worksite) -> str:
    """Why a worksite counts as rural or not, in one or two sentences."""
    facts = _county_facts(worksite)
    if worksite.rural_source != RuralSource.OVERRIDE:
        return facts
    decided = (
        _("Counted as rural by decision: %(reason)s", reason=worksite.rural_reason)
        if worksite.is_rural
        else _("Not counted as rural by decision: %(reason)s", reason=worksite.rural_reason)
    )
    return f"{decided} ({facts})"


def _county_facts(worksite: Worksite) -> str:
    county = worksite.county
    if county is None:
        place = zip_place(worksite.zip)
        if place is None or place.county is None:
            return _("The county of this ZIP is not known, so it does not count as rural.")
        return _(
            "%(county)s County, %(state)s: its rural-urban code is not known here, "
            "so it does not count as rural.",
            county=place.county,
            state=place.state,
        )
    words = {"county": county.name, "code": county.rucc, "meaning": meaning_of_rucc(county.rucc)}
    if county.rucc >= 4:
        return _("%(county)s County is RUCC %(code)s (%(meaning)s): 4 to 9 are rural.", **words)
    return _("%(county)s County is RUCC %(code)s (%(meaning)s): 1 to 3 are not rural.", **words)


def area_of(county: County | None) -> str | None:
    """The local workforce area of a county, its sub-area included, as people write it."""
    if county is None or county.local_area is None:
        return None
    if county.local_area == "CRWC":
        return _("Colorado Rural Workforce Consortium, %(sub_area)s", sub_area=county.sub_area)
    return county.local_area


def area_to_confirm(county: County | None) -> bool:
    """Whether somebody should ask the local area before relying on it."""
    return county is not None and county.certainty != Certainty.SURE


def details_of_lab(lab: Lab) -> LabDetails:
    """A lab as its form shows it."""
    return LabDetails(
        name=lab.name,
        seats=lab.seats,
        home_zip=lab.home_zip,
        home_city=lab.home_city,
        length_ft=lab.length_ft,
        height_ft=lab.height_ft,
        weight_lb=lab.weight_lb,
        power_kw=lab.power_kw,
        has_generator=lab.has_generator,
        needs_water=lab.needs_water,
        ground=lab.ground,
        needs=lab.needs,
        setup_hours=lab.setup_hours,
        teardown_hours=lab.teardown_hours,
        mph=lab.mph,
        notes=lab.notes,
        course_ids=frozenset(course.id for course in lab.courses),
    )


def details_of_course(course: Course) -> CourseDetails:
    """A course as its form shows it."""
    return CourseDetails(
        code=course.code,
        title=course.title,
        contact_hours=course.contact_hours,
        title_es=course.title_es,
        credential=course.credential,
        description=course.description,
        minimum_share=course.minimum_share,
        assessment_required=course.assessment_required,
        pass_mark=course.pass_mark,
        grace_minutes=course.grace_minutes,
        assessment_title=course.assessment_title,
        assessment_title_es=course.assessment_title_es,
        max_attempts=course.max_attempts,
        attempt_counts=course.attempt_counts,
        skill_levels=tuple((level["title"], level.get("title_es")) for level in course.skill_levels),
        skills=tuple(_details_of_skill(skill) for skill in course.skills),
    )


def _details_of_skill(skill: Skill) -> SkillDetails:
    return SkillDetails(
        code=skill.code,
        title=skill.title,
        title_es=skill.title_es,
        required=skill.required,
        needed_level=skill.needed_level,
    )


def details_of_worksite(worksite: Worksite) -> WorksiteDetails:
    """A worksite as its form shows it."""
    return WorksiteDetails(
        organization_id=worksite.organization_id,
        name=worksite.name,
        address=worksite.address,
        zip=worksite.zip,
        city=worksite.city,
        contact_name=worksite.contact_name,
        contact_phone=worksite.contact_phone,
        pad_length_ft=worksite.pad_length_ft,
        power_kw=worksite.power_kw,
        gate_opens=worksite.gate_opens,
        gate_closes=worksite.gate_closes,
        notes=worksite.notes,
    )


def latest_change_of(row: Lab | Course | Worksite) -> AuditEntry | None:
    """Who changed something last, and when."""
    query = sa.select(AuditEntry).where(AuditEntry.subject_id == row.id).order_by(AuditEntry.at.desc())
    return db.session.execute(query.limit(1)).scalar_one_or_none()
