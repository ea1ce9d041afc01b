"""What the readiness of sites means to placements: warnings, openings, and no confirmation without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import SiteReadiness
from labtracker.labs.queries.readiness import open_drafts
from labtracker.labs.services.readiness import accept_condition
from labtracker.scheduling import queries, services
from labtracker.scheduling.queries.openings import openings_in_windows
from labtracker.scheduling.queries.readiness import arrival_of, readiness_facts, waiver_of
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.rules.conflicts import OF_READINESS, ConflictKind
from labtracker.scheduling.rules.fitness import Readiness, ReadinessFacts
from labtracker.scheduling.rules.openings import Obstacle
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus
from tests.cast import Cast
from tests.labs.checks import checked, welding_needs
from tests.scheduling.builders import MONDAY, draft, planned, submitted


def kinds(cast: Cast, now: datetime) -> list[ConflictKind]:
    """What is said of the site where the welding lab is to go to the steel works in May."""
    visit = queries.visit_of(submitted(cast, now))
    proposal = queries.propose(visit, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY)
    assert not proposal.blocked
    return [one.kind for one in proposal.conflicts if one.kind in OF_READINESS]


def test_a_lab_without_a_profile_goes_anywhere(cast: Cast, now: datetime) -> None:
    assert kinds(cast, now) == []
    deployment = planned(cast, now)
    services.confirm_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=now)
    assert deployment.status == DeploymentStatus.CONFIRMED


def test_each_lack_is_a_warning_of_its_own(cast: Cast, now: datetime) -> None:
    welding_needs(cast)
    assert kinds(cast, now) == [ConflictKind.READINESS_MISSING]
    cast.wiring_lab.needs = {"wifi": True}
    other = checked(cast, now, {}, lab=cast.wiring_lab)
    assert kinds(cast, now) == [ConflictKind.READINESS_PARTIAL]
    assert other.verdict == "ready"
    later = now + timedelta(minutes=1)
    checked(cast, later, {"fumes": True}, expires_on=MONDAY - timedelta(days=10))
    cast.wiring_lab.needs = None
    assert kinds(cast, now) == [ConflictKind.READINESS_LAPSES]
    check = checked(cast, now + timedelta(minutes=2), {"restrooms": False})
    assert kinds(cast, now) == [ConflictKind.READINESS_CONDITIONS]
    accept_condition(check=check, key="restrooms", note="Rented.", actor=cast.cora, now=now)
    assert kinds(cast, now) == []
    checked(cast, now + timedelta(minutes=3), {"pad_length_ft": 20})
    assert kinds(cast, now) == [ConflictKind.NOT_READY]


def test_nothing_is_confirmed_without_readiness_unless_a_coordinator_says_why(
    cast: Cast, now: datetime
) -> None:
    welding_needs(cast)
    deployment = planned(cast, now)
    booking = deployment.cohorts[0].booking
    assert booking is not None
    for actor in (cast.emil, cast.cora):
        with pytest.raises(DomainError) as refused:
            services.confirm_booking(booking=booking, actor=actor, now=now)
        assert (refused.value.code, refused.value.status) == ("site_not_ready", 409)
        assert refused.value.details["conflicts"][0]["kind"] == "readiness_missing"
    assert (booking.status, deployment.status) == (BookingStatus.PLANNED, DeploymentStatus.TENTATIVE)
    with pytest.raises(DomainError) as refused:
        services.waive_readiness(deployment=deployment, reason="We know it.", actor=cast.emil, now=now)
    assert refused.value.status == 403
    services.waive_readiness(
        deployment=deployment, reason="We were there in March.", actor=cast.cora, now=now
    )
    services.confirm_booking(booking=booking, actor=cast.emil, now=now)
    assert deployment.status == DeploymentStatus.CONFIRMED
    kept = waiver_of(deployment)
    assert kept is not None
    assert (kept.reason, kept.given_by) == ("We were there in March.", cast.cora)
    assert standing_conflicts([deployment], now) == {}
    deployment.lab_id = cast.wiring_lab.id
    assert waiver_of(deployment) is None


def test_a_check_that_holds_on_arrival_is_what_it_takes(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now) if welding_needs(cast) else None
    assert deployment is not None
    found = standing_conflicts([deployment], now)
    assert [one.kind for one in found[deployment.id]] == [ConflictKind.READINESS_MISSING]
    checked(cast, now, {}, expires_on=arrival_of(deployment) - timedelta(days=1))
    found = standing_conflicts([deployment], now)
    assert [one.kind for one in found[deployment.id]] == [ConflictKind.READINESS_LAPSES]
    checked(cast, now + timedelta(minutes=1), {}, expires_on=arrival_of(deployment))
    assert standing_conflicts([deployment], now) == {}
    assert deployment.cohorts[0].booking is not None
    services.confirm_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=now)
    assert deployment.status == DeploymentStatus.CONFIRMED


def test_a_visit_without_a_booking_stays_tentative_until_its_site_is_ready(cast: Cast, now: datetime) -> None:
    welding_needs(cast)
    visit = queries.visit_of(submitted(cast, now))
    deployment = services.place_lab(
        visit=visit, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY, actor=cast.cora, now=now
    )
    assert deployment.status == DeploymentStatus.TENTATIVE
    with pytest.raises(DomainError) as refused:
        services.confirm_deployment(deployment=deployment, actor=cast.cora, now=now)
    assert refused.value.code == "site_not_ready"
    checked(cast, now, {})
    services.confirm_deployment(deployment=deployment, actor=cast.cora, now=now)
    assert deployment.status == DeploymentStatus.CONFIRMED


def test_openings_leave_out_a_site_that_is_not_ready(cast: Cast, now: datetime) -> None:
    visit = queries.visit_of(submitted(cast, now))
    welding_needs(cast)
    assert openings_in_windows(visit, now.date()).found
    checked(cast, now, {"pad_length_ft": 20})
    found = openings_in_windows(visit, now.date())
    assert found.found == ()
    assert {one.why for one in found.hindrances} == {Obstacle.NOT_READY}


def test_facts_tell_what_the_rule_found(cast: Cast, now: datetime) -> None:
    assert readiness_facts(cast.welding_lab, cast.steel_site, MONDAY) is None
    welding_needs(cast)
    assert readiness_facts(cast.welding_lab, cast.steel_site, MONDAY) == ReadinessFacts()
    check = checked(cast, now, {"restrooms": False, "pad_length_ft": 50})
    assert readiness_facts(cast.welding_lab, cast.steel_site, MONDAY) == ReadinessFacts(
        Readiness.CONDITIONS, check.expires_on, unaccepted=2, conditions=("pad_length_ft", "restrooms")
    )


def test_what_was_answered_becomes_a_draft_of_the_check_when_the_booking_is_sent(
    cast: Cast, now: datetime
) -> None:
    welding_needs(cast, lighting=True)

    def send(**told: Any) -> list[SiteReadiness]:
        booking = draft(cast, now)
        where = services.Where(cast.steel_site, "Bob", pad_length_ft=55, site_answers=told)
        services.save_where(booking=booking, where=where, actor=cast.emil, now=now)
        services.submit_booking(booking=booking, actor=cast.emil, now=now)
        return list(db.session.scalars(open_drafts()))

    assert send() == []
    assert send(moon=True) == []
    (check,) = send(lighting=False, surface="asphalt")
    assert (check.worksite, check.lab, check.checked_by) == (cast.steel_site, cast.welding_lab, cast.emil)
    assert check.answers == {"pad_length_ft": 55, "lighting": False, "surface": "asphalt"}
    (again,) = send(restrooms=True)
    assert again.id == check.id
    assert again.answers["restrooms"] is True
    assert again.answers["lighting"] is False


def test_a_place_open_to_all_is_checked_by_the_provider_alone(cast: Cast, now: datetime) -> None:
    welding_needs(cast, lighting=True)
    booking = draft(cast, now)
    where = services.Where(cast.campus, "Bob", site_answers={"lighting": False})
    services.save_where(booking=booking, where=where, actor=cast.emil, now=now)
    services.submit_booking(booking=booking, actor=cast.emil, now=now)
    assert list(db.session.scalars(open_drafts())) == []
