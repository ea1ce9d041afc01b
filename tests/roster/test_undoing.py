"""An import undone as one step: everything is as before, and what was used since stays and is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.completion.models import CompletionOverride
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import services
from labtracker.roster.models import Badge, Enrollment, Release, RosterApplication, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import FIRST_DAY, make_cohort, make_worker
from tests.roster.test_importing import TODAY, stage, take
from tests.roster.test_importing_twice import changed, everything

SHEET = "Name,Phone,Number\nAna Vigil,7195550100,7\nBo Lee,,8\nDi Roe,,9\n"
RECORD = {"roster_import", "roster_application", "audit_entry", "counter", "tombstone"}


def steps() -> list[RosterApplication]:
    """What went in, in its order."""
    return [*db.session.scalars(sa.select(RosterApplication).order_by(RosterApplication.id))]


def undo(cast: Cast, now: datetime, step: RosterApplication | None = None) -> services.Undoing:
    """Undo a step, without one the last."""
    return services.undo_application(step or steps()[-1], actor=cast.emil, now=now)


def worker(given: str) -> Worker:
    return db.session.scalars(sa.select(Worker).where(Worker.given_name == given)).one()


def reasons(undoing: services.Undoing) -> dict[str, list[str]]:
    """What stays, by name."""
    return {row.name: [*row.takes.stays, *row.takes.kept_fields] for row in undoing.staying}


def test_everything_is_as_before_and_the_same_file_goes_in_again(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    bo = make_worker(cast, "Bo", "Lee", employee_number="8", hired_on=date(2020, 1, 6))
    di = make_worker(cast, "Di", "Roe", employee_number="9")
    services.enroll(di, make_cohort(cast, name="Steel B"), now=now)
    services.archive_worker(bo, now=now)
    before = everything()
    staged = stage(cast, cohort, now, SHEET.replace("Lee,,8", "Lee,7195550101,8"))
    outcome = take(staged, cast, now, row3=str(bo.id))
    assert (outcome.added, outcome.updated, outcome.enrolled, outcome.badges) == (1, 1, 3, 2)
    undoing = undo(cast, now)
    assert reasons(undoing) == {}
    assert [undoing.count(what) for what in ("worker", "enrollment", "badge")] == [1, 3, 2]
    assert (bo.phone, bo.archived_at, undoing.restored) == (None, now, 1)
    after = changed(before)
    assert after - RECORD == {"worker"}  # Bo was written, so phones are told
    assert {row[0] for row in everything()["worker"]} == {row[0] for row in before["worker"]}
    again = take(stage(cast, cohort, now, SHEET), cast, now, row3=str(bo.id))
    assert (again.added, again.enrolled) == (1, 3)


def test_a_second_undo_does_nothing(cast: Cast, cohort: Cohort, now: datetime) -> None:
    take(stage(cast, cohort, now, SHEET), cast, now)
    undo(cast, now)
    before = everything()
    with pytest.raises(DomainError) as twice:
        undo(cast, now)
    assert twice.value.code == "undone_already"
    assert changed(before) == set()
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "roster_undone"))
    assert entry.detail == {"workers": 3, "updated": 0, "enrollments": 3, "badges": 3, "stay": 0}


def test_each_half_is_undone_by_itself(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET.replace("Di Roe", "1"))
    take(staged, cast, now)
    services.correct_rows(staged, typed={4: {"full_name": "Di Roe"}}, decisions={}, actor=cast.emil, now=now)
    assert take(staged, cast, now).added == 1
    first, second = steps()
    undo(cast, now, first)
    assert [one.given_name for one in db.session.scalars(sa.select(Worker))] == ["Di"]
    undo(cast, now, second)
    assert db.session.scalar(sa.select(sa.func.count(Worker.id))) == 0


def test_later_imports_are_undone_before_earlier_ones_or_not(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    take(stage(cast, cohort, now, SHEET), cast, now)
    take(stage(cast, cohort, now, SHEET.replace("7195550100", "7195550199")), cast, now)
    first, second = steps()
    assert reasons(services.what_undoing_takes(first, now)) == {"Ana Vigil": ["changed"]}
    undo(cast, now, second)
    assert worker("Ana").phone == "+17195550100"
    assert reasons(undo(cast, now, first)) == {}


def test_what_was_used_since_stays_and_is_told(cast: Cast, cohort: Cohort, now: datetime) -> None:
    names = ("Ana", "Bo", "Cy", "Di", "Eva", "Flo")
    take(stage(cast, cohort, now, "Name,Phone\n" + "".join(f"{one} Vigil,\n" for one in names)), cast, now)
    places = {row.worker.given_name: row for row in db.session.scalars(sa.select(Enrollment))}
    worker("Ana").phone = "+17195550177"
    services.withdraw(places["Bo"], on=TODAY, reason="moved", now=now, today=TODAY)
    services.reissue_badge(worker("Cy"), now=now)
    services.enroll(worker("Di"), make_cohort(cast, name="Steel B"), now=now + timedelta(hours=1))
    db.session.add(Release(worker_id=worker("Eva").id, given_at=now))
    db.session.add(
        CompletionOverride(
            enrollment_id=places["Flo"].id, complete=True, reason="x", decided_by=cast.cora, decided_at=now
        )
    )
    db.session.flush()
    undoing = undo(cast, now)
    assert reasons(undoing) == {
        "Ana Vigil": ["changed"],
        "Bo Vigil": ["left"],
        "Cy Vigil": ["badge_replaced"],
        "Di Vigil": ["other_roster"],
        "Eva Vigil": ["released"],
        "Flo Vigil": ["override"],
    }
    here = sa.select(Enrollment).where(Enrollment.cohort_id == cohort.id)
    assert {row.worker.given_name for row in db.session.scalars(here)} == {"Bo", "Flo"}
    badges = {badge.worker.given_name for badge in db.session.scalars(sa.select(Badge))}
    assert badges == {"Bo", "Cy", "Di", "Flo"}
    assert len(steps()[0].kept) == 6
    assert steps()[0].changes == []


def test_a_session_that_began_keeps_everybody_in_place(cast: Cast, cohort: Cohort, now: datetime) -> None:
    take(stage(cast, cohort, now, SHEET), cast, now)
    undoing = services.what_undoing_takes(steps()[0], FIRST_DAY + timedelta(minutes=1))
    assert {*reasons(undoing).values().__iter__().__next__()} == {"session_began"}
    assert not undoing.something


def test_a_closed_cohort_is_left_alone(cast: Cast, cohort: Cohort, now: datetime) -> None:
    take(stage(cast, cohort, now, SHEET), cast, now)
    cohort.closed_out_at = now
    with pytest.raises(DomainError) as closed:
        undo(cast, now)
    assert closed.value.code == "cohort_closed"


def test_phones_are_told_who_is_gone(cast: Cast, cohort: Cohort, now: datetime) -> None:
    from labtracker.checkin.queries.pack import pack_page  # noqa: PLC0415

    take(stage(cast, cohort, now, SHEET), cast, now)
    full = pack_page([cast.tom.id], after=0, now=now)
    assert len(full.enrollments) == 3
    undo(cast, now)
    delta = pack_page([cast.tom.id], after=full.cursor, now=now)
    assert sorted(delta.gone) == sorted(row["id"] for row in full.enrollments)


def test_statements_do_not_grow_with_the_rows(cast: Cast, cohort: Cohort, now: datetime) -> None:
    def count_of(names: list[str]) -> int:
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement)

        staged = stage(cast, cohort, now, "Name,Phone\n" + "".join(f"{name} Vigil,\n" for name in names))
        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            take(staged, cast, now)
            undo(cast, now)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(said)

    few = count_of([f"Ana{letter}" for letter in "abcde"])
    many = count_of([f"Bo{one}{other}" for one in "abcdef" for other in "abcdefghij"])
    assert many == few
