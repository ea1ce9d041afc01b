"""Every address, asked for by everybody whom it does not concern, with real ids of somebody else's things.

``CASES`` says of each endpoint what strangers get there; an endpoint without a case fails. Whatever the case:
no page shows a stranger what is the steel works', no request writes a row that names any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from labtracker.extensions import db
from tests.security.world import World

# What an address answers is the same on either database.
pytestmark = pytest.mark.one_database

# What strangers get, by endpoint:
#   public   anybody may read it; it holds nothing of anybody's
#   own      for some roles a page of their own things; others are sent away
#   office   for the provider's office alone
#   object   one thing of somebody's, named by its id: nobody else gets anything
#   shared   one thing that the house shows to the roles named here, and lets none of them change
#   secret   opens to whoever holds the secret, and to nobody who guesses
#   visit    a worker's own page: whoever came by no link, signed in or not, is sent to ask for one
#   demo     is not there outside the demo
#   token    for phones, by their token; a signed-in browser is nobody there
CASES: dict[str, str] = {
    "static": "public",
    "style": "public",
    "client_style": "public",
    "openapi.openapi": "public",
    "service_worker.script": "public",
    "web.home": "public",
    "web.privacy": "public",
    "web.accessibility": "public",
    "web.healthz": "public",
    "web.set_language": "public",
    "web.set_appearance": "public",
    "checkin.client": "public",
    "checkin.messages": "public",
    "scheduling.dates": "public",
    "roster.public_badge": "public",
    "roster.badge_png": "public",
    "roster.badge_manifest": "public",
    "own_page.ask": "public",
    "own_page.open_link": "secret",
    **dict.fromkeys(("own_page.page", "own_page.release", "own_page.transcript", "own_page.write",
                     "own_page.end", "own_page.end_everywhere"), "visit"),
    **dict.fromkeys(("own_page.help_with_page", "own_page.hand_over", "own_page.settle",
                     "own_page.confirm_address", "own_page.close_everywhere"), "object"),
    "own_page.words": "office",
    **dict.fromkeys(("certificates.check", "certificates.paper",
                     "certificates.credential", "certificates.issuer_profile",
                     "certificates.revocations", "certificates.key",
                     "certificates.keys"), "public"),
    "accounts.sign_in": "public",
    "accounts.ask_sign_in_link": "public",
    "accounts.ask_password_link": "public",
    "accounts.sign_out": "public",
    "accounts.request_account": "public",
    "accounts.account_requested": "public",
    **dict.fromkeys(("accounts.first_administrator", "accounts.sign_in_link",
                     "accounts.reset_password", "accounts.accept_invitation",
                     "feeds.calendar_file_of", "accounts.mail_choice"), "secret"),
    **dict.fromkeys(("accounts.demo_cast", "accounts.demo_door", "accounts.be_somebody",
                     "jobs.outbox", "jobs.mail", "jobs.mail_html"), "demo"),
    **dict.fromkeys(("api.checkin_devices.pair", "api.checkin_events.upload", "api.checkin_pack.pack",
                     "api.checkin_site_checks.site_checks", "api.checkin_site_checks.keep_site_check"),
                    "token"),
    "accounts.home": "own",
    "accounts.settings": "own",
    "accounts.edit_profile": "own",
    "accounts.choose_mails": "own",
    "accounts.colleagues": "own",
    "accounts.change_password": "own",
    "accounts.end_other_sign_ins": "own",
    "checkin.devices": "own",
    "accounts.pair_device": "own",
    "labs.labs": "own",
    "labs.courses": "own",
    "labs.worksites": "own",
    "labs.new_worksite": "own",
    "scheduling.book": "own",
    "scheduling.bookings": "own",
    "scheduling.calendar": "own",
    "scheduling.cohorts": "own",
    "scheduling.deployments": "own",
    "feeds.feeds": "own",
    "feeds.new_feed": "own",
    "roster.workers": "own",
    "roster.new_worker": "own",
    "roster.workers_file": "own",
    "completion.my_people": "own",
    "reports.completion": "own",
    "reports.completion_csv": "own",
    "accounts.people": "office",
    "accounts.organizations": "office",
    "accounts.new_organization": "office",
    "accounts.account_requests": "office",
    "accounts.audit": "office",
    "accounts.invite_person": "office",
    "accounts.start": "office",
    "accounts.describe_provider": "office",
    "labs.new_lab": "office",
    "labs.new_course": "office",
    "labs.import_list": "office",
    "scheduling.board": "office",
    "scheduling.board_check": "office",
    "scheduling.board_troubles": "office",
    "scheduling.new_cohort": "office",
    "fleet.overview": "office",
    "fleet.vehicles": "office",
    "fleet.new_vehicle": "office",
    "fleet.crew": "office",
    "fleet.equipment": "office",
    "fleet.mine": "own",
    "fleet.closed_days": "own",
    "scheduling.closures": "office",
    "scheduling.new_closure": "office",
    "scheduling.mileage": "office",
    "fleet.vehicle": "shared: a trainer not on the crew",
    "fleet.lab": "shared: a trainer not on the crew",
    "scheduling.closure": "shared: a trainer not on the crew",
    "labs.lab": "shared: a trainer not on the crew",
    "labs.course": "shared: another employer, a trainer not on the crew, a reviewer of another area",
    "labs.worksite": "shared: a trainer not on the crew",
    "accounts.account_request": "object",
    "accounts.approve_request": "object",
    "accounts.merge_request": "object",
    "accounts.decline_request": "object",
    "accounts.person": "object",
    "accounts.edit_person": "object",
    "accounts.invite_again": "object",
    "accounts.hand_over_invitation": "object",
    "accounts.give_role": "object",
    "accounts.end_role": "object",
    "accounts.archive_person": "object",
    "accounts.restore_person": "object",
    "accounts.organization": "object",
    "accounts.edit_organization": "object",
    "accounts.archive_organization": "object",
    "accounts.restore_organization": "object",
    "accounts.end_sign_in": "object",
    "accounts.end_colleague": "object",
    "accounts.revoke_device": "object",
    "labs.edit_lab": "object",
    "labs.retire_lab": "object",
    "labs.restore_lab": "object",
    "labs.delete_lab": "object",
    "labs.edit_course": "object",
    "labs.archive_course": "object",
    "labs.restore_course": "object",
    "labs.delete_course": "object",
    "labs.edit_worksite": "object",
    "labs.archive_worksite": "object",
    "labs.restore_worksite": "object",
    "labs.delete_worksite": "object",
    "labs.override_rurality": "object",
    "labs.withdraw_rurality_override": "object",
    "labs.add_blackout": "object",
    "labs.remove_blackout": "object",
    "scheduling.site_checks": "own",
    "scheduling.site": "object",
    "scheduling.begin_check": "object",
    "scheduling.site_check": "object",
    "scheduling.finalise_check": "object",
    "scheduling.continue_check": "object",
    "scheduling.discard_check": "object",
    "scheduling.accept_condition": "object",
    "scheduling.attach_to_check": "object",
    "scheduling.check_attachment": "object",
    "scheduling.detach_from_check": "object",
    "scheduling.waive_readiness": "object",
    "scheduling.booking": "object",
    "scheduling.step": "object",
    "scheduling.answers": "object",
    "scheduling.submission": "object",
    "scheduling.delete_draft": "object",
    "scheduling.copy_booking": "object",
    "scheduling.sent": "object",
    "scheduling.plan": "object",
    "scheduling.approval": "object",
    "scheduling.review": "object",
    "scheduling.waitlisting": "object",
    "scheduling.refusal": "object",
    "scheduling.confirmation": "object",
    "scheduling.withdrawal": "object",
    "scheduling.cancellation": "object",
    "scheduling.write_message": "object",
    "scheduling.attach": "object",
    "scheduling.attachment": "object",
    "scheduling.detach": "object",
    "scheduling.cohort": "object",
    "scheduling.ask_for_initials": "object",
    "scheduling.deployment": "object",
    "scheduling.add_crew": "object",
    "scheduling.remove_crew": "object",
    "scheduling.confirm_deployment": "object",
    "scheduling.cancel_deployment": "object",
    "scheduling.move": "object",
    "scheduling.moves": "object",
    "scheduling.placements": "object",
    "scheduling.undo_move": "object",
    "scheduling.call_off_day": "object",
    "scheduling.join_deployment": "object",
    "scheduling.make_up_day": "object",
    "scheduling.session": "object",
    "scheduling.move_session": "object",
    "scheduling.cancel_session": "object",
    "scheduling.add_session": "object",
    "scheduling.take_way_out": "object",
    "scheduling.choose_vehicle": "object",
    "scheduling.read_odometer": "object",
    "scheduling.change_last_day": "object",
    "scheduling.end_closure": "object",
    "scheduling.new_leave": "object",
    "scheduling.withdraw_leave": "object",
    **dict.fromkeys(("fleet.edit_vehicle", "fleet.retire_vehicle", "fleet.restore_vehicle", "fleet.person",
                     "fleet.note_licence", "fleet.note_courses", "fleet.new_item", "fleet.item",
                     "fleet.break_item", "fleet.mend_item", "fleet.remove_item",
                     "fleet.new_inspection_of_lab", "fleet.new_inspection_of_vehicle", "fleet.inspection",
                     "fleet.end_inspection", "fleet.remove_closed_day"), "object"),
    "feeds.renew_feed": "object",
    "feeds.stop_feed": "object",
    "checkin.attendance": "object",
    "checkin.worker_attendance": "object",
    "checkin.correct": "object",
    "checkin.void": "object",
    "checkin.change_time": "object",
    "checkin.correct_many": "object",
    "checkin.separate": "object",
    "checkin.close_session": "object",
    "checkin.reopen_session": "object",
    "checkin.quarantined": "office",
    "checkin.quarantine_group": "office",
    "checkin.quarantine_groups": "office",
    "checkin.decide_group": "office",
    "checkin.quarantined_frame": "object",
    "checkin.raw_frame": "object",
    "checkin.decide": "object",
    "checkin.worth_a_look": "office",
    "checkin.review": "object",
    "checkin.device": "object",
    "roster.roster": "object",
    "roster.roster_file": "object",
    "roster.add_to_roster": "object",
    "roster.upload": "object",
    "roster.preview": "object",
    "roster.waiting": "object",
    "roster.settle_columns": "object",
    "roster.apply_import": "object",
    "roster.correct": "object",
    "roster.undoing": "object",
    "roster.undo_import": "object",
    "roster.discard": "object",
    "roster.badges": "object",
    "roster.badges_pdf": "object",
    "roster.badge_cards": "object",
    "roster.sign_in_sheets": "object",
    "roster.sign_in_sheet_pdf": "object",
    "roster.withdraw": "object",
    "roster.re_enroll": "object",
    "roster.worker": "object",
    "roster.edit_worker": "object",
    "roster.archive_worker": "object",
    "roster.restore_worker": "object",
    "roster.worker_badge": "object",
    "roster.recognize": "object",
    "roster.settle_walk_in": "object",
    "roster.duplicates": "office",
    "roster.alike": "object",
    "roster.compare": "object",
    "roster.tell_apart": "object",
    "roster.reissue_badge": "object",
    "roster.revoke_badge": "object",
    "roster.restore_badge": "object",
    "roster.worker_badge_pdf": "object",
    "completion.cohort": "object",
    "completion.add_assessment": "object",
    "completion.add_sign_off": "object",
    "completion.close_out": "object",
    "completion.reopen": "object",
    "completion.override": "object",
    "completion.worker": "object",
    "completion.take_back": "object",
    "completion.acknowledge": "object",
    "completion.late_changes": "office",
    "certificates.certificates": "office",
    "certificates.cohort": "object",
    "certificates.papers": "object",
    "certificates.issue_to_all": "object",
    "certificates.issue_to_one": "object",
    "certificates.certificate": "object",
    "certificates.revoke": "object",
    "certificates.replace": "object",
    "certificates.transcript": "object",
    "certificates.transcript_paper": "object",
    "reports.cohort": "object",
    "reports.enrollment": "object",
    "timelines.timeline": "object",
    "timelines.frame": "object",
}  # fmt: skip
# Drafts have pages that a booking sent in has no more.
DRAFTS = {"scheduling.step", "scheduling.answers", "scheduling.submission", "scheduling.delete_draft"}
PLAIN = {
    "filename": "img/icon.svg",
    "language": "es",
    "kind": "labs",
    "suffix": "csv",
    "step": "where",
    "secret": "A" * 22,
    "key": "restrooms",
    "flag_key": "ab" * 32,
    "key_id": "unknown",
}


def test_every_endpoint_says_what_strangers_get(app: Flask) -> None:
    assert set(app.view_functions) == set(CASES)


def test_no_address_offers_more_than_reading_and_posting(app: Flask) -> None:
    offered = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert offered == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "stranger",
    [
        "nobody",
        "another employer",
        "a trainer not on the crew",
        "a reviewer of another area",
        "a former coordinator",
    ],
)
def test_strangers_get_nowhere(app: Flask, world: World, signed_in_as: Any, stranger: str) -> None:
    faults = []
    somebody = world.strangers[stranger]
    browser = signed_in_as(somebody) if somebody else app.test_client()
    for rule in app.url_map.iter_rules():
        case = CASES[rule.endpoint]
        address = address_of(app, rule, world)
        if rule.endpoint in {"accounts.sign_out", "accounts.change_password"}:
            continue  # these change the stranger's own sign-in; their tests are in tests/accounts
        for method in ("GET", "POST"):
            if (method in (rule.methods or ())) != any_offers(app, rule, method):
                continue  # another endpoint answers this method at the same address
            with writes() as written:
                answer = ask(browser, method, address, world)
            fault = (
                wrong_status(case, method, rule, stranger, answer)
                or shown(case, stranger, answer, world)
                or touched(written, world)
            )
            answer.close()
            if fault:
                faults.append(f"{method} {rule.rule}: {fault}")
    assert not faults, "\n".join(faults)


def any_offers(app: Flask, rule: Rule, method: str) -> bool:
    """Whether anything at the rule's address answers a method."""
    return any(method in (one.methods or ()) for one in app.url_map.iter_rules() if one.rule == rule.rule)


