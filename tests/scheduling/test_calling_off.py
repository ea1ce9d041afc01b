"""A day is called off for weather, and made up for with one press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import local, local_day, utc_now
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import Deployment, Session
from labtracker.scheduling.queries.session_fit import missed_days
from labtracker.scheduling.rules.sessions import SessionTimes
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, quiet_monday

TUESDAY = MONDAY + timedelta(days=1)
Signer = Callable[[Person], FlaskClient]


def call_off(stay: Deployment, actor: Person, now: datetime, day: date = TUESDAY) -> list[Session]:
    return services.call_off_day(deployment=stay, day=day, reason="Black ice", actor=actor, now=now)


def test_a_day_is_called_off_and_the_next_free_one_proposed(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    version = stay.version
    (session,) = call_off(stay, cast.tom, now)
    assert session.cancel_reason == "Black ice"
    assert stay.version > version
    (missed,) = missed_days(stay, now)
    # Monday and Wednesday are taught already: the room is free on Thursday.
    assert (missed.day, missed.make_up_on) == (TUESDAY, MONDAY + timedelta(days=3))
    mails = db.session.scalars(
        sa.select(MailMessage).where(MailMessage.subject.contains("A session is cancelled"))
    ).all()
    assert {mail.recipient for mail in mails} == {"emil@steelworks.example"}


def test_a_make_up_has_the_same_hours_and_crew_and_is_made_once(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    (session,) = call_off(stay, cast.cora, now)
    on = MONDAY + timedelta(days=3)
    was_home = stay.blocks_until
    (added,) = services.make_up_day(deployment=stay, day=TUESDAY, make_up_on=on, actor=cast.cora, now=now)
    assert local(added.starts_at, "America/Denver").date() == on
    assert added.net_minutes == session.net_minutes
    assert [one.person for one in added.trainers] == [cast.tom]
    assert added.makes_up_id == session.id
    assert stay.blocks_until > was_home
    assert missed_days(stay, now) == []
    with pytest.raises(DomainError) as refused:
        services.make_up_day(deployment=stay, day=TUESDAY, make_up_on=on, actor=cast.cora, now=now)
    assert refused.value.code == "nothing_missed"


def test_a_make_up_passes_over_days_that_are_taken(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    services.create_cohort(
        name="Campus",
        course=cast.welding,
        worksite=cast.campus,
        seats=8,
        sessions=[_times(stay, 3), _times(stay, 4)],
        trainers=[cast.tom],
        actor=cast.cora,
        now=now,
    )
    call_off(stay, cast.cora, now)
    (missed,) = missed_days(stay, now)
    # Tom teaches on campus on Thursday and Friday; the week after begins with Monday.
    assert missed.make_up_on == MONDAY + timedelta(days=7)
    with pytest.raises(services.ConflictError) as refused:
        services.make_up_day(
            deployment=stay, day=TUESDAY, make_up_on=MONDAY + timedelta(days=3), actor=cast.cora, now=now
        )
    assert [one.kind for one in refused.value.conflicts] == ["person_taken"]


def _times(stay: Deployment, step: int) -> SessionTimes:
    booking = stay.cohorts[0].booking
    assert booking is not None
    return queries.visit_of(booking).pattern.session_on(MONDAY + timedelta(days=step))


def test_who_may_call_a_day_off_and_what_cannot_be(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    for stranger in (cast.tess, cast.emil):
        with pytest.raises(DomainError) as refused:
            call_off(stay, stranger, now)
        assert refused.value.status == 403
    with pytest.raises(DomainError) as refused:
        call_off(stay, cast.tom, now, date(2026, 5, 9))
    assert (refused.value.code, refused.value.field) == ("nothing_that_day", "day")
    seen = stay.version
    call_off(stay, cast.tom, now)
    with pytest.raises(DomainError) as refused:
        services.call_off_day(
            deployment=stay, day=MONDAY, reason="Snow", actor=cast.cora, now=now, expected_version=seen
        )
    assert refused.value.code == "changed_meanwhile"
    assert "day called off" in refused.value.message
    with pytest.raises(DomainError) as refused:
        services.make_up_day(
            deployment=stay, day=TUESDAY, make_up_on=date(2026, 4, 8), actor=cast.cora, now=now
        )
    assert refused.value.code == "in_the_past"


def test_a_crew_calls_a_day_off_and_a_coordinator_makes_it_up(cast: Cast, signed_in_as: Signer) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    stay = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=18))])
    page, tuesday = f"/deployments/{stay.id}", monday + timedelta(days=1)
    tom = signed_in_as(cast.tom)
    assert "Call a day off" in tom.get(page).text
    assert "Call a day off" not in signed_in_as(cast.emil).get(page).text
    answers = {"day": str(tuesday), "reason": "Ice storm", "version": str(stay.version)}
    assert tom.post(f"{page}/called-off-days", data={**answers, "reason": ""}).status_code == 422
    assert tom.post(f"{page}/called-off-days", data={**answers, "day": "2020-01-01"}).status_code == 422
    assert tom.post(f"{page}/called-off-days", data=answers).status_code == 303
    assert tom.get(f"{page}/called-off-days").status_code == 405
    assert signed_in_as(cast.emil).post(f"{page}/called-off-days", data=answers).status_code == 403
    assert signed_in_as(cast.tess).post(f"{page}/called-off-days", data=answers).status_code == 404
    assert "is not made up for" in tom.get(page).text
    assert "Make up on that day" not in tom.get(page).text
    cora = signed_in_as(cast.cora)
    assert "Make up on that day" in cora.get(page).text
    make_up = {"day": str(tuesday), "make_up_on": str(monday + timedelta(days=3))}
    assert tom.post(f"{page}/make-ups", data=make_up).status_code == 403
    assert cora.post(f"{page}/make-ups", data={"day": "soon"}).status_code == 422
    for day in ("0001-01-01", "9999-12-31"):
        assert cora.post(f"{page}/make-ups", data={**make_up, "make_up_on": day}).status_code == 422
    assert cora.get(f"{page}/make-ups").status_code == 405
    assert cora.post(f"{page}/make-ups", data=make_up).status_code == 303
    assert cora.post(f"{page}/make-ups", data=make_up).status_code == 409
    assert "is not made up for" not in cora.get(page).text


def test_a_session_that_cannot_move_says_when_it_could(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    first, second, _third = stay.cohorts[0].sessions
    with pytest.raises(services.ConflictError) as refused:
        services.move_session(
            session=first,
            starts_at=second.starts_at,
            ends_at=second.ends_at,
            break_minutes=30,
            actor=cast.cora,
            now=now,
        )
    (way,) = refused.value.conflicts[0].ways_out
    assert way.first_on == MONDAY + timedelta(days=3)
    moved = services.move_session(
        session=first,
        starts_at=first.starts_at + timedelta(days=3),
        ends_at=first.ends_at + timedelta(days=3),
        break_minutes=30,
        actor=cast.cora,
        now=now,
    )
    assert local_day(moved.starts_at, "America/Denver") == way.first_on


def test_the_day_that_is_offered_is_free_at_the_hours_that_were_asked_for(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now)
    first, second, third = stay.cohorts[0].sessions
    half = second.starts_at + timedelta(hours=4)
    # The morning of the third day is free, so that only the hours of the second session are in the way.
    services.move_session(
        session=third,
        starts_at=third.starts_at + timedelta(hours=6),
        ends_at=third.ends_at + timedelta(hours=5),
        break_minutes=30,
        actor=cast.cora,
        now=now,
    )

    def offered(ends_at: datetime, break_minutes: int) -> date | None:
        with pytest.raises(services.ConflictError) as refused:
            services.move_session(
                session=first,
                starts_at=second.starts_at,
                ends_at=ends_at,
                break_minutes=break_minutes,
                actor=cast.cora,
                now=now,
            )
        return refused.value.other_day

    assert offered(half, 0) == local_day(third.starts_at, "America/Denver")
    assert offered(second.ends_at, 30) == MONDAY + timedelta(days=3)
    with pytest.raises(services.ConflictError) as refused:
        services.add_session(
            cohort=stay.cohorts[0],
            deployment=stay,
            starts_at=second.starts_at,
            ends_at=half,
            break_minutes=0,
            trainers=[cast.tom],
            actor=cast.cora,
            now=now,
        )
    assert refused.value.other_day == local_day(third.starts_at, "America/Denver")


def test_a_stay_grows_only_as_far_as_its_driver_is_free(cast: Cast, now: datetime) -> None:
    stay = planned(cast, now, drivers=[cast.tess])
    last = stay.cohorts[0].sessions[-1]
    services.create_cohort(
        name="Campus",
        course=cast.welding,
        worksite=cast.campus,
        seats=8,
        sessions=[_times(stay, 4)],
        trainers=[cast.tess],
        actor=cast.cora,
        now=now,
    )
    with pytest.raises(services.ConflictError) as refused:
        services.move_session(
            session=last,
            starts_at=last.starts_at + timedelta(days=1),
            ends_at=last.ends_at + timedelta(days=1),
            break_minutes=30,
            actor=cast.cora,
            now=now,
        )
    assert [one.kind for one in refused.value.conflicts] == ["person_taken"]
