"""The pages of certificates: who may open them, what they do, what anybody sees who holds one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.app import create_app
from labtracker.certificates import queries, services
from labtracker.certificates.addresses import written_secret
from labtracker.certificates.models import Certificate
from labtracker.completion.services import override_completion, reopen_cohort
from labtracker.extensions import db, limiter
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.roster.services import record_release
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.certificates.builders import completed_cohort, issued, issued_to_all
from tests.completion.builders import LATER
from tests.roster.paper import pages_of

SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def over(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    return completed_cohort(cast)


@pytest.fixture
def one(cast: Cast, over: tuple[Cohort, list[Enrollment]]) -> Certificate:
    return issued(cast, over[1][0])


def test_only_coordinators_issue_revoke_and_replace(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], one: Certificate, signed_in_as: SignedInAs
) -> None:
    cohort, (_ana, bo, _cy) = over
    pages = [f"/cohorts/{cohort.id}/certificates", "/certificates", f"/certificates/{one.id}"]
    pages.append(f"/cohorts/{cohort.id}/certificates.pdf")
    verbs = [f"/certificates/{one.id}/revocation", f"/certificates/{one.id}/replacement"]
    posts = [f"/cohorts/{cohort.id}/certificates", f"/cohorts/{cohort.id}/certificates/{bo.id}", *verbs]
    for other in (cast.tom, cast.emil, cast.stella, cast.rita):
        browser = signed_in_as(other)
        assert {browser.get(path).status_code for path in [*pages, *verbs]} == {403}
        assert {browser.post(path, data={"reason": "x"}).status_code for path in posts} == {403}
    cora = signed_in_as(cast.cora)
    assert {cora.get(path).status_code for path in [*pages, *verbs]} == {200}
    assert cora.post("/certificates").status_code == 405
    assert one.state == "valid"
    assert queries.standing_certificate(bo.id) is None


def test_a_cohort_is_awarded_with_one_press_and_the_page_tells_how_far(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    path = f"/cohorts/{over[0].id}/certificates"
    cora = signed_in_as(cast.cora)
    assert "Issue 2 certificates" in cora.get(path).text
    assert cora.get(f"{path}.pdf").status_code == 404
    assert cora.post(path).status_code == 303
    running = cora.get(path).text
    assert 'max="2" value="0"' in running
    assert "data-refreshes" in running
    assert cora.post(path).status_code == 409
    run_due(utc_now(), "test")
    done = cora.get(path).text
    assert "2 certificates were issued together" in done
    assert "data-refreshes" not in done
    assert f'href="{path}.pdf"' in done
    assert len(pages_of(cora.get(f"{path}.pdf").data)) == 2
    assert cora.get("/certificates?q=archuleta").text.count("Ana Archuleta") == 1


def test_one_certificate_is_issued_and_refusals_are_said(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, (ana, _bo, cy) = over
    cora = signed_in_as(cast.cora)
    base = f"/cohorts/{cohort.id}/certificates"
    assert cora.post(f"{base}/{ana.id}").status_code == 303
    assert cora.post(f"{base}/{ana.id}").status_code == 409
    refused = cora.post(f"{base}/{cy.id}")
    assert (refused.status_code, "has not completed" in refused.text) == (409, True)
    assert cora.post(f"{base}/{cohort.id}").status_code == 404


def test_revoking_wants_a_reason_and_keeps_it_for_the_office(
    app: Flask, cast: Cast, one: Certificate, signed_in_as: SignedInAs
) -> None:
    cora = signed_in_as(cast.cora)
    path = f"/certificates/{one.id}/revocation"
    empty = cora.post(path, data={"reason": ""})
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    assert cora.post(path, data={"reason": "Sat in for her sister"}).status_code == 303
    assert "Sat in for her sister" in cora.get(f"/certificates/{one.id}").text
    again = cora.post(path, data={"reason": "once more"})
    assert (again.status_code, "once more" in again.text) == (422, True)
    shown = app.test_client().get(f"/c/{written_secret(one)}").text
    assert "certifies nothing any more" in shown
    assert "Sat in for her sister" not in shown


def test_replacing_shows_both_names_and_the_old_page_leads_nowhere(
    app: Flask,
    cast: Cast,
    over: tuple[Cohort, list[Enrollment]],
    one: Certificate,
    signed_in_as: SignedInAs,
) -> None:
    over[1][0].worker.family_name = "Archuleta Ruiz"
    db.session.commit()
    cora = signed_in_as(cast.cora)
    assert "Archuleta Ruiz" in cora.get("/certificates?show=renamed").text
    path = f"/certificates/{one.id}/replacement"
    assert cora.post(path, data={"reason": ""}).status_code == 422
    moved = cora.post(path, data={"reason": "Married name"})
    assert moved.status_code == 303
    assert "Ana Archuleta Ruiz" in cora.get(moved.location).text
    old = app.test_client().get(f"/c/{written_secret(one)}").text
    assert "replaced by a newer one" in old
    assert "Ruiz" not in old


def test_a_cohorts_papers_lie_in_the_order_of_its_page(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, (ana, bo, _cy) = over
    ana.worker.family_name, bo.worker.family_name = "Zamora", "Abeyta"
    issued_to_all(cast, cohort)
    cora, path = signed_in_as(cast.cora), f"/cohorts/{cohort.id}/certificates"
    page = cora.get(path).text
    assert page.index("Abeyta") < page.index("Zamora")
    first, second = pages_of(cora.get(f"{path}.pdf").data)
    assert "Abeyta" in first
    assert "Zamora" in second


def test_what_was_undone_waits_for_a_coordinator_and_is_valid_to_others_until_then(
    app: Flask,
    cast: Cast,
    over: tuple[Cohort, list[Enrollment]],
    one: Certificate,
    signed_in_as: SignedInAs,
) -> None:
    cohort, (ana, *_others) = over
    cora = signed_in_as(cast.cora)
    assert "Nothing is like that" in cora.get("/certificates?show=doubtful").text
    assert cora.get(f"/cohorts/{cohort.id}/certificates.pdf").status_code == 200
    override_completion(ana, complete=False, reason="x", actor=cast.cora, now=LATER)
    reopen_cohort(cohort, actor=cast.cora, now=LATER)
    db.session.commit()
    for path in (
        "/certificates?show=doubtful",
        f"/certificates/{one.id}",
        f"/cohorts/{cohort.id}/certificates",
    ):
        assert "The completion behind it was undone" in cora.get(path).text
    assert "Decide" in cora.get(path).text
    assert cora.get(f"{path}.pdf").status_code == 404, "no copy to hand out before the decision"
    refused = cora.post(f"/certificates/{one.id}/replacement", data={"reason": "try"})
    assert (refused.status_code, "has not completed" in refused.text) == (422, True)
    assert "it is valid" in app.test_client().get(f"/c/{written_secret(one)}").text


def test_whoever_holds_it_sees_what_stands_on_it_and_nothing_else(app: Flask, one: Certificate) -> None:
    secret, client = written_secret(one), app.test_client()
    page = client.get(f"/c/{secret}")
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in page.text
    for words in ("Ana Archuleta", "Welding basics", "24 of 24 contact hours", "it is valid"):
        assert words in page.text
    for words in ("Steel Works", str(one.id), str(one.enrollment_id), "Mill gate"):
        assert words not in page.text
    assert client.get(f"/C/{secret.lower()}").status_code == 200
    assert "Certificado" in client.get(f"/c/{secret}", headers={"Accept-Language": "es"}).text
    assert client.post(f"/c/{secret}").status_code == 405
    for wrong in ("A" * 26, "A" * 22, secret[:-1] + "U"):
        answer = client.get(f"/c/{wrong}")
        assert (answer.status_code, "Ana" in answer.text) == (404, False)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_copies_are_given_out_while_it_is_good(app: Flask, cast: Cast, one: Certificate) -> None:
    base, client = f"/c/{written_secret(one)}", app.test_client()
    paper = client.get(f"{base}/certificate.pdf?language=es")
    assert (paper.mimetype, paper.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert paper.data.startswith(b"%PDF")
    token = client.get(f"{base}/credential.jwt")
    assert (token.mimetype, token.text) == ("application/vc+jwt", one.credential)
    assert client.post(f"{base}/credential.jwt").status_code == 405
    services.revoke_certificate(one, reason="x", actor=cast.cora, now=LATER)
    db.session.commit()
    for path in (f"{base}/certificate.pdf", f"{base}/credential.jwt", f"/c/{'A' * 26}/credential.jwt"):
        answer = client.get(path)
        assert (answer.status_code, "Ana" in answer.text) == (404, False)


@pytest.mark.one_database
@pytest.mark.usefixtures("app")
def test_guessing_is_slowed_down(database_url: str, tmp_path: Path) -> None:
    strict = create_app(
        DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path), SECRET_KEY="x", RATELIMIT_ENABLED=True
    )
    try:
        with strict.app_context():
            guesser = strict.test_client()
            codes = [guesser.get(f"/c/{'A' * 26}/credential.jwt").status_code for _try in range(61)]
            db.session.remove()
            db.engine.dispose()
    finally:
        limiter.enabled = False
    assert codes == [404] * 60 + [429]


def test_an_employer_reads_transcripts_of_those_who_released_them(
    cast: Cast, over: tuple[Cohort, list[Enrollment]], one: Certificate, signed_in_as: SignedInAs
) -> None:
    _cohort, (ana, bo, _cy) = over
    record_release(ana.worker, given_at=LATER, witnessed_by_id=cast.tom.id, event_id=None, now=LATER)
    db.session.commit()
    emil, cora = signed_in_as(cast.emil), signed_in_as(cast.cora)
    for ending in ("transcript", "transcript.pdf"):
        hers, his = f"/workers/{ana.worker_id}/{ending}", f"/workers/{bo.worker_id}/{ending}"
        assert (emil.get(hers).status_code, emil.get(his).status_code) == (200, 404)
        assert (cora.get(hers).status_code, cora.get(his).status_code) == (200, 200)
        assert signed_in_as(cast.stella).get(hers).status_code == 404
        for other in (cast.tom, cast.rita):
            assert signed_in_as(other).get(hers).status_code == 403
        assert cora.post(hers).status_code == 405
    assert queries.number_of(one) in emil.get(f"/workers/{ana.worker_id}/transcript").text
    assert "Transcript" in emil.get(f"/workers/{ana.worker_id}").text
    assert "Transcript" not in emil.get(f"/workers/{bo.worker_id}").text