def address_of(app: Flask, rule: Rule, world: World) -> str:
    values = {name: world.ids.get(name, PLAIN.get(name)) for name in rule.arguments}
    if rule.endpoint in DRAFTS:
        values["booking_id"] = world.ids["draft_id"]
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def ask(browser: FlaskClient, method: str, address: str, world: World) -> Any:
    if method == "GET":
        return browser.get(address)
    if address.startswith("/api/"):
        return browser.post(address, json=greedy_form(world))
    return browser.post(address, data=greedy_form(world))


def greedy_form(world: World) -> dict[str, str]:
    """Fields of many forms at once, each naming something of the steel works, or asking for too much."""
    ids = {name: str(one) for name, one in world.ids.items()}
    return {
        **ids,
        "employer": ids["organization_id"],
        "employer_id": ids["organization_id"],
        "worksite": ids["worksite_id"],
        "course": ids["course_id"],
        "lab": ids["lab_id"],
        "person": ids["person_id"],
        "enrollment": ids["enrollment_id"],
        "deployment": ids["deployment_id"],
        "trainers": ids["person_id"],
        "role": "administrator",
        "email": "emil@steelworks.example",
        "password": "guess after guess",
        "given_name": "Mallory",
        "family_name": "Intruder",
        "name": "Mallory's",
        "language": "en",
        "reason": "because",
        "kind": "check_in",
        "address": "1 Elm Street",
        "zip": "81052",
        "city": "Lamar",
        "text": "let me in",
        "pasted": "Name\nMallory Intruder",
        "decision": "complete",
        "score": "100",
        "on_phone": "y",
    }


