"""Checks of sites over the API: what a phone is told, and drafts that come from it once, twice, too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Device, Person
from labtracker.accounts.services import create_pairing_code, revoke_device
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import SiteReadiness
from labtracker.labs.services.readiness import MOST_DRAFTS, MOST_NOTES, discard_check, finalise_check
from labtracker.scheduling.models import CrewMember
from tests.checkin.conftest import Day, a_deployment, counted
from tests.checkin.phone import Phone
from tests.labs.checks import GOOD, checked, welding_needs

ADDRESS = "/api/v1/site-checks"


@pytest.fixture
def asked(day: Day) -> Day:
    """The lab at the steel works asks for a check."""
    welding_needs(day.cast)
    db.session.commit()
    return day


def told(day: Day, **changes: Any) -> dict[str, Any]:
    """A draft as a phone sends it."""
    return {
        "id": str(uuid7()),
        "revision": 1,
        "by": str(day.cast.tom.id),
        "site": str(day.cast.steel_site.id),
        "lab": str(day.cast.welding_lab.id),
        "checked_on": local_day(utc_now(), day.cast.steel_site.zone).isoformat(),
        "answers": {"pad_length_ft": 60, "restrooms": True},
        "notes": "Second gate.",
        **changes,
    }


def fetched(phone: Phone) -> dict[str, Any]:
    answer = phone.client.get(ADDRESS, headers={"Authorization": f"Bearer {phone.token}"})
    assert answer.status_code == 200, answer.text
    return answer.json


def sent(phone: Phone, draft: dict[str, Any]) -> tuple[int, Any]:
    """Status, and what stands in the answer: the kept draft, or code and field of each error."""
    answer = phone.client.post(ADDRESS, json=draft, headers={"Authorization": f"Bearer {phone.token}"})
    if answer.status_code == 200:
        return 200, answer.json
    return answer.status_code, [(error["code"], error["field"]) for error in answer.json["errors"]]


def drafts() -> list[SiteReadiness]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(SiteReadiness).order_by(SiteReadiness.created_at)).unique())


def paired(app: Flask, trainer: Person) -> Phone:
    code = create_pairing_code(actor=trainer, now=utc_now())
    db.session.commit()
    phone = Phone(app.test_client())
    phone.pair(code)
    return phone


def test_a_phone_is_told_what_is_asked_in_both_languages_and_what_is_known(asked: Day, phone: Phone) -> None:
    checked(asked.cast, utc_now() - timedelta(days=1), {"pad_length_ft": 61})
    db.session.commit()
    with counted() as statements:
        answer = fetched(phone)
    assert len(statements) <= 12
    (visit,), (lab,) = answer["visits"], answer["labs"]
    assert visit["lab"] == lab["id"] == str(asked.cast.welding_lab.id)
    assert visit["site"]["name"] == "Mill gate 3"
    assert visit["trainers"] == [str(asked.cast.tom.id)]
    assert visit["verdict"] == "ready"
    assert visit["known"]["pad_length_ft"] == 61
    keys = [question["key"] for question in lab["questions"]]
    assert keys == ["pad_length_ft", "surface", "power_kw", "restrooms"]
    length, surface = lab["questions"][0], lab["questions"][1]
    assert (length["kind"], surface["kind"], lab["questions"][3]["kind"]) == ("number", "choice", "yes")
    assert length["words"]["en"]["ask"] == "How long is the level pad, in feet?"
    assert length["words"]["en"]["needs"] == "The lab needs: at least 53 ft."
    assert "¿" in length["words"]["es"]["ask"]
    assert surface["words"]["es"]["choices"]["asphalt"] == "asfalto"


def test_only_labs_that_ask_and_visits_of_ones_own_are_told(day: Day, phone: Phone, app: Flask) -> None:
    assert fetched(phone)["visits"] == []
    welding_needs(day.cast)
    db.session.commit()
    assert len(fetched(phone)["visits"]) == 1
    assert fetched(paired(app, day.cast.tess))["visits"] == []


def test_each_site_comes_once_with_the_nearest_arrival(asked: Day, phone: Phone) -> None:
    later = asked.session.starts_at + timedelta(days=30)
    a_deployment(asked.cast.welding_lab, asked.cast.steel_site, [asked.cast.tom], later)
    db.session.commit()
    (visit,) = fetched(phone)["visits"]
    assert visit["arrives_on"] == local_day(asked.deployment.blocks_from, "America/Denver").isoformat()


def test_a_draft_is_here_once_however_often_it_is_sent(
    asked: Day, phone: Phone, signed_in_as: Callable[[Person], FlaskClient]
) -> None:
    draft = told(asked)
    for _time in range(3):
        assert sent(phone, draft) == (200, {"id": draft["id"], "revision": 1, "final": False})
    (row,) = drafts()
    assert (str(row.id), row.from_phone, row.notes) == (draft["id"], True, "Second gate.")
    assert row.checked_by_id == asked.cast.tom.id
    page = signed_in_as(asked.cast.cora).get("/site-checks").text
    assert "Drafts that wait for you" in page
    assert "Mill gate 3" in page


def test_later_revisions_take_its_place_and_earlier_ones_do_not(asked: Day, phone: Phone) -> None:
    draft = told(asked)
    sent(phone, draft)
    more = {**draft, "revision": 3, "answers": {**GOOD}, "notes": ""}
    assert sent(phone, more)[0] == 200
    late = {**draft, "revision": 2, "notes": "What was typed between."}
    assert sent(phone, late) == (409, [("check_overtaken", None)])
    assert sent(phone, draft) == (409, [("check_overtaken", None)])
    assert sent(phone, {**more, "notes": "Other words"}) == (409, [("check_overtaken", None)])
    (row,) = drafts()
    assert (row.answers, row.notes, row.phone_revision) == (GOOD, None, 3)


def test_nothing_that_was_decided_is_written_over(asked: Day, phone: Phone) -> None:
    draft = told(asked, answers=GOOD)
    sent(phone, draft)
    (row,) = drafts()
    finalise_check(check=row, actor=asked.cast.cora, now=utc_now())
    db.session.commit()
    assert sent(phone, draft) == (200, {"id": draft["id"], "revision": 1, "final": True})
    assert sent(phone, {**draft, "revision": 2, "notes": "More."}) == (409, [("check_final", None)])
    assert drafts()[0].notes == "Second gate."


def test_what_was_thrown_away_does_not_come_back_by_itself(asked: Day, phone: Phone) -> None:
    draft = told(asked)
    sent(phone, draft)
    discard_check(check=drafts()[0], actor=asked.cast.cora, now=utc_now())
    db.session.commit()
    assert sent(phone, draft) == (409, [("check_discarded", None)])
    assert drafts() == []


def test_a_check_of_somebody_else_is_not_touched(asked: Day, phone: Phone, app: Flask) -> None:
    cast = asked.cast
    theirs = checked(cast, utc_now(), {}, final=False)
    asked.deployment.crew.append(CrewMember(person_id=cast.tess.id))
    db.session.commit()
    assert sent(phone, told(asked, id=str(theirs.id))) == (409, [("id_taken", None)])
    draft = told(asked)
    sent(phone, draft)
    tess = paired(app, cast.tess)
    hers = {**draft, "by": str(cast.tess.id), "revision": 9, "notes": "Mine now."}
    assert sent(tess, hers) == (409, [("id_taken", None)])
    assert {row.notes for row in drafts()} == {None, "Second gate."}


def test_a_stranger_keeps_nothing(asked: Day, app: Flask, phone: Phone, client: FlaskClient) -> None:
    cast = asked.cast
    assert client.get(ADDRESS).status_code == 401
    assert client.post(ADDRESS, json=told(asked)).status_code == 401
    assert sent(Phone(app.test_client(), token="nobody"), told(asked)) == (401, [("unknown_token", None)])
    tess = paired(app, cast.tess)
    assert sent(tess, told(asked)) == (403, [("not_a_trainer_here", None)])
    assert sent(tess, told(asked, by=str(cast.tess.id))) == (404, [("no_such_site", "site")])
    for site in (cast.dairy_site.id, uuid7()):
        assert sent(phone, told(asked, site=str(site))) == (404, [("no_such_site", "site")])
    assert sent(phone, told(asked, lab=str(uuid7()))) == (404, [("no_such_lab", "lab")])
    assert sent(phone, told(asked, lab=str(cast.wiring_lab.id))) == (422, [("nothing_asked", "lab")])
    assert drafts() == []


def test_nobody_piles_up_drafts(asked: Day, phone: Phone) -> None:
    row = checked(asked.cast, utc_now(), {}, final=False)
    for _number in range(MOST_DRAFTS):
        db.session.add(
            SiteReadiness(
                worksite=row.worksite,
                lab=row.lab,
                checked_on=row.checked_on,
                expires_on=row.expires_on,
                checked_by=asked.cast.tom,
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
        )
    db.session.commit()
    assert sent(phone, told(asked)) == (409, [("too_many_drafts", None)])
    assert len(drafts()) == MOST_DRAFTS + 1


def test_a_revoked_phone_is_told_nothing_and_keeps_nothing(asked: Day, phone: Phone) -> None:
    device = db.session.scalars(sa.select(Device)).unique().one()
    revoke_device(device=device, actor=asked.cast.cora, now=utc_now())
    db.session.commit()
    assert fetched(phone) == {"device_revoked": True}
    assert sent(phone, told(asked)) == (403, [("device_revoked", None)])
    assert drafts() == []


def test_an_archived_trainer_is_told_nothing_and_keeps_nothing(asked: Day, phone: Phone) -> None:
    asked.cast.tom.archived_at = utc_now()
    db.session.commit()
    assert fetched(phone)["visits"] == []
    assert sent(phone, told(asked)) == (403, [("not_a_trainer_here", None)])
    assert drafts() == []


def test_what_was_filled_in_on_the_last_day_may_come_after_it(asked: Day, phone: Phone) -> None:
    over = utc_now() - timedelta(days=2)
    asked.deployment.blocks_from, asked.deployment.blocks_until = over - timedelta(days=3), over
    db.session.commit()
    assert fetched(phone)["visits"] == []
    day_of = (over - timedelta(days=1)).date()
    assert sent(phone, told(asked)) == (404, [("no_such_site", "site")])
    assert sent(phone, told(asked, checked_on=day_of.isoformat()))[0] == 200
    long_over = over - timedelta(days=60)
    asked.deployment.blocks_from, asked.deployment.blocks_until = long_over - timedelta(days=3), long_over
    db.session.commit()
    late = told(asked, checked_on=(long_over - timedelta(days=1)).date().isoformat())
    assert sent(phone, late) == (404, [("no_such_site", "site")])
    assert sent(phone, told(asked, checked_on="0001-01-01")) == (404, [("no_such_site", "site")])


@pytest.mark.parametrize(
    ("changes", "status", "errors"),
    [
        ({"answers": {"pad_length_ft": "long"}}, 422, [("bad_answer", "answers.pad_length_ft")]),
        (
            {"answers": {"pad_length_ft": 10_000, "surface": "sand", "restrooms": "yes", "moon": 1}},
            422,
            [("bad_answer", f"answers.{key}") for key in ("moon", "pad_length_ft", "restrooms", "surface")],
        ),
        ({"notes": "x" * (MOST_NOTES + 1)}, 422, [("too_long", "notes")]),
        ({"checked_on": "9999-12-31"}, 422, [("checked_in_future", "checked_on")]),
        ({"checked_on": "yesterday"}, 400, [("bad_envelope", None)]),
        ({"revision": 0}, 400, [("bad_envelope", None)]),
        ({"id": "mine"}, 400, [("bad_envelope", None)]),
        ({"answers": {str(place): 1 for place in range(101)}}, 400, [("bad_envelope", None)]),
        ({"notes": "x" * 1024 * 1024}, 413, [("too_large", None)]),
    ],
)
def test_what_cannot_be_kept_is_said_field_by_field(
    asked: Day, phone: Phone, changes: dict[str, Any], status: int, errors: list[Any]
) -> None:
    assert sent(phone, told(asked, **changes)) == (status, errors)
    assert drafts() == []


def test_what_hides_in_notes_is_left_out(asked: Day, phone: Phone) -> None:
    draft = told(asked, notes="Second\x00 gate.\r\nRing\u202e twice. \n")
    assert sent(phone, draft)[0] == 200
    assert sent(phone, draft)[0] == 200
    assert drafts()[0].notes == "Second gate.\nRing twice."
