from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import Session
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import BookingStatus, DeliveryMode, DeploymentStatus, Duty
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, draft, planned, submitted


def mails_to(person) -> list[MailMessage]:
    query = sa.select(MailMessage).where(MailMessage.recipient == person.email).order_by(MailMessage.id)
    return list(db.session.scalars(query))


def test_a_booking_goes_from_draft_to_confirmed(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    booking = deployment.cohorts[0].booking
    assert booking.status == BookingStatus.PLANNED
    assert deployment.status == DeploymentStatus.TENTATIVE
    services.confirm_booking(booking=booking, actor=cast.emil, now=now)
    assert booking.status == BookingStatus.CONFIRMED
    assert deployment.status == DeploymentStatus.CONFIRMED
    assert [step.to_status for step in booking.steps] == ["submitted", "planned", "confirmed"]
    assert "We have your booking" in mails_to(cast.emil)[0].subject
    assert "A booking waits" in mails_to(cast.cora)[0].subject
    assert [mail.subject[:16] for mail in mails_to(cast.tom)] == ["A visit is plann", "The visit is con"]
    assert f"/bookings/{booking.id}" in mails_to(cast.emil)[0].text
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"booking_submitted", "booking_planned", "booking_confirmed", "deployment_placed"} <= actions


def test_mail_speaks_the_readers_language(cast: Cast, now: datetime) -> None:
    cast.emil.language = "es"
    submitted(cast, now)
    mail = mails_to(cast.emil)[0]
    assert mail.language == "es"
    assert "Soldadura básica" in mail.subject


def test_mail_shows_hostile_names_harmlessly(cast: Cast, now: datetime) -> None:
    cast.steel.name = "<script>alert(1)</script> & Söhne 鋼"
    booking = submitted(cast, now)
    services.decline_booking(booking=booking, reason="<img src=x> & more", actor=cast.cora, now=now)
    (mail,) = mails_to(cast.cora)
    assert "<script>alert(1)</script> & Söhne 鋼 asks for a visit for 8 workers." in mail.text
    assert mail.html
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne 鋼" in mail.html
    last = mails_to(cast.emil)[-1]
    assert "Reason: <img src=x> & more" in last.text
    assert last.html
    assert "Reason: &lt;img src=x&gt; &amp; more<" in last.html
    assert f'href="http://127.0.0.1:8000/bookings/{booking.id}"' in last.html


