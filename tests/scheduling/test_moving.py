"""Moving what is placed, and undoing it: what moves, what stays, who hears of it, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import local, local_day
from labtracker.labs.models import Lab
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import Deployment, DeploymentMove, FormerTrainer, Session
from labtracker.scheduling.services import ConflictError
from labtracker.scheduling.signals import crew_changed, sessions_changed
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, submitted

LATER = date(2026, 5, 21)


@pytest.fixture
def stay(cast: Cast, now: datetime) -> Deployment:
    return planned(cast, now)


@pytest.fixture
def other_lab(cast: Cast) -> Lab:
    """A second lab for welders, with more seats, from farther away."""
    lab = Lab(
        provider=cast.college,
        name="Welding lab 2",
        seats=10,
        home_city="Lamar",
        home_zip="81052",
        latitude=38.08,
        longitude=-102.62,
        length_ft=53,
        power_kw=60,
        created_at=cast.welding_lab.created_at,
        courses=[cast.welding],
    )
    db.session.add(lab)
    db.session.flush()
    return lab


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What the calendar says to slices above it."""
    said: list[dict[str, Any]] = []

    def listen(_sender: Any, **more: Any) -> None:
        said.append(more)

    sessions_changed.connect(listen)
    crew_changed.connect(listen)
    yield said
    sessions_changed.disconnect(listen)
    crew_changed.disconnect(listen)


def move(stay: Deployment, cast: Cast, now: datetime, **where: Any) -> DeploymentMove:
    return services.move_deployment(
        deployment=stay, actor=cast.cora, now=now, expected_version=stay.version, **where
    )


def sessions_of(stay: Deployment) -> list[Session]:
    query = sa.select(Session).where(Session.deployment_id == stay.id).order_by(Session.starts_at)
    return list(db.session.scalars(query))


def days_of(stay: Deployment) -> list[date]:
    return [local_day(one.starts_at, stay.worksite.zone) for one in sessions_of(stay)]


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(sa.select(MailMessage.recipient, MailMessage.subject).order_by(MailMessage.id))
    return [(recipient, subject) for recipient, subject in rows]


def test_sessions_move_together_round_a_holiday_and_stay_who_they_are(
    cast: Cast, stay: Deployment, now: datetime, heard: list[dict[str, Any]]
) -> None:
    before = {one.id: (one.starts_at, one.breaks) for one in sessions_of(stay)}
    told = len(mails())
    made = move(stay, cast, now, first_on=LATER)
    after = sessions_of(stay)
    assert {one.id for one in after} == set(before)
    # A Thursday, then over the weekend and Memorial Day.
    assert days_of(stay) == [date(2026, 5, 21), date(2026, 5, 26), date(2026, 5, 27)]
    assert {local(one.starts_at, "America/Denver").strftime("%H:%M") for one in after} == {"06:00"}
    for one in after:
        assert len(one.breaks) == len(before[one.id][1])
        assert datetime.fromisoformat(one.breaks[0][0]) - one.starts_at == timedelta(hours=4)
    assert stay.blocks_from < after[0].starts_at < after[-1].ends_at < stay.blocks_until
    assert stay.blocks_from.date() == date(2026, 5, 20)
    assert stay.cohorts[0].booking.status == "planned"
    assert sorted(recipient for recipient, _subject in mails()[told:]) == [cast.emil.email, cast.tom.email]
    assert {subject for _to, subject in mails()[told:]} == {"The visit at Mill gate 3 has moved"}
    (said,) = heard
    assert {before[one.id][0] for one in after} <= {start for start, _end in said["spans"]}
    assert {one.starts_at for one in after} <= {start for start, _end in said["spans"]}
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "deployment_moved")).one()
    assert entry.actor_id == cast.cora.id
    assert made.before != made.after


def test_another_lab_comes_on_the_same_days_by_its_own_way(
    cast: Cast, stay: Deployment, other_lab: Lab, now: datetime
) -> None:
    way, days = stay.travel_in_minutes, days_of(stay)
    move(stay, cast, now, lab=other_lab)
    assert stay.lab == other_lab
    assert days_of(stay) == days
    assert stay.travel_in_minutes > way
    assert stay.cohorts[0].seats == 10
    mail = db.session.scalars(sa.select(MailMessage).order_by(MailMessage.id.desc())).first()
    assert mail is not None
    assert "It was: Welding lab, Mon, May 4, 2026" in mail.text
    assert "Lab: Welding lab 2" in mail.text


