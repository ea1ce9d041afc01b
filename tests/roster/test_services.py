"""Enrollments, badges, releases and walk-ins."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import Membership, Organization
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.roster import queries, services
from labtracker.roster.models import Badge, Enrollment, Release, Worker
from labtracker.roster.rules import badges
from labtracker.roster.rules.revoking import BadgeReason
from labtracker.scheduling.models import Cohort, CrewMember
from tests.cast import Cast
from tests.roster.conftest import make_cohort, make_worker


def test_enrolling_gives_one_badge_and_repeats_harmlessly(cast: Cast, cohort: Cohort, now: datetime) -> None:
    worker = make_worker(cast)
    first = services.enroll(worker, cohort, now=now)
    assert services.enroll(worker, cohort, now=now) is first
    badge = queries.active_badge(worker)
    assert badge is not None
    assert badge.badge_hash == badges.badge_hash(badge.secret)
    services.enroll(worker, make_cohort(cast, name="Steel B"), now=now)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Badge)) == 1


def test_reissuing_revokes_and_the_old_badge_still_resolves(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    worker = make_worker(cast)
    old = services.issue_badge(worker, now=now)
    new = services.reissue_badge(worker, now=now)
    assert (old.revoked_at, new.revoked_at) == (now, None)
    assert queries.active_badge(worker) is new
    resolved = queries.resolve_badge(old.badge_hash)
    assert resolved is old
    assert resolved.worker is worker
    code = badges.shown_code(badges.short_code(new.badge_hash))
    assert queries.resolve_badge_code(code.lower()) is new
    assert queries.resolve_badge_code("ABCD-EFGH-0") is None
    assert set(queries.resolve_badges([old.badge_hash, new.badge_hash, "0" * 64])) == {
        old.badge_hash,
        new.badge_hash,
    }


def test_a_revoked_badge_comes_back_unless_it_was_copied_or_another_is_in_use(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    worker, actor = make_worker(cast), cast.cora
    badge = services.issue_badge(worker, now=now)
    lost, copied, later = BadgeReason.LOST, BadgeReason.COPIED, now + timedelta(hours=1)

    def refused(found: Badge) -> str:
        with pytest.raises(DomainError) as why:
            services.restore_badge(found, actor=actor, now=later)
        return why.value.code

    assert refused(badge) == "not_revoked"
    services.revoke_badges(worker, reason=lost, note="found in the yard", actor=actor, now=now)
    assert queries.active_badge(worker) is None
    with pytest.raises(DomainError, match="No badge"):
        services.revoke_badges(worker, reason=lost, actor=actor, now=now)
    services.restore_badge(badge, actor=actor, now=later)
    assert (badge.revoked_at, badge.lapses) == (None, [[now.isoformat(), later.isoformat()]])
    newer = services.reissue_badge(worker, now=later, actor=actor, reason=lost)
    assert refused(badge) == "has_another_badge"
    services.revoke_badges(worker, reason=copied, actor=actor, now=later)
    assert refused(newer) == "badge_was_copied"
    services.restore_badge(badge, actor=actor, now=later)
    assert queries.active_badge(worker) is badge
    db.session.expire_all()
    assert {step.kind for step in badge.steps} == {"revoked", "restored", "replaced"}
    assert {step.by_id for step in badge.steps} == {actor.id}
    assert badge.steps[-1].note == "found in the yard"
    assert [one.id for one in queries.badges_ever_of(worker)] == [newer.id, badge.id]


def test_whoever_is_enrolled_without_a_badge_in_use_gets_a_new_one(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    worker = make_worker(cast)
    old = services.issue_badge(worker, now=now)
    services.revoke_badges(worker, reason=BadgeReason.LEFT, actor=cast.cora, now=now)
    services.enroll(worker, cohort, now=now)
    new = queries.active_badge(worker)
    assert new is not None
    assert new is not old


def test_withdrawing_keeps_the_row_and_reenrolling_opens_it_again(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    enrollment = services.enroll(make_worker(cast), cohort, now=now)
    today = date(2026, 4, 13)
    with pytest.raises(DomainError, match="why"):
        services.withdraw(enrollment, on=today, reason="  ", now=now, today=today)
    with pytest.raises(DomainError) as future:
        services.withdraw(enrollment, on=today + timedelta(days=1), reason="moved", now=now, today=today)
    assert future.value.field == "withdrawn_on"
    services.withdraw(enrollment, on=today, reason="changed shift", now=now, today=today)
    assert (enrollment.status, enrollment.withdrawn_on) == ("withdrawn", today)
    assert queries.enrolled_count(cohort) == 0
    with pytest.raises(DomainError) as twice:
        services.withdraw(enrollment, on=today, reason="again", now=now, today=today)
    assert twice.value.code == "already_withdrawn"
    services.enroll(enrollment.worker, cohort, now=now)
    assert (enrollment.status, enrollment.withdrawn_on, enrollment.withdrawn_reason) == (
        "enrolled",
        None,
        None,
    )


def test_a_closed_cohort_takes_no_changes_by_people(cast: Cast, cohort: Cohort, now: datetime) -> None:
    enrollment = services.enroll(make_worker(cast), cohort, now=now)
    cohort.closed_out_at = now
    other = make_worker(cast, "Ana", "Vigil")
    for change in (
        lambda: services.enroll(other, cohort, now=now),
        lambda: services.withdraw(enrollment, on=now.date(), reason="late", now=now, today=now.date()),
    ):
        with pytest.raises(DomainError) as refusal:
            change()
        assert refusal.value.code == "cohort_closed"


def test_a_release_is_kept_once_per_event_and_can_be_withdrawn(cast: Cast, now: datetime) -> None:
    worker = make_worker(cast)
    event = uuid7()
    for _ in range(2):
        services.record_release(
            worker, given_at=now + timedelta(days=3), witnessed_by_id=cast.tom.id, event_id=event, now=now
        )
    kept = db.session.execute(sa.select(Release)).scalars().all()
    assert [row.given_at for row in kept] == [now]
    assert queries.released_worker_ids([worker.id]) == {worker.id}
    assert services.withdraw_release(worker, now=now) == 1
    assert queries.released_worker_ids([worker.id]) == set()


def test_a_walk_in_told_twice_is_one_worker(cast: Cast, cohort: Cohort, now: datetime) -> None:
    walk_in = uuid7()
    first = services.enroll_walk_in(
        walk_in_id=walk_in, name="Vigil, Luz", employer="steel  WORKS", cohort=cohort, now=now
    )
    again = services.enroll_walk_in(
        walk_in_id=walk_in, name="Other", employer="Elsewhere", cohort=cohort, now=now
    )
    assert again is first
    assert first.worker.id == walk_in
    assert (first.worker.given_name, first.worker.family_name) == ("Luz", "Vigil")
    assert first.worker.employer is cast.steel
    assert first.is_walk_in
    assert first.worker.is_walk_in
    assert queries.active_badge(first.worker) is not None


def test_a_walk_in_of_an_unknown_employer_never_lands_with_another(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    enrollment = services.enroll_walk_in(
        walk_in_id=None, name="Kim", employer="Arkansas Valley Feed", cohort=cohort, now=now
    )
    assert enrollment.worker.employer.name == "Arkansas Valley Feed"
    assert enrollment.worker.employer.kind == OrganizationKind.EMPLOYER
    without = services.enroll_walk_in(walk_in_id=None, name="Lee", employer=" ", cohort=cohort, now=now)
    assert without.worker.employer is cast.steel
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 5


def test_a_walk_in_cannot_take_over_another_workers_id(cast: Cast, cohort: Cohort, now: datetime) -> None:
    worker = make_worker(cast)
    with pytest.raises(DomainError) as refusal:
        services.enroll_walk_in(walk_in_id=worker.id, name="X Y", employer="", cohort=cohort, now=now)
    assert refusal.value.code == "not_a_walk_in"
    with pytest.raises(DomainError) as nameless:
        services.enroll_walk_in(walk_in_id=None, name="🙂", employer="", cohort=cohort, now=now)
    assert nameless.value.code == "name_missing"


def test_a_walk_in_is_recorded_even_after_close_out(cast: Cast, cohort: Cohort, now: datetime) -> None:
    cohort.closed_out_at = now
    enrollment = services.enroll_walk_in(walk_in_id=None, name="Kim Vo", employer="", cohort=cohort, now=now)
    assert enrollment.status == "enrolled"


def test_workers_are_cleaned_and_mails_and_numbers_stay_unique(cast: Cast, now: datetime) -> None:
    worker = make_worker(
        cast, "ANA", "O'BRIEN", email="Ana@Steel.Example", phone="719 555 0100", employee_number=" 007 "
    )
    assert (worker.name, worker.email, worker.phone, worker.employee_number) == (
        "Ana O'Brien",
        "ana@steel.example",
        "+17195550100",
        "007",
    )
    with pytest.raises(DomainError) as taken:
        make_worker(cast, "Bea", "Vigil", email="ANA@steel.example")
    assert (taken.value.code, taken.value.field) == ("email_taken", "email")
    make_worker(cast, "Bea", "Vigil", email="ana@steel.example", employer=cast.dairy)
    with pytest.raises(DomainError) as number:
        make_worker(cast, "Bea", "Vigil", employee_number="007")
    assert number.value.code == "number_taken"
    services.change_worker(worker, services.WorkerFacts("Ana", "Vigil", email="ana@steel.example"), now=now)
    assert (worker.family_name, worker.phone) == ("Vigil", None)


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"given": "🙂🙂"}, "given_name", "name_without_letters"),
        ({"given": "=cmd()"}, "given_name", "name_formula"),
        ({"given": "<script>"}, "given_name", "name_characters"),
        ({"given": "x" * 81}, "given_name", "name_too_long"),
        ({"given": "", "family": ""}, "given_name", "name_missing"),
        ({"email": "no mail"}, "email", "email_invalid"),
        ({"phone": "12"}, "phone", "phone_invalid"),
        ({"employee_number": "900-12-3456"}, "employee_number", "ssn_removed"),
        ({"job_title": "123-45-6789"}, "job_title", "ssn_removed"),
    ],
)
def test_a_worker_with_a_bad_value_is_refused_by_field(
    cast: Cast, facts: dict[str, str], field: str, code: str
) -> None:
    facts = dict(facts)
    given = facts.pop("given", "Ana")
    family = facts.pop("family", "Vigil")
    with pytest.raises(DomainError) as refusal:
        make_worker(cast, given, family, **facts)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert not any(value in refusal.value.message for value in facts.values())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Worker)) == 0


def test_who_sees_which_workers_and_rosters(cast: Cast, cohort: Cohort, now: datetime) -> None:
    ours = services.enroll(make_worker(cast), cohort, now=now)
    theirs = services.enroll(make_worker(cast, "Eva", "Cow", employer=cast.dairy), cohort, now=now)
    db.session.flush()

    def ids(query: sa.Select[object]) -> set[object]:
        return {row.id for row in db.session.execute(query).unique().scalars()}  # type: ignore[attr-defined]

    assert ids(queries.workers_visible_to(cast.emil)) == {ours.worker_id}
    assert ids(queries.workers_visible_to(cast.ada)) == {ours.worker_id, theirs.worker_id}
    assert ids(queries.workers_visible_to(cast.tom)) == set()
    assert ids(queries.workers_visible_to(cast.rita)) == set()
    assert ids(queries.enrollments_visible_to(cast.emil, cohort)) == {ours.id}
    assert ids(queries.enrollments_visible_to(cast.stella, cohort)) == {theirs.id}
    assert ids(queries.enrollments_visible_to(cast.tom, cohort)) == {ours.id, theirs.id}
    for actor, sees, changes in (
        (cast.cora, True, True),
        (cast.emil, True, True),
        (cast.stella, True, False),
        (cast.tom, True, False),
        (cast.tess, False, False),
        (cast.rita, False, False),
    ):
        assert (ids(queries.rosters_visible_to(actor)) == {cohort.id}) is sees
        assert (ids(queries.rosters_open_to(actor)) == {cohort.id}) is changes


def test_an_employers_contact_who_also_trains_sees_the_whole_roster_only_where_they_train(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    services.enroll(make_worker(cast), cohort, now=now)
    theirs = services.enroll(make_worker(cast, "Eva", "Cow", employer=cast.dairy), cohort, now=now)
    cast.stella.memberships.append(
        Membership(organization=cast.college, role=Role.TRAINER, started_at=now - timedelta(days=1))
    )
    db.session.flush()
    seen = db.session.scalars(queries.enrollments_visible_to(cast.stella, cohort)).unique().all()
    assert seen == [theirs]
    cohort.deployments[0].crew.append(CrewMember(person=cast.stella))
    db.session.flush()
    assert len(db.session.scalars(queries.enrollments_visible_to(cast.stella, cohort)).unique().all()) == 2


def test_the_enrollment_is_one_row(cast: Cast, cohort: Cohort, now: datetime) -> None:
    services.enroll(make_worker(cast), cohort, now=now)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment)) == 1