def test_planning_generates_sessions_until_the_hours_are_reached(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    cohort = deployment.cohorts[0]
    assert [session.starts_at for session in cohort.sessions] == [
        datetime(2026, 5, day, 12, tzinfo=UTC) for day in (4, 5, 6)
    ]
    assert cohort.sessions[0].breaks == [["2026-05-04T16:00:00Z", "2026-05-04T16:30:00Z"]]
    assert [trainer.person for trainer in cohort.sessions[0].trainers] == [cast.tom]
    assert cohort.delivery_mode == DeliveryMode.EMPLOYER_SITE
    assert cohort.minimum_share == cast.welding.minimum_share
    assert [skill["code"] for skill in cohort.skills] == ["LOTO", "FILLET"]


def test_a_lab_leaves_home_early_enough_to_be_set_up(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now, employer=cast.dairy, actor=cast.stella, worksite=cast.dairy_site)
    first = deployment.cohorts[0].sessions[0]
    arrives = deployment.blocks_from + timedelta(minutes=deployment.travel_in_minutes)
    ready = arrives + timedelta(minutes=deployment.setup_minutes)
    assert deployment.setup_minutes == 240
    assert deployment.travel_in_minutes >= 180  # some 109 miles as the crow flies
    assert ready <= first.starts_at
    assert ready == datetime(2026, 5, 2, 0, tzinfo=UTC)  # Friday six in the evening, before the Monday


def test_too_many_heads_become_two_cohorts_that_take_turns(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now, headcount=14)
    first, second = sorted(deployment.cohorts, key=lambda cohort: cohort.name)
    assert (first.name, second.name) == ("Steel Works · WLD-101 · A", "Steel Works · WLD-101 · B")
    days = [[session.starts_at.day for session in cohort.sessions] for cohort in (first, second)]
    assert days == [[4, 6, 11], [5, 7, 12]]


def test_cohorts_can_come_one_after_the_other(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now, headcount=14, arrangement=Arrangement.BACK_TO_BACK)
    first, second = sorted(deployment.cohorts, key=lambda cohort: cohort.name)
    days = [[session.starts_at.day for session in cohort.sessions] for cohort in (first, second)]
    assert days == [[4, 5, 6], [7, 11, 12]]


def test_the_same_lab_twice_is_refused_with_words_and_ways_out(cast: Cast, now: datetime) -> None:
    planned(cast, now)
    with pytest.raises(services.ConflictError) as refused:
        planned(cast, now, trainers=[cast.tess])
    (conflict,) = refused.value.conflicts
    assert conflict.kind == "lab_taken"
    assert "Welding lab is taken by the deployment at Mill gate 3, Pueblo" in refused.value.message
    (way,) = conflict.ways_out
    assert way.first_on is not None
    deployment = planned(cast, now, trainers=[cast.tess], first_on=way.first_on)
    assert deployment.status == DeploymentStatus.TENTATIVE


def test_the_same_trainer_in_two_places_is_refused(cast: Cast, now: datetime) -> None:
    planned(cast, now)
    with pytest.raises(services.ConflictError) as refused:
        planned(
            cast,
            now,
            employer=cast.dairy,
            actor=cast.stella,
            worksite=cast.dairy_site,
            course=cast.wiring,
            lab=cast.wiring_lab,
        )
    (conflict,) = refused.value.conflicts
    assert conflict.kind == "person_taken"
    assert "Tom Baca is already taken by Mill gate 3, Pueblo" in refused.value.message
    assert any(way.party and way.party.name == "Tess Nakai" for way in conflict.ways_out)


def test_a_lab_without_the_equipment_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(services.ConflictError) as refused:
        planned(cast, now, lab=cast.wiring_lab)
    (conflict,) = refused.value.conflicts
    assert conflict.kind == "not_equipped"
    assert [way.party.name for way in conflict.ways_out if way.party] == ["Welding lab"]


def test_holidays_are_passed_over(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now, first_on=date(2026, 5, 20))
    assert [session.starts_at.day for session in deployment.cohorts[0].sessions] == [20, 21, 26]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"headcount": 0}, "headcount_missing"),
        ({"headcount": 10_000}, "headcount_too_high"),
        ({"shift_starts": time(14), "shift_ends": time(13)}, "shift_ends_before_start"),
        ({"shift_starts": time(6), "shift_ends": time(6)}, "shift_ends_before_start"),
        ({"break_minutes": 480}, "break_impossible"),
        ({"shift_ends": time(7), "break_minutes": 30}, "shift_too_short"),
        ({"weekdays": []}, "weekdays_missing"),
        ({"weekdays": [8]}, "weekdays_missing"),
        ({"payer": "the moon"}, "payer_missing"),
        ({"windows": []}, "window_missing"),
        ({"windows": [(date(2026, 4, 13), date(2026, 5, 1))]}, "window_in_past"),
        ({"windows": [(date(2026, 5, 4), date(2026, 5, 3))]}, "window_ends_before_start"),
        ({"windows": [(date(2026, 5, 8), date(2026, 5, 10))]}, "window_without_shift"),
        ({"windows": [(date(2026, 5, 4), date(2031, 5, 4))]}, "window_too_far"),
        ({"windows": [(date(2026, 5, 4), date(2026, 5, 4))] * 4}, "too_many_windows"),
    ],
)
def test_impossible_answers_are_refused(cast: Cast, now: datetime, changes: dict, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        draft(cast, now, **changes)
    assert refused.value.code == code
    assert refused.value.field


def test_another_employers_worksite_is_refused(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as refused:
        draft(cast, now, worksite=cast.dairy_site)
    assert refused.value.code == "not_your_worksite"


def test_a_course_no_lab_can_host_is_refused_also_when_the_lab_retired_later(
    cast: Cast, now: datetime
) -> None:
    booking = draft(cast, now)
    cast.welding_lab.retired_at = now
    with pytest.raises(DomainError) as refused:
        services.submit_booking(booking=booking, actor=cast.emil, now=now)
    assert (refused.value.code, refused.value.details["step"]) == ("course_not_hosted", "what")


def test_a_draft_that_waited_too_long_is_refused_when_sent(cast: Cast, now: datetime) -> None:
    booking = draft(cast, now)
    with pytest.raises(DomainError) as refused:
        services.submit_booking(booking=booking, actor=cast.emil, now=now + timedelta(days=60))
    assert refused.value.code == "window_in_past"


def test_only_ones_own_side_may_take_a_step(cast: Cast, now: datetime) -> None:
    booking = submitted(cast, now)
    for actor, code in ((cast.stella, "not_yours"), (cast.rita, "not_yours"), (cast.emil, "wrong_state")):
        with pytest.raises(DomainError) as refused:
            services.take_under_review(booking=booking, actor=actor, now=now)
        assert refused.value.code == code


def test_a_decline_needs_a_reason_and_keeps_it(cast: Cast, now: datetime) -> None:
    booking = submitted(cast, now)
    with pytest.raises(DomainError, match="say why"):
        services.decline_booking(booking=booking, reason="  ", actor=cast.cora, now=now)
    services.decline_booking(booking=booking, reason="No generator\nuntil June", actor=cast.cora, now=now)
    assert booking.steps[-1].reason == "No generator until June"
    assert "No generator until June" in mails_to(cast.emil)[-1].text


def test_a_stale_edit_is_refused_and_says_what_changed(cast: Cast, now: datetime) -> None:
    booking = submitted(cast, now)
    seen = booking.version
    services.take_under_review(booking=booking, actor=cast.cora, now=now)
    with pytest.raises(DomainError) as refused:
        services.decline_booking(
            booking=booking, reason="late", actor=cast.ada, now=now, expected_version=seen
        )
    assert refused.value.code == "changed_meanwhile"
    assert "Cora Lindqvist" in refused.value.message
    assert booking.status == BookingStatus.UNDER_REVIEW


def test_withdrawing_what_was_planned_frees_the_lab(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    booking = deployment.cohorts[0].booking
    services.withdraw_booking(booking=booking, actor=cast.emil, now=now)
    assert booking.status == BookingStatus.WITHDRAWN
    assert deployment.status == DeploymentStatus.CANCELLED
    assert all(session.cancelled_at for session in deployment.cohorts[0].sessions)
    assert planned(cast, now).status == DeploymentStatus.TENTATIVE


def test_cancelling_a_deployment_puts_a_planned_booking_back(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    booking = deployment.cohorts[0].booking
    services.cancel_deployment(deployment=deployment, reason="Axle broke", actor=cast.cora, now=now)
    assert booking.status == BookingStatus.UNDER_REVIEW
    assert deployment.cohorts[0].cancelled_at == now
    assert any("Axle broke" in mail.text for mail in mails_to(cast.tom))


def test_cancelling_half_way_keeps_what_was_held(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    booking = deployment.cohorts[0].booking
    services.confirm_booking(booking=booking, actor=cast.emil, now=now)
    was_home = deployment.blocks_until
    later = datetime(2026, 5, 5, 2, tzinfo=UTC)
    services.cancel_booking(booking=booking, reason="Flood", actor=cast.emil, now=later)
    first, *others = deployment.cohorts[0].sessions
    assert first.cancelled_at is None
    assert all(session.cancelled_at == later for session in others)
    assert deployment.status == DeploymentStatus.CONFIRMED
    assert deployment.blocks_until < was_home


def test_moving_a_session_checks_trainer_room_and_holiday(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    first, second, _third = deployment.cohorts[0].sessions

    def move(to: datetime) -> Session:
        return services.move_session(
            session=first,
            starts_at=to,
            ends_at=to + timedelta(hours=8, minutes=30),
            break_minutes=30,
            actor=cast.cora,
            now=now,
        )

    with pytest.raises(services.ConflictError) as refused:
        move(second.starts_at + timedelta(hours=1))
    assert {conflict.kind for conflict in refused.value.conflicts} == {"person_taken", "room_taken"}
    with pytest.raises(services.ConflictError) as refused:
        move(datetime(2026, 5, 25, 12, tzinfo=UTC))
    assert [conflict.kind for conflict in refused.value.conflicts] == ["closed_day"]
    was_home = deployment.blocks_until
    move(datetime(2026, 5, 12, 12, tzinfo=UTC))
    assert deployment.blocks_until > was_home
    assert any("has moved" in mail.subject for mail in mails_to(cast.emil))


def test_moving_a_session_into_the_labs_next_stay_is_refused(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    planned(cast, now, trainers=[cast.tess], first_on=date(2026, 5, 11))
    with pytest.raises(services.ConflictError) as refused:
        services.move_session(
            session=deployment.cohorts[0].sessions[-1],
            starts_at=datetime(2026, 5, 16, 12, tzinfo=UTC),
            ends_at=datetime(2026, 5, 16, 20, tzinfo=UTC),
            break_minutes=0,
            actor=cast.cora,
            now=now,
        )
    assert [conflict.kind for conflict in refused.value.conflicts] == ["lab_taken"]


def test_sessions_are_cancelled_for_weather_and_added_again(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    cohort = deployment.cohorts[0]
    last = cohort.sessions[-1]
    services.cancel_session(session=last, reason="Snow", actor=cast.cora, now=now)
    assert last.cancel_reason == "Snow"
    with pytest.raises(DomainError) as refused:
        services.cancel_session(session=last, reason="Snow", actor=cast.cora, now=now)
    assert refused.value.code == "already_cancelled"
    added = services.add_session(
        cohort=cohort,
        deployment=deployment,
        starts_at=datetime(2026, 5, 7, 12, tzinfo=UTC),
        ends_at=datetime(2026, 5, 7, 20, 30, tzinfo=UTC),
        break_minutes=30,
        trainers=[cast.tom],
        actor=cast.cora,
        now=now,
    )
    assert deployment.blocks_until > added.ends_at


def test_the_crew_changes_and_phones_hear_of_it(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    session = deployment.cohorts[0].sessions[0]
    stamp = session.stamp
    services.add_to_crew(deployment=deployment, person=cast.tess, actor=cast.cora, now=now)
    assert {trainer.person for trainer in session.trainers} == {cast.tom, cast.tess}
    assert session.stamp > stamp
    services.remove_from_crew(
        deployment=deployment, person=cast.tom, duty=Duty.TRAINER, actor=cast.cora, now=now
    )
    assert [trainer.person for trainer in session.trainers] == [cast.tess]
    assert list(db.session.scalars(queries.sessions_for_trainer(cast.tom))) == []
    with pytest.raises(DomainError) as refused:
        services.remove_from_crew(
            deployment=deployment, person=cast.tess, duty=Duty.TRAINER, actor=cast.cora, now=now
        )
    assert refused.value.code == "last_trainer"


def test_a_campus_cohort_needs_no_lab(cast: Cast, now: datetime) -> None:
    times = planned(cast, now).cohorts[0].sessions
    pattern = queries.visit_of(times[0].cohort.booking).pattern
    session = pattern.session_on(date(2026, 5, 18))
    cohort = services.create_cohort(
        name="Campus spring",
        course=cast.welding,
        worksite=cast.campus,
        seats=12,
        sessions=[session],
        trainers=[cast.tom],
        actor=cast.cora,
        now=now,
    )
    assert cohort.delivery_mode == DeliveryMode.CAMPUS
    assert cohort.deployments == []
    with pytest.raises(services.ConflictError) as refused:
        services.create_cohort(
            name="Clash",
            course=cast.welding,
            worksite=cast.campus,
            seats=12,
            sessions=[pattern.session_on(MONDAY)],
            trainers=[cast.tom],
            actor=cast.cora,
            now=now,
        )
    assert refused.value.conflicts[0].kind == "person_taken"
    with pytest.raises(services.ConflictError) as refused:
        services.create_cohort(
            name="Holiday",
            course=cast.welding,
            worksite=cast.campus,
            seats=12,
            sessions=[pattern.session_on(date(2026, 5, 25))],
            actor=cast.cora,
            now=now,
        )
    assert "Memorial Day" in refused.value.message


def test_the_policy_freezes_once_and_later_edits_do_not_reach_it(cast: Cast, now: datetime) -> None:
    cohort = planned(cast, now).cohorts[0]
    cast.welding.pass_mark = 80
    services.freeze_policy(cohort, now)
    assert cohort.pass_mark == 80
    cast.welding.pass_mark = 90
    services.freeze_policy(cohort, now + timedelta(days=1))
    assert (cohort.pass_mark, cohort.policy_frozen_at) == (80, now)


def test_everybody_sees_their_own(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    draft(cast, now)
    db.session.flush()

    def counts(person) -> tuple[int, ...]:
        readers = (
            queries.bookings_visible_to,
            queries.deployments_visible_to,
            queries.cohorts_visible_to,
            queries.sessions_visible_to,
        )
        return tuple(len(list(db.session.scalars(reader(person)))) for reader in readers)

    assert counts(cast.cora) == (1, 1, 1, 3)
    assert counts(cast.emil) == (2, 1, 1, 3)
    assert counts(cast.tom) == (0, 1, 1, 3)
    for stranger in (cast.stella, cast.tess, cast.rita):
        assert counts(stranger) == (0, 0, 0, 0)
    assert len(list(db.session.scalars(queries.sessions_for_trainer(cast.tom)))) == 3
    assert list(db.session.scalars(queries.sessions_for_trainer(cast.cora))) == []
    assert deployment.crew[0].person is cast.tom