def wrong_status(case: str, method: str, rule: Rule, stranger: str, answer: Any) -> str:
    """What is wrong with the status, if anything is."""
    status = answer.status_code
    if status >= 500:
        return f"broke with {status}"
    if method not in (rule.methods or ()):
        return "" if status == 405 else f"{status} for a method it does not offer"
    allowed = {
        "public": {200, 302, 303, 400, 404, 422, 429},
        "own": {200, 302, 303, 403, 422},
        "office": {403},
        "object": {403, 404},
        "secret": {410},
        "visit": {302, 303},
        "demo": {404},
        "token": {400, 401},
    }[case.partition(":")[0] if not case.startswith("shared") else "object"]
    if case.startswith("shared") and stranger in case and method == "GET":
        allowed = {200}
    if stranger == "nobody" and case.partition(":")[0] in {"own", "office", "object", "shared"}:
        return "" if is_sign_in(answer) else f"{status} instead of the way to signing in"
    return "" if status in allowed else f"{status} instead of {sorted(allowed)}"


def is_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer.location.startswith("/sign-in")


def shown(case: str, stranger: str, answer: Any, world: World) -> str:
    """What an answer tells that is not the stranger's, if it tells any."""
    if answer.status_code != 200 or (case.startswith("shared") and stranger in case):
        return ""
    if answer.mimetype.startswith(("text/", "application/json")):
        text = answer.get_data(as_text=True)
        ids = {str(one) for one in world.own_ids}
        found = sorted(one for one in world.words | ids if one in text)
        # Trainers see every worksite: where labs can go is staff's business.
        if stranger == "a trainer not on the crew" and answer.request.path == "/worksites":
            found = [one for one in found if one not in {"Mill gate 3", str(world.ids["worksite_id"])}]
        # What somebody sent comes back in their own form.
        found = [
            one for one in found if one not in greedy_form(world).values() or answer.request.method == "GET"
        ]
        return f"shows {found}" if found else ""
    return ""


@contextmanager
def writes() -> Iterator[list[tuple[str, Any]]]:
    """The statements that write, with their parameters, while the block runs."""
    written: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def touched(written: list[tuple[str, Any]], world: World) -> str:
    """The statement by which a request wrote something that names what is the steel works', if any did."""
    ids = [one.hex for one in world.own_ids]
    for statement, parameters in written:
        text = str(parameters).replace("-", "")
        if any(one in text for one in ids):
            return f"wrote: {statement[:60]}"
    return ""