def test_what_a_lab_cannot_do_is_refused_with_a_way_out(
    cast: Cast, stay: Deployment, other_lab: Lab, now: datetime
) -> None:
    with pytest.raises(ConflictError) as refused:
        move(stay, cast, now, lab=cast.wiring_lab)
    (conflict,) = refused.value.conflicts
    assert conflict.kind == "not_equipped"
    assert {way.party.name for way in conflict.ways_out if way.party} == {"Welding lab", "Welding lab 2"}


def test_it_is_no_obstacle_to_itself_but_others_are(cast: Cast, stay: Deployment, now: datetime) -> None:
    move(stay, cast, now, first_on=MONDAY + timedelta(days=1))
    assert days_of(stay)[0] == MONDAY + timedelta(days=1)
    planned(cast, now, first_on=date(2026, 5, 18))
    with pytest.raises(ConflictError) as refused:
        move(stay, cast, now, first_on=date(2026, 5, 19))
    kinds = {conflict.kind for conflict in refused.value.conflicts}
    assert kinds == {"lab_taken", "person_taken"}
    ways = {way.first_on for conflict in refused.value.conflicts for way in conflict.ways_out if way.first_on}
    (day,) = ways
    db.session.rollback()
    assert day > date(2026, 5, 19)


def test_a_way_out_to_another_day_works(cast: Cast, stay: Deployment, now: datetime) -> None:
    planned(cast, now, first_on=date(2026, 5, 18))
    with pytest.raises(ConflictError) as refused:
        move(stay, cast, now, first_on=date(2026, 5, 19))
    day = refused.value.conflicts[0].ways_out[0].first_on
    move(stay, cast, now, first_on=day)
    assert days_of(stay)[0] == day


def test_other_trainers_take_over_and_who_left_is_remembered(
    cast: Cast, stay: Deployment, now: datetime, heard: list[dict[str, Any]]
) -> None:
    told = len(mails())
    move(stay, cast, now, trainers=[cast.tess])
    assert [member.person for member in stay.crew] == [cast.tess]
    assert {trainer.person_id for one in sessions_of(stay) for trainer in one.trainers} == {cast.tess.id}
    left = db.session.scalars(sa.select(FormerTrainer.person_id)).all()
    assert set(left) == {cast.tom.id}
    # The employer is not concerned: lab and days stay.
    assert sorted(mails()[told:]) == [
        (cast.tess.email, "You are on the crew at Mill gate 3"),
        (cast.tom.email, "You are no longer on the crew at Mill gate 3"),
    ]
    assert [said["person_ids"] for said in heard if "person_ids" in said] == [{cast.tess.id}]


