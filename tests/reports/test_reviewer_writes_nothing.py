"""A reviewer reads and changes nothing: every route, every method, every table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import Event
from labtracker.completion.queries import completions_of
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import Cast
from tests.checkin.phone import Phone
from tests.completion.builders import enrolled_cohort, hold
from tests.reports.builders import trained_cohort

# What an address answers is the same on either database.
pytestmark = pytest.mark.one_database

SignedInAs = Callable[[Person], FlaskClient]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The reviewer's own account, which is nobody's data but theirs.
OWN_ACCOUNT = {
    "accounts.change_password",
    "accounts.choose_mails",
    "accounts.edit_profile",
    "accounts.end_other_sign_ins",
    "accounts.end_sign_in",
    "accounts.sign_out",
    "web.set_appearance",
    "web.set_language",
}
# A worker's own page, which knows nobody who signs in: it leads to where a link is asked for.
LEAD_TO_ASKING = {"own_page.end", "own_page.end_everywhere", "own_page.release", "own_page.write"}
# Being there is noted: when this browser was last used, how often a password was tried.
OF_THE_ACCOUNT = {"sign_in", "sign_in_attempt"}


@pytest.fixture
def ids(app: Flask, cast: Cast) -> dict[str, Any]:
    """A row of everything that an address may name, all within the reviewer's own area."""
    phone = Phone(app.test_client())
    code = create_pairing_code(actor=cast.tom, now=utc_now())
    db.session.commit()
    phone.pair(code)
    cohort, enrollments = enrolled_cohort(cast)
    hold(cast, cohort.sessions[0], enrollments)
    trained = trained_cohort(cast, ["complete", "incomplete"])
    assert cohort.booking
    return {
        "booking_id": cohort.booking_id,
        "cohort_id": trained.id,
        "course_id": cast.welding.id,
        "deployment_id": cohort.deployments[0].id,
        "device_id": phone.device,
        "enrollment_id": completions_of(trained.id)[0].enrollment_id,
        "event_id": db.session.scalars(sa.select(Event.id).where(Event.type == "check_in")).first(),
        "frame_id": db.session.scalars(sa.select(Event.frame_id).where(Event.type == "check_in")).first(),
        "lab_id": cast.welding_lab.id,
        "membership_id": db.session.scalars(sa.select(Membership.id)).first(),
        "organization_id": cast.steel.id,
        "person_id": cast.emil.id,
        "session_id": cohort.sessions[0].id,
        "worker_id": enrollments[0].worker_id,
        "other_id": enrollments[1].worker_id,
        "worksite_id": cast.steel_site.id,
        # What there is none of is asked for all the same.
        "import_id": cast.steel.id,
        "mail_id": cast.steel.id,
        "merge_id": cast.steel.id,
        "request_id": cast.steel.id,
        "sign_in_id": cast.steel.id,
        "badge_id": "0" * 26,
        "filename": "nothing.css",
        "kind": "labs",
        "language": "es",
        "secret": "x" * 22,
        "step": "what",
        "flag_key": "ab" * 32,
        "key": "bookings",
        "move_id": cast.steel.id,
        "attachment_id": cast.steel.id,
        "draft_id": cast.steel.id,
        "blackout_id": cast.steel.id,
        "check_id": cast.steel.id,
        "feed_id": cast.steel.id,
        "vehicle_id": cast.steel.id,
        "closure_id": cast.steel.id,
        "leave_id": cast.steel.id,
        "item_id": cast.steel.id,
        "inspection_id": cast.steel.id,
        "day_id": cast.steel.id,
        "application_id": cast.steel.id,
        "revoked_id": cast.steel.id,
        "certificate_id": cast.steel.id,
        "word_id": cast.steel.id,
        "key_id": "none",
        "suffix": "csv",
    }


def everything(but: set[str]) -> dict[str, list[str]]:
    """Every row of every table."""
    db.session.rollback()
    return {
        name: sorted(map(repr, db.session.execute(sa.select(table))))
        for name, table in db.metadata.tables.items()
        if name not in but
    }


def test_every_route_and_method_leaves_every_table_as_it_was(
    app: Flask, cast: Cast, ids: dict[str, Any], signed_in_as: SignedInAs
) -> None:
    rita = signed_in_as(cast.rita)
    before = everything(OF_THE_ACCOUNT)
    accepted: dict[str, set[str]] = {}
    with app.test_request_context():
        paths = [
            (rule, app.url_map.bind("localhost").build(rule.endpoint, {n: ids[n] for n in rule.arguments}))
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in OWN_ACCOUNT
        ]
    for rule, path in paths:
        for method in METHODS:
            answer = rita.open(path, method=method, data={} if method == "GET" else ids)
            assert answer.status_code < 500, (method, path)
            if method != "GET" and answer.status_code < 400:
                accepted.setdefault(rule.endpoint, set()).add(method)
            answer.close()
    assert accepted == {name: {"POST"} for name in LEAD_TO_ASKING}
    after = everything(OF_THE_ACCOUNT)
    assert {name for name in before if before[name] != after[name]} == set()


def test_every_address_of_the_account_is_named_here(app: Flask) -> None:
    served = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert served >= OWN_ACCOUNT


def test_the_routes_do_write_for_those_who_may(
    cast: Cast, ids: dict[str, Any], signed_in_as: SignedInAs
) -> None:
    """What is refused above is refused for who asks, not for how it was asked."""
    path = f"/cohorts/{ids['cohort_id']}/close-out/reversal"
    assert signed_in_as(cast.rita).post(path).status_code == 403
    assert signed_in_as(cast.cora).post(path).status_code == 302
