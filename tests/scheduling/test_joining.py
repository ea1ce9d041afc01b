"""Two bookings at one site share one deployment: two shifts, two courses, one journey of the lab."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Deployment
from labtracker.scheduling.queries.joining import joinings_of
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]
LATE = {"shift_starts": time(15), "shift_ends": time(21), "break_minutes": 0}


def join(cast: Cast, booking: BookingRequest, stay: Deployment, now: datetime, **how: object) -> Deployment:
    how = {"trainers": [cast.tess], "first_on": MONDAY, **how}
    return services.join_deployment(booking=booking, deployment=stay, actor=cast.cora, now=now, **how)  # type: ignore[arg-type]


def test_a_late_shift_joins_the_early_one(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    booking = submitted(cast, now, **LATE)
    was_home, version = stay.blocks_until, stay.version
    assert join(cast, booking, stay, now) is stay
    assert booking.status == BookingStatus.PLANNED
    assert len(stay.cohorts) == 2
    assert {member.person for member in stay.crew} == {cast.tom, cast.tess}
    late = next(one for one in stay.cohorts if one.booking is booking)
    assert [one.person for one in late.sessions[0].trainers] == [cast.tess]
    assert late.sessions[-1].ends_at <= stay.blocks_until
    assert stay.blocks_until >= was_home
    assert stay.version > version


def test_one_room_holds_one_session_at_a_time(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    booking = submitted(cast, now)
    with pytest.raises(services.ConflictError) as refused:
        join(cast, booking, stay, now)
    assert {one.kind for one in refused.value.conflicts} == {"room_taken"}
    with pytest.raises(services.ConflictError) as refused:
        join(cast, booking, stay, now, trainers=[cast.tom])
    assert {one.kind for one in refused.value.conflicts} == {"room_taken", "person_taken"}
    (offer,) = joinings_of(booking, now)
    # The early shift is over on Wednesday; on Thursday the room is free.
    assert (offer.deployment, offer.proposal.first_on) == (stay, MONDAY + timedelta(days=3))


def test_a_longer_stay_does_not_run_into_the_labs_next(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    planned(cast, now, first_on=MONDAY + timedelta(days=7), trainers=[cast.tess])
    booking = submitted(cast, now, course=cast.welding)
    with pytest.raises(services.ConflictError) as refused:
        join(cast, booking, stay, now, first_on=MONDAY + timedelta(days=3), trainers=[cast.tom])
    assert {one.kind for one in refused.value.conflicts} == {"lab_taken"}
    assert joinings_of(booking, now) == [] or joinings_of(booking, now)[0].deployment is not stay


def test_another_site_a_cancelled_stay_and_a_stale_page_are_refused(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    cast.welding_lab.courses.append(cast.wiring)
    foreign = submitted(
        cast,
        now,
        course=cast.wiring,
        employer=cast.dairy,
        actor=cast.stella,
        worksite=cast.dairy_site,
        **LATE,
    )
    booking = submitted(cast, now, **LATE)

    def code(**how: object) -> str:
        with pytest.raises(DomainError) as refused:
            join(cast, how.pop("booking", booking), stay, now, **how)  # type: ignore[arg-type]
        return refused.value.code

    assert code(booking=foreign) == "other_worksite"
    seen = stay.version
    services.call_off_day(deployment=stay, day=MONDAY, reason="Snow", actor=cast.cora, now=now)
    assert code(deployment_version=seen) == "changed_meanwhile"
    services.cancel_deployment(deployment=stay, reason="Lab broke", actor=cast.cora, now=now)
    assert code() == "already_cancelled"


def test_cancelling_one_booking_keeps_the_others_sessions(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    early = stay.cohorts[0]
    booking = submitted(cast, now, headcount=8, course=cast.welding, **LATE)
    join(cast, booking, stay, now)
    assert early.booking is not None
    services.confirm_booking(booking=early.booking, actor=cast.emil, now=now)
    assert (stay.status, booking.status) == (DeploymentStatus.CONFIRMED, BookingStatus.PLANNED)
    services.withdraw_booking(booking=booking, actor=cast.emil, now=now)
    assert stay.status == DeploymentStatus.CONFIRMED
    assert all(one.cancelled_at is None for one in early.sessions)
    late = next(one for one in stay.cohorts if one is not early)
    assert all(one.cancelled_at is not None for one in late.sessions)
    services.cancel_booking(booking=early.booking, reason="Order lost", actor=cast.emil, now=now)
    assert stay.status == DeploymentStatus.CANCELLED


def test_a_coordinator_adds_a_booking_on_the_plan_page(cast: Cast, signed_in_as: Signer) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    windows = [(monday, monday + timedelta(days=18))]
    stay = planned(cast, now, first_on=monday, windows=windows)
    booking = submitted(cast, now, windows=windows, **LATE)
    cora, page = signed_in_as(cast.cora), f"/bookings/{booking.id}"
    assert "Add to this deployment" in cora.get(f"{page}/plan").text
    answers = {
        "deployment": str(stay.id),
        "deployment_version": str(stay.version),
        "first_on": str(joinings_of(booking, now)[0].proposal.first_on),
        "version": str(booking.version),
    }
    assert cora.get(f"{page}/joining").status_code == 405
    assert signed_in_as(cast.emil).post(f"{page}/joining", data=answers).status_code == 403
    for day in ("soon", "0001-01-01", "9999-12-31"):
        assert cora.post(f"{page}/joining", data={**answers, "first_on": day}).status_code == 422
    stale = cora.post(f"{page}/joining", data={**answers, "deployment_version": "0"})
    assert stale.location == f"{page}/plan"
    done = cora.post(f"{page}/joining", data=answers)
    assert done.location == f"/deployments/{stay.id}"
    db.session.expire_all()
    assert len(db.session.get_one(Deployment, stay.id).cohorts) == 2