def test_somebody_who_teaches_one_session_only_is_held_for_that_one(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    extra = services.add_session(
        cohort=stay.cohorts[0],
        deployment=stay,
        starts_at=sessions_of(stay)[-1].starts_at + timedelta(days=1),
        ends_at=sessions_of(stay)[-1].ends_at + timedelta(days=1),
        break_minutes=0,
        trainers=[cast.tess],
        actor=cast.cora,
        now=now,
    )
    # She is elsewhere on the first two days of the new week, which are not hers.
    planned(
        cast, now, first_on=date(2026, 5, 11), trainers=[cast.tess], lab=cast.wiring_lab, course=cast.wiring
    )
    move(stay, cast, now, first_on=date(2026, 5, 11))
    assert local_day(extra.starts_at, "America/Denver") == date(2026, 5, 14)
    assert [trainer.person_id for trainer in extra.trainers] == [cast.tess.id]


def test_what_has_begun_stays_and_so_does_what_is_over(cast: Cast, stay: Deployment, now: datetime) -> None:
    begun = sessions_of(stay)[0].starts_at
    with pytest.raises(DomainError, match="Training has begun"):
        move(stay, cast, begun, first_on=LATER)
    sessions_of(stay)[1].opened_at = now
    db.session.flush()
    with pytest.raises(DomainError, match="Training has begun"):
        move(stay, cast, now, first_on=LATER)
    services.cancel_deployment(deployment=stay, reason="Axle broke", actor=cast.cora, now=now)
    with pytest.raises(DomainError, match="cancelled already"):
        move(stay, cast, now, first_on=LATER)


def test_nobody_moves_what_somebody_else_has_moved(cast: Cast, stay: Deployment, now: datetime) -> None:
    seen = stay.version
    move(stay, cast, now, first_on=LATER)
    with pytest.raises(DomainError) as refused:
        services.move_deployment(
            deployment=stay, actor=cast.ada, now=now, expected_version=seen, first_on=MONDAY
        )
    assert refused.value.code == "changed_meanwhile"
    assert "Cora Lindqvist" in refused.value.message
    assert "moved" in refused.value.message
    assert refused.value.details["version"] == stay.version


def test_only_coordinators_move_and_only_somewhere_else(cast: Cast, stay: Deployment, now: datetime) -> None:
    with pytest.raises(DomainError) as refused:
        services.move_deployment(
            deployment=stay, actor=cast.tom, now=now, expected_version=None, first_on=LATER
        )
    assert refused.value.status == 403
    with pytest.raises(DomainError, match="stands there already"):
        move(stay, cast, now)
    with pytest.raises(DomainError) as refused:
        move(stay, cast, now, trainers=[cast.emil])
    assert refused.value.code == "not_a_trainer"
    with pytest.raises(DomainError) as refused:
        move(stay, cast, now, trainers=[])
    assert refused.value.code == "no_trainer"


def test_undoing_puts_everything_back_and_only_once(
    cast: Cast, stay: Deployment, other_lab: Lab, now: datetime
) -> None:
    made = move(stay, cast, now, first_on=LATER, lab=other_lab, trainers=[cast.tess])
    assert queries.undoable_move(cast.cora) == made
    assert queries.undoable_move(cast.ada) is None
    services.undo_move(move=made, actor=cast.cora, now=now)
    rows = queries.standing_sessions(stay)
    assert queries.snapshot_of(stay, rows) == made.before
    assert stay.cohorts[0].seats == 8
    assert queries.undoable_move(cast.cora) is None
    with pytest.raises(DomainError, match="can no longer be undone"):
        services.undo_move(move=made, actor=cast.cora, now=now)


def test_moves_are_undone_one_after_the_other(cast: Cast, stay: Deployment, now: datetime) -> None:
    first = move(stay, cast, now, first_on=date(2026, 5, 11))
    second = move(stay, cast, now + timedelta(minutes=1), first_on=LATER)
    assert queries.undoable_move(cast.cora) == second
    services.undo_move(move=second, actor=cast.cora, now=now)
    assert queries.undoable_move(cast.cora) == first
    services.undo_move(move=first, actor=cast.cora, now=now)
    assert days_of(stay)[0] == MONDAY


def test_what_changed_since_is_not_undone(cast: Cast, stay: Deployment, now: datetime) -> None:
    made = move(stay, cast, now, first_on=date(2026, 5, 11))
    services.cancel_session(session=sessions_of(stay)[0], reason="Snow", actor=cast.ada, now=now)
    assert queries.undoable_move(cast.cora) is None
    with pytest.raises(DomainError, match="can no longer be undone"):
        services.undo_move(move=made, actor=cast.cora, now=now)


def test_undoing_is_refused_where_somebody_took_the_place(
    cast: Cast, stay: Deployment, now: datetime
) -> None:
    made = move(stay, cast, now, first_on=LATER)
    planned(cast, now, first_on=MONDAY)
    with pytest.raises(ConflictError):
        services.undo_move(move=made, actor=cast.cora, now=now)


def test_a_placement_is_taken_back_and_the_request_waits_again(cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    made = services.place_request(
        booking=waiting,
        lab=cast.welding_lab,
        first_on=MONDAY,
        trainers=[cast.tom],
        actor=cast.cora,
        now=now,
        expected_version=waiting.version,
    )
    assert made.deployment.status == "tentative"
    assert queries.undoable_move(cast.cora) == made
    services.undo_move(move=made, actor=cast.cora, now=now)
    assert made.deployment.status == "cancelled"
    assert waiting.status == "under_review"
    assert queries.undoable_move(cast.cora) is None
