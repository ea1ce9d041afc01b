"""The pages on which a site is checked: who opens them, what they ask, what becomes of the answers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.attachments.models import Attachment
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import SiteReadiness
from labtracker.labs.services.readiness import (
    MOST_DRAFTS,
    Told,
    accept_condition,
    begin_check,
    finalise_check,
)
from labtracker.scheduling.models import Deployment, ReadinessWaiver
from labtracker.scheduling.rules.states import DeploymentStatus
from tests.attachments.files import PDF
from tests.cast import Cast
from tests.labs.checks import checked, welding_needs
from tests.scheduling.builders import planned, quiet_monday

SignIn = Callable[[Person], FlaskClient]
TODAY = local_day(utc_now(), "America/Denver").isoformat()
ANSWERS = {
    "site_pad_length_ft": "50",
    "site_surface": "asphalt",
    "site_power_kw": "100",
    "site_restrooms": "no",
    "checked_on": TODAY,
    "notes": "Second gate.",
}


def begun(browser: FlaskClient, cast: Cast) -> str:
    """The address of a check that somebody begins of the steel works for the welding lab."""
    answer = browser.post(f"/worksites/{cast.steel_site.id}/checks", data={"lab": cast.welding_lab.id})
    assert answer.status_code == 303
    return str(answer.location)


def the_check() -> SiteReadiness:
    return db.session.scalars(sa.select(SiteReadiness)).one()


def test_an_employer_fills_it_in_and_a_coordinator_decides(cast: Cast, signed_in_as: SignIn) -> None:
    welding_needs(cast)
    emil = signed_in_as(cast.emil)
    address = begun(emil, cast)
    page = emil.get(address).text
    assert "How long is the level pad, in feet?" in page
    assert "The lab needs: at least 53 ft." in page
    assert "Is there water" not in page
    kept = emil.post(address, data={**ANSWERS, "version": the_check().version})
    assert kept.status_code == 303
    page = emil.get(address).text
    assert "Length of the pad: 50 ft, needs 53 ft" in page
    assert "Restrooms: no" in page
    assert "Make it final" not in page
    assert emil.post(f"{address}/finalisation").status_code == 403
    cora = signed_in_as(cast.cora)
    assert "Drafts that wait for you" in cora.get("/site-checks").text
    cora.post(f"{address}/finalisation", data={"version": the_check().version})
    check = the_check()
    assert (check.verdict, check.finalised_by_id) == ("conditions", cast.cora.id)
    unsaid = cora.post(f"{address}/acceptances/restrooms", data={"note": " "})
    assert unsaid.status_code == 422
    assert "Please say how it is put right or borne." in unsaid.text
    cora.post(f"{address}/acceptances/restrooms", data={"note": "Two are rented."})
    page = signed_in_as(cast.emil).get(address).text
    assert "Two are rented." in page
    assert "Not accepted yet." in page
    site = emil.get(f"/worksites/{cast.steel_site.id}/checks").text
    assert "ready with conditions" in site


def test_nothing_typed_is_lost_where_it_is_refused(cast: Cast, signed_in_as: SignIn) -> None:
    welding_needs(cast)
    emil = signed_in_as(cast.emil)
    address = begun(emil, cast)
    wrong = {**ANSWERS, "site_pad_length_ft": "long", "expires_on": "2001-01-01"}
    answer = emil.post(address, data={**wrong, "version": "1"})
    assert answer.status_code == 422
    assert "Give a whole number, such as 12." in answer.text
    assert "Second gate." in answer.text
    answer = emil.post(address, data={**ANSWERS, "expires_on": "2001-01-01", "version": "1"})
    assert (answer.status_code, "It would lapse before it was checked." in answer.text) == (422, True)
    emil.post(address, data={**ANSWERS, "version": "1"})
    late = signed_in_as(cast.cora).post(address, data={**ANSWERS, "notes": "Mine", "version": "1"})
    assert late.status_code == 409
    assert "Mine" in late.text
    assert the_check().notes == "Second gate."


def test_a_final_check_is_followed_by_a_new_one(cast: Cast, now: datetime, signed_in_as: SignIn) -> None:
    final = checked(cast, now, {"pad_length_ft": 61})
    db.session.commit()
    emil = signed_in_as(cast.emil)
    refused = emil.post(f"/site-checks/{final.id}", data={**ANSWERS, "version": str(final.version)})
    assert refused.status_code == 409
    assert emil.post(f"/site-checks/{final.id}/discarding").location.endswith(str(final.id))
    new = emil.post(f"/site-checks/{final.id}/continuation").location
    assert 'value="61"' in emil.get(new).text
    assert emil.post(f"{new}/discarding").status_code == 303
    assert the_check().id == final.id


def test_a_page_says_what_comes_next_and_what_has_lapsed(
    cast: Cast, now: datetime, signed_in_as: SignIn
) -> None:
    old = checked(cast, now - timedelta(days=400), {})
    db.session.commit()
    emil = signed_in_as(cast.emil)
    page = emil.get(f"/site-checks/{old.id}").text
    assert "A final check stays as it is." in page
    assert ">lapsed<" in re.sub(r"<svg.*?</svg>|\s", "", page)
    assert "lapsed on" in emil.get(f"/worksites/{cast.steel_site.id}/checks").text
    draft = emil.post(f"/site-checks/{old.id}/continuation").location
    assert "a coordinator sees it and makes it final" in emil.get(draft).text
    page = signed_in_as(cast.cora).get(draft).text
    assert "Keep the draft first" in page
    assert "a coordinator sees it" not in page


def test_photos_come_and_go_with_a_draft_and_stay_with_a_final_check(
    cast: Cast, now: datetime, signed_in_as: SignIn
) -> None:
    draft = checked(cast, now, {}, final=False)
    db.session.commit()
    emil, address = signed_in_as(cast.emil), f"/site-checks/{draft.id}"
    assert emil.post(f"{address}/attachments", data={}).status_code == 422
    files = {"files": (io.BytesIO(PDF), "Insurance.pdf")}
    assert emil.post(f"{address}/attachments", data=files).status_code == 303
    file = db.session.scalars(sa.select(Attachment)).one()
    got = emil.get(f"{address}/attachments/{file.id}")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.data == PDF
    cora = signed_in_as(cast.cora)
    cora.post(f"{address}/finalisation", data={"version": str(draft.version)})
    cora.post(f"{address}/attachments/{file.id}/removal")
    db.session.refresh(file)
    assert file.removed_at is None


def test_a_draft_is_thrown_away_by_who_made_it_or_a_coordinator(
    cast: Cast, now: datetime, signed_in_as: SignIn
) -> None:
    draft = checked(cast, now, {}, final=False)
    draft.checked_by = cast.tom
    db.session.commit()
    emil, address = signed_in_as(cast.emil), f"/site-checks/{draft.id}"
    assert "discarding" not in emil.get(address).text
    assert "somebody else’s" in emil.post(f"{address}/discarding", follow_redirects=True).text
    assert the_check() == draft
    draft.checked_by = cast.emil
    db.session.commit()
    assert "discarding" in emil.get(address).text
    # Nor with what somebody else attached to it.
    cora = signed_in_as(cast.cora)
    cora.post(f"{address}/attachments", data={"files": (io.BytesIO(PDF), "Permit.pdf")})
    file = db.session.scalars(sa.select(Attachment)).one()
    assert f"{file.id}/removal" not in emil.get(address).text
    assert emil.post(f"{address}/attachments/{file.id}/removal").status_code == 403
    assert "discarding" not in emil.get(address).text
    emil.post(f"{address}/discarding")
    assert the_check() == draft
    assert f"{file.id}/removal" in cora.get(address).text
    assert cora.post(f"{address}/discarding").status_code == 303
    assert db.session.scalars(sa.select(SiteReadiness)).all() == []


@pytest.mark.parametrize("who", ["stella", "tess", "rita"])
def test_strangers_find_nothing(cast: Cast, now: datetime, signed_in_as: SignIn, who: str) -> None:
    check = checked(cast, now, {})
    db.session.commit()
    stranger = signed_in_as(getattr(cast, who))
    status = 403 if who == "rita" else 404
    for address in (f"/site-checks/{check.id}", f"/worksites/{cast.steel_site.id}/checks"):
        assert stranger.get(address).status_code == status
        assert stranger.post(address, data=ANSWERS).status_code == status


def test_a_trainer_checks_the_site_where_they_go_next(cast: Cast, signed_in_as: SignIn) -> None:
    now = utc_now()
    welding_needs(cast)
    deployment = planned(cast, now, first_on=quiet_monday(now), windows=_windows(now))
    db.session.commit()
    tom = signed_in_as(cast.tom)
    assert cast.steel_site.name in tom.get("/site-checks").text
    assert tom.get(begun(tom, cast)).status_code == 200
    deployment.status = DeploymentStatus.CANCELLED
    db.session.commit()
    assert tom.get(f"/worksites/{cast.steel_site.id}/checks").status_code == 404


def _windows(now: datetime) -> list[Any]:
    first = quiet_monday(now)
    return [(first, first.replace(year=first.year + 1))]


def test_a_visit_is_confirmed_once_a_coordinator_says_why_it_goes_without(
    cast: Cast, signed_in_as: SignIn
) -> None:
    now = utc_now()
    welding_needs(cast)
    deployment = planned(cast, now, first_on=quiet_monday(now), windows=_windows(now))
    db.session.commit()
    emil, cora, id_ = signed_in_as(cast.emil), signed_in_as(cast.cora), deployment.id
    booking = deployment.cohorts[0].booking
    assert booking is not None
    refused = emil.post(f"/bookings/{booking.id}/confirmation", data={"version": booking.version})
    assert refused.status_code == 409
    assert "Confirm these days" not in refused.text
    assert "It can be confirmed once the site’s checklist is settled." in refused.text
    refused = cora.post(f"/deployments/{id_}/confirmation")
    assert refused.status_code == 409
    assert "Nobody checked yet whether" in refused.text
    assert emil.post(f"/deployments/{id_}/readiness-waiver", data={"reason": "x"}).status_code == 403
    cora.post(f"/deployments/{id_}/readiness-waiver", data={"reason": " "})
    assert db.session.scalar(sa.select(sa.func.count(ReadinessWaiver.deployment_id))) == 0
    cora.post(f"/deployments/{id_}/readiness-waiver", data={"reason": "We were there in March."})
    assert "We were there in March." in emil.get(f"/deployments/{id_}").text
    assert cora.post(f"/deployments/{id_}/confirmation").status_code == 303
    assert db.session.get_one(Deployment, id_).status == DeploymentStatus.CONFIRMED


def test_an_employer_is_led_to_the_checklist_before_the_days_are_confirmed(
    cast: Cast, signed_in_as: SignIn
) -> None:
    now = utc_now()
    welding_needs(cast)
    deployment = planned(cast, now, first_on=quiet_monday(now), windows=_windows(now))
    db.session.commit()
    booking = deployment.cohorts[0].booking
    assert booking is not None
    emil, address = signed_in_as(cast.emil), f"/bookings/{booking.id}"
    site = f"/worksites/{cast.steel_site.id}/checks?lab={cast.welding_lab.id}"
    page = emil.get(address).text
    assert "The site’s checklist comes first, then you confirm them." in page
    assert site in page
    assert f'selected value="{cast.welding_lab.id}"' in emil.get(site).text
    assert site in signed_in_as(cast.cora).get(address).text
    draft = checked(cast, now, {"restrooms": False}, final=False)
    db.session.commit()
    page = emil.get(address).text
    assert "A draft of the check waits for a coordinator." in page
    assert f"/site-checks/{draft.id}" in page
    finalise_check(check=draft, actor=cast.cora, now=now)
    db.session.commit()
    page = emil.get(address).text
    assert site not in page
    assert "A coordinator sees to it." in page
    accept_condition(check=draft, key="restrooms", note="Rented.", actor=cast.cora, now=now)
    db.session.commit()
    page = emil.get(address).text
    assert "Before the days are confirmed" not in page
    assert "Confirm these days" in page


def test_a_deployment_says_once_what_its_site_lacks(cast: Cast, signed_in_as: SignIn) -> None:
    now = utc_now()
    welding_needs(cast)
    deployment = planned(cast, now, first_on=quiet_monday(now), windows=_windows(now))
    db.session.commit()
    for person in (cast.cora, cast.tom):
        page = signed_in_as(person).get(f"/deployments/{deployment.id}").text
        assert page.count("Nobody checked yet whether Mill gate 3 is ready for Welding lab.") == 1


def test_so_many_drafts_of_somebody_wait_and_no_more(cast: Cast, signed_in_as: SignIn, now: datetime) -> None:
    welding_needs(cast)
    emil, cora = signed_in_as(cast.emil), signed_in_as(cast.cora)
    address = begun(emil, cast)
    told = Told({}, local_day(now, cast.steel_site.zone))
    for _number in range(MOST_DRAFTS - 1):
        begin_check(worksite=cast.steel_site, lab=cast.welding_lab, told=told, actor=cast.emil, now=now)
    db.session.commit()
    site, lab = f"/worksites/{cast.steel_site.id}/checks", {"lab": cast.welding_lab.id}
    refused = emil.post(site, data=lab)
    assert refused.status_code == 409
    assert "50 drafts of yours wait already" in refused.text
    assert emil.post(f"{address}/continuation").status_code == 409
    assert cora.post(site, data=lab).status_code == 303
