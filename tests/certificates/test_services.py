"""Issuing, revoking, replacing; what an undone completion does; the key that signs."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from labtracker.accounts.models import AuditEntry
from labtracker.certificates import queries, services, signing
from labtracker.certificates.addresses import check_url
from labtracker.certificates.models import Certificate, SigningKey
from labtracker.certificates.services import running
from labtracker.certificates.words import skills_words
from labtracker.completion.models import Completion
from labtracker.completion.services import override_completion, reopen_cohort
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.services import run_due, run_next
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.certificates.builders import completed_cohort, issued, issued_to_all
from tests.completion.builders import LATER, enrolled_cohort

SOON = LATER + timedelta(days=3)


@pytest.fixture
def over(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    return completed_cohort(cast)


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action)))


def test_everybody_who_completed_gets_one_and_nobody_else(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    cohort, (ana, bo, _cy) = over
    made = issued_to_all(cast, cohort)
    assert {one.enrollment_id for one in made} == {ana.id, bo.id}
    run = queries.last_run(cohort.id)
    assert run is not None
    assert (run.total, run.issued) == (2, 2)
    assert run.done_at is not None
    assert "certificates_issued" in actions()
    with pytest.raises(DomainError, match="had a certificate already"):
        services.ask_for_certificates(cohort, actor=cast.cora, now=SOON)


def test_what_stands_on_it_is_a_copy(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> None:
    cohort, (ana, *_others) = over
    one = issued(cast, ana)
    assert (one.name, one.course_title, one.course_title_es) == (
        "Ana Archuleta",
        "Welding basics",
        "Soldadura básica",
    )
    assert (one.contact_hours, one.provider) == (24, "Sangre Community College")
    assert one.credited_minutes == 24 * 60
    assert skills_words(one.skills, "es") == ["Bloqueo y etiquetado", "Filete en plano"]
    assert not one.attendance_only
    assert one.first_on < one.last_on == one.completed_on
    cohort.course.title = "Welding, first steps"
    ana.worker.family_name = "Archuleta Ruiz"
    db.session.commit()
    assert (one.name, one.course_title) == ("Ana Archuleta", "Welding basics")
    assert db.session.scalars(sa.select(Certificate.id).where(queries.has_other_name())).all() == [one.id]


def test_levels_stand_on_it_and_in_its_credential(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> None:
    cohort, (ana, *_others) = over
    scale = [{"title": "shown", "title_es": "mostrado"}, {"title": "with help", "title_es": None}]
    cohort.skills = [{**skill, "needed_level": 1, "levels": scale} for skill in cohort.skills]
    reached = dict.fromkeys((str(skill["id"]) for skill in cohort.skills), 2)
    db.session.get_one(Completion, ana.id).skill_levels = reached
    db.session.commit()
    one = issued(cast, ana)
    assert skills_words(one.skills, "en")[0] == "Lock-out and tag-out: level 2 (with help)"
    payload = one.credential.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    subject = claims["credentialSubject"]
    (described, _other) = subject["achievement"]["resultDescription"]
    assert (described["allowedValue"], described["requiredValue"]) == (["shown", "with help"], "shown")
    assert subject["result"][0]["value"] == "with help"
    assert subject["result"][0]["resultDescription"] == described["id"]


def test_an_award_for_attendance_alone_says_so(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> None:
    cohort, (ana, *_others) = over
    cohort.assessment_required, cohort.skills = False, []
    db.session.commit()
    assert issued(cast, ana).attendance_only


def test_who_did_not_complete_gets_none_and_an_open_cohort_gives_none(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    cohort, (ana, _bo, cy) = over
    with pytest.raises(DomainError) as refused:
        services.issue_certificate(cy, actor=cast.cora, now=LATER)
    assert refused.value.code == "not_complete"
    reopen_cohort(cohort, actor=cast.cora, now=LATER)
    for ask in (
        lambda: services.issue_certificate(ana, actor=cast.cora, now=LATER),
        lambda: services.ask_for_certificates(cohort, actor=cast.cora, now=LATER),
    ):
        with pytest.raises(DomainError) as refused:
            ask()
        assert refused.value.code == "cohort_open"


def test_nobody_holds_two_that_stand(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> None:
    _cohort, (ana, *_others) = over
    issued(cast, ana)
    with pytest.raises(DomainError) as refused:
        services.issue_certificate(ana, actor=cast.cora, now=SOON)
    assert refused.value.code == "has_one"
    # Two browsers at the same moment: the database itself keeps the second one out.
    with pytest.raises(IntegrityError):
        services.award([ana.id], actor=cast.cora, now=SOON)
    db.session.rollback()


def test_a_long_award_goes_on_in_parts_and_shows_how_far_it_is(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort, _enrollments = over
    run_due(LATER, "test")  # the mails of the planning
    monkeypatch.setattr(running, "PART", 1)
    run = services.ask_for_certificates(cohort, actor=cast.cora, now=LATER)
    db.session.commit()
    with pytest.raises(DomainError) as refused:
        services.ask_for_certificates(cohort, actor=cast.cora, now=LATER)
    assert refused.value.code == "under_way"
    assert run_next(LATER, "test")
    run = queries.last_run(cohort.id)
    assert run is not None
    assert (run.issued, run.done_at) == (1, None)
    run_due(LATER, "test")
    run = queries.last_run(cohort.id)
    assert run is not None
    assert (run.issued, run.done_at) == (2, LATER)


def test_a_run_whose_cohort_was_opened_meanwhile_ends_with_what_it_has(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    cohort, _enrollments = over
    services.ask_for_certificates(cohort, actor=cast.cora, now=LATER)
    reopen_cohort(cohort, actor=cast.cora, now=LATER)
    db.session.commit()
    run_due(LATER, "test")
    run = queries.last_run(cohort.id)
    assert run is not None
    assert (run.total, run.issued, run.done_at) == (2, 0, LATER)


def test_a_revoked_one_is_issued_again_only_by_itself(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    cohort, (ana, *_others) = over
    one = issued(cast, ana)
    with pytest.raises(DomainError) as refused:
        services.revoke_certificate(one, reason="  ", actor=cast.cora, now=SOON)
    assert refused.value.code == "reason_missing"
    services.revoke_certificate(one, reason="Wrong person", actor=cast.cora, now=SOON)
    db.session.commit()
    assert (one.state, one.ended_reason, one.ended_by) == ("revoked", "Wrong person", cast.cora)
    assert queries.ended_credentials() == [one.credential_id]
    assert ana.id not in queries.enrollments_due(cohort.id)
    for verb in (services.revoke_certificate, services.replace_certificate):
        with pytest.raises(DomainError) as refused:
            verb(one, reason="again", actor=cast.cora, now=SOON)
        assert refused.value.code == "not_standing"
    again = issued(cast, ana, SOON)
    assert queries.certificates_of([ana.id]) == {ana.id: again}


def test_a_name_is_corrected_by_a_new_certificate(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> None:
    _cohort, (ana, *_others) = over
    one = issued(cast, ana)
    ana.worker.family_name = "Archuleta Ruiz"
    newer = services.replace_certificate(one, reason="Married name", actor=cast.cora, now=SOON)
    db.session.commit()
    assert (one.state, one.replaced_by_id, newer.name) == ("replaced", newer.id, "Ana Archuleta Ruiz")
    assert one.secret != newer.secret
    assert one.credential_id != newer.credential_id
    assert queries.ended_credentials() == [one.credential_id]
    assert {"certificate_issued", "certificate_replaced"} <= set(actions())


def test_what_is_undone_is_listed_and_never_revoked_by_itself(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    cohort, (ana, bo, _cy) = over
    for enrollment in (ana, bo):
        override_completion(enrollment, complete=True, reason="x", actor=cast.cora, now=LATER)
        issued(cast, enrollment)
    assert queries.doubtful_count() == 0
    override_completion(ana, complete=False, reason="Somebody else sat in", actor=cast.cora, now=SOON)
    db.session.commit()
    doubtful = db.session.scalars(sa.select(Certificate).where(queries.is_doubtful())).all()
    assert [(one.enrollment_id, one.state) for one in doubtful] == [(ana.id, "valid")]
    reopen_cohort(cohort, actor=cast.cora, now=SOON)
    db.session.commit()
    assert queries.doubtful_count() == 2
    with pytest.raises(DomainError) as refused:
        services.replace_certificate(doubtful[0], reason="?", actor=cast.cora, now=SOON)
    assert refused.value.code == "not_complete"
    services.revoke_certificate(doubtful[0], reason="Not hers", actor=cast.cora, now=SOON)
    db.session.commit()
    assert queries.doubtful_count() == 1


def test_the_secret_is_looked_up_by_its_hash_in_any_case(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    _cohort, (ana, *_others) = over
    one = issued(cast, ana)
    written = check_url(one).rpartition("/")[2]
    assert len(one.secret) == 16
    assert queries.certificate_with_secret(written) is one
    assert queries.certificate_with_secret(written.lower()) is one
    for wrong in ("", "A" * 22, written[:-1], written[:-1] + ("0" if written[-1] != "0" else "1"), "é" * 26):
        assert queries.certificate_with_secret(wrong) is None
    number = queries.number_of(one)
    for word in (number, number.lower().replace("-", ""), "archul", "WELDING"):
        assert db.session.scalars(sa.select(Certificate).where(queries.mentions(word))).all() == [one]
    assert not db.session.scalars(sa.select(Certificate).where(queries.mentions("%"))).all()


def test_a_cohort_that_nobody_completed_has_nothing_to_issue(cast: Cast) -> None:
    cohort, _enrollments = enrolled_cohort(cast)
    cohort.closed_out_at = LATER
    db.session.commit()
    with pytest.raises(DomainError) as refused:
        services.ask_for_certificates(cohort, actor=cast.cora, now=LATER)
    assert refused.value.code == "nobody_due"


def test_one_key_signs_until_there_is_a_new_one_and_all_stay_published(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    _cohort, (ana, bo, _cy) = over
    first, second = issued(cast, ana), None
    services.rotate_key(now=SOON, actor=cast.cora)
    db.session.commit()
    second = issued(cast, bo, SOON)
    assert first.key_id != second.key_id
    rows = queries.signing_keys()
    assert [row.key_id for row in rows] == [second.key_id, first.key_id]
    assert [row.retired_at for row in rows] == [None, SOON]
    public = [row.public_jwk for row in rows]
    for one in (first, second):
        assert signing.verify(one.credential, public)["id"] == one.credential_id.urn
    with pytest.raises(signing.SignatureError):
        signing.verify(first.credential, [rows[0].public_jwk])


def test_no_private_key_lies_open_and_another_secret_key_makes_a_new_one(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _cohort, (ana, bo, _cy) = over
    first = issued(cast, ana)
    row = db.session.get_one(SigningKey, first.key_id)
    assert set(row.public_jwk) == {"kty", "n", "e"}
    assert b"PRIVATE" not in row.sealed
    monkeypatch.setitem(current_app.config, "SECRET_KEY", "of another machine")
    with pytest.raises(signing.SealError):
        signing.open_key(row.sealed, "of another machine")
    second = issued(cast, bo, SOON)
    assert second.key_id != first.key_id
    signing.verify(first.credential, [one.public_jwk for one in queries.signing_keys()])


def test_a_worker_without_a_family_name_is_not_taken_for_renamed(
    cast: Cast, over: tuple[Cohort, list[Enrollment]]
) -> None:
    _cohort, (ana, *_others) = over
    db.session.get_one(Worker, ana.worker_id).family_name = ""
    db.session.commit()
    assert issued(cast, ana).name == "Ana"
    assert not db.session.scalars(sa.select(Certificate).where(queries.has_other_name())).all()
