"""What may be done to labs, courses and worksites."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs import queries, services
from labtracker.labs.models import Lab
from labtracker.labs.rules import CourseDetails, LabDetails, SkillDetails, WorksiteDetails
from labtracker.scheduling.models import Deployment
from tests.cast import Cast


def site(cast: Cast, **changes: object) -> WorksiteDetails:
    plain = WorksiteDetails(cast.dairy.id, "Feed store lot", "12 Main Street", "81052")
    return replace(plain, **changes)  # type: ignore[arg-type]


def refusal(error: pytest.ExceptionInfo[DomainError]) -> tuple[str, str | None]:
    return error.value.code, error.value.field


def test_a_zip_says_where_a_worksite_is_and_whether_it_is_rural(cast: Cast, now: datetime) -> None:
    lot = services.add_worksite(site(cast), actor=cast.stella, now=now)
    assert (lot.city, lot.state, lot.county.name, lot.zone) == ("Lamar", "CO", "Prowers", "America/Denver")
    assert (lot.is_rural, lot.rural_source) == (True, "rucc")
    assert queries.why_rural(lot) == (
        "Prowers County is RUCC 7 (5,000 to 20,000 people in towns, away from metro areas): 4 to 9 are rural."
    )
    assert queries.area_to_confirm(lot.county)
    metro = services.add_worksite(site(cast, name="Depot", zip="80202"), actor=cast.cora, now=now)
    assert not metro.is_rural
    assert "Denver County is RUCC 1" in queries.why_rural(metro)


def test_a_zip_of_another_state_is_known_but_its_code_is_not(cast: Cast, now: datetime) -> None:
    kansas = services.add_worksite(site(cast, zip="67846"), actor=cast.stella, now=now)
    assert (kansas.state, kansas.city, kansas.county) == ("KS", "Garden City", None)
    assert (kansas.is_rural, kansas.rural_source, kansas.zone) == (False, "unknown", "America/Chicago")
    assert queries.why_rural(kansas).startswith("Finney County, KS: its rural-urban code is not known here")


def test_a_zip_that_does_not_exist_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as error:
        services.add_worksite(site(cast, zip="80000"), actor=cast.stella, now=now)
    assert refusal(error) == ("zip_unknown", "zip")
    with pytest.raises(DomainError) as error:
        services.add_lab(LabDetails("New", 6, "99999"), actor=cast.cora, now=now)
    assert refusal(error) == ("zip_unknown", "home_zip")


def test_an_employer_adds_worksites_of_its_own_only(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as error:
        services.add_worksite(site(cast, organization_id=cast.steel.id), actor=cast.stella, now=now)
    assert refusal(error) == ("organization_unknown", "organization_id")


def test_an_override_keeps_reason_who_and_when_until_the_place_moves(cast: Cast, now: datetime) -> None:
    park = services.add_worksite(site(cast, zip="80440"), actor=cast.stella, now=now)
    assert (park.county.name, park.is_rural) == ("Park", False)
    with pytest.raises(DomainError) as error:
        services.override_rurality(park, is_rural=True, reason="  ", actor=cast.cora, now=now)
    assert refusal(error) == ("reason_missing", "reason")
    services.override_rurality(park, is_rural=True, reason="Tract RUCA 10", actor=cast.cora, now=now)
    assert (park.is_rural, park.rural_source) == (True, "override")
    assert (park.rural_set_by_id, park.rural_set_at) == (cast.cora.id, now)
    assert queries.why_rural(park).startswith("Counted as rural by decision: Tract RUCA 10 (Park County is")
    services.change_worksite(
        park, site(cast, zip="80440", notes="Gate code at office"), version=park.version,
        actor=cast.stella, now=now,
    )  # fmt: skip
    assert park.rural_source == "override"
    services.change_worksite(
        park, site(cast, zip="80202", city=park.city), version=park.version, actor=cast.stella, now=now
    )
    assert (park.city, park.is_rural, park.rural_source, park.rural_reason) == ("Denver", False, "rucc", None)


def test_withdrawing_an_override_lets_the_county_decide(cast: Cast, now: datetime) -> None:
    services.override_rurality(cast.dairy_site, is_rural=False, reason="Test", actor=cast.cora, now=now)
    services.withdraw_rurality_override(cast.dairy_site, actor=cast.cora, now=now)
    assert (cast.dairy_site.is_rural, cast.dairy_site.rural_source) == (True, "rucc")
    actions = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert list(actions) == ["worksite_rurality_overridden", "worksite_rurality_by_county"]


def test_the_second_of_two_editors_overwrites_nothing(cast: Cast, now: datetime) -> None:
    seen = cast.welding_lab.version
    first = replace(queries.details_of_lab(cast.welding_lab), seats=10)
    second = replace(queries.details_of_lab(cast.welding_lab), mph=45)
    assert services.change_lab(cast.welding_lab, first, version=seen, actor=cast.cora, now=now) == ["seats"]
    with pytest.raises(DomainError) as error:
        services.change_lab(cast.welding_lab, second, version=seen, actor=cast.ada, now=now)
    assert error.value.code == "changed_meanwhile"
    assert set(error.value.details["fields"]) == {"seats", "mph"}
    db.session.refresh(cast.welding_lab)
    assert (cast.welding_lab.seats, cast.welding_lab.mph) == (10, 50)
    assert queries.latest_change_of(cast.welding_lab).actor_id == cast.cora.id


def test_a_row_changed_under_an_editor_is_refused_by_the_database_too(cast: Cast, now: datetime) -> None:
    details = replace(queries.details_of_lab(cast.welding_lab), mph=45)
    db.session.execute(sa.text("UPDATE lab SET version = version + 1"))
    with pytest.raises(DomainError) as error:
        services.change_lab(
            cast.welding_lab, details, version=cast.welding_lab.version, actor=cast.cora, now=now
        )
    assert error.value.code == "changed_meanwhile"


def test_a_changed_list_alone_makes_a_new_version(cast: Cast, now: datetime) -> None:
    lab, course = cast.welding_lab, cast.welding
    seen = (lab.version, course.version, course.stamp)
    both = frozenset({cast.welding.id, cast.wiring.id})
    details = replace(queries.details_of_lab(lab), course_ids=both)
    services.change_lab(lab, details, version=lab.version, actor=cast.cora, now=now)
    kept = course.skills[1].id
    skills = (SkillDetails("FILLET", "Fillet weld"), SkillDetails("GRIND", "Grinding", None, False))
    services.change_course(
        course,
        replace(queries.details_of_course(course), skills=skills),
        version=course.version,
        actor=cast.cora,
        now=now,
    )
    assert (lab.version, course.version) == (seen[0] + 1, seen[1] + 1)
    assert course.stamp > seen[2]
    assert course.skills[0].id == kept
    assert [(skill.code, skill.position) for skill in course.skills] == [("FILLET", 1), ("GRIND", 2)]


def test_a_course_code_and_its_skill_codes_are_unique(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as error:
        services.add_course(CourseDetails("wld-101", "Again", Decimal(8)), actor=cast.cora, now=now)
    assert refusal(error) == ("code_taken", "code")
    twice = (SkillDetails("A", "One"), SkillDetails("A", "Two"))
    with pytest.raises(DomainError) as error:
        services.add_course(CourseDetails("X-1", "New", Decimal(8), skills=twice), actor=cast.cora, now=now)
    assert refusal(error) == ("skill_twice", "skills")


def test_what_is_in_use_is_retired_not_deleted(cast: Cast, now: datetime) -> None:
    spare = services.add_lab(LabDetails("Spare", 6, "81004"), actor=cast.cora, now=now)
    assert (spare.home_city, spare.zone, spare.provider) == ("Pueblo", "America/Denver", cast.college)
    services.delete_lab(spare, actor=cast.cora, now=now)
    assert db.session.scalars(sa.select(Lab).where(Lab.name == "Spare")).all() == []
    db.session.add(
        Deployment(
            lab=cast.welding_lab,
            worksite=cast.dairy_site,
            blocks_from=now,
            blocks_until=now + timedelta(days=3),
            created_at=now,
        )
    )
    for delete, row in (
        (services.delete_lab, cast.welding_lab),
        (services.delete_worksite, cast.dairy_site),
    ):
        with pytest.raises(DomainError) as error:
            delete(row, actor=cast.cora, now=now)  # type: ignore[arg-type]
        assert error.value.code == "in_use"
    assert cast.welding_lab.courses == [cast.welding]
    services.retire_lab(cast.welding_lab, actor=cast.cora, now=now)
    assert cast.welding_lab not in db.session.scalars(queries.active_labs()).all()
    assert cast.welding not in db.session.scalars(queries.courses_offered()).all()
    services.restore_lab(cast.welding_lab, actor=cast.cora, now=now)
    assert cast.welding in db.session.scalars(queries.courses_offered()).all()


def test_who_sees_which_worksite(cast: Cast) -> None:
    def seen(person: object) -> set[str]:
        return {row.name for row in db.session.scalars(queries.worksites_visible_to(person)).unique()}  # type: ignore[arg-type]

    assert seen(cast.cora) == seen(cast.tom) == {"Mill gate 3", "Milking barn lot", "Main campus"}
    assert seen(cast.stella) == {"Milking barn lot"}
    assert seen(cast.rita) == {"Mill gate 3", "Main campus"}
    assert db.session.scalars(queries.worksites_editable_by(cast.rita)).unique().all() == []
    assert db.session.scalars(queries.labs_visible_to(cast.stella)).all() == []
