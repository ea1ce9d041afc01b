"""Days that can really be served are offered, to employers without a word about others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.fleet.rules import LicenceClass
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.services import add_blackout
from labtracker.labs.services.readiness import accept_condition
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.openings import (
    HORIZON,
    NOTICE,
    openings_for,
    openings_in_windows,
    openings_to_ask_for,
    whereabouts,
)
from labtracker.scheduling.rules.conflicts import Party
from labtracker.scheduling.rules.openings import Obstacle
from labtracker.scheduling.wording.openings import hindrance_words, opening_words, opening_words_for_staff
from tests.cast import Cast, person
from tests.fleet.builders import closure, inspection, leave, licence, tractor, unlearn
from tests.labs.checks import checked, welding_needs
from tests.scheduling.builders import MONDAY, draft, planned, quiet_monday, submitted

TODAY = date(2026, 4, 13)
MAY = (MONDAY, MONDAY + timedelta(days=26))


@pytest.fixture
def visit(cast: Cast, now: datetime) -> queries.Visit:
    return queries.visit_of(submitted(cast, now, windows=[MAY]))


def test_every_opening_is_accepted_when_it_is_taken(cast: Cast, now: datetime) -> None:
    planned(cast, now, first_on=date(2026, 5, 11), trainers=[cast.tess])
    booking = submitted(cast, now, windows=[MAY])
    found = openings_in_windows(queries.visit_of(booking), TODAY).found
    assert [one.first_on.day for one in found] == [4, 18, 26]
    assert [one.last_on.day for one in found] == [6, 20, 28]
    last = found[-1]
    deployment = services.plan_deployment(
        booking=booking,
        lab=db.session.get_one(Lab, last.lab.id),
        trainers=[one for one in (cast.tess, cast.tom) if one.id == last.trainer.id],
        first_on=last.first_on,
        actor=cast.cora,
        now=now,
    )
    assert deployment.lab == cast.welding_lab


def test_another_lab_and_another_trainer_are_found(cast: Cast, now: datetime, visit: queries.Visit) -> None:
    planned(cast, now, trainers=[cast.tess])
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=3)}
    taken = openings_for(visit, TODAY, **week)
    assert taken.found == ()
    assert [(one.why, one.lab and one.lab.name) for one in taken.hindrances] == [
        (Obstacle.LAB_TAKEN, "Welding lab")
    ]
    spare = Lab(
        provider=cast.college,
        name="Spare lab",
        seats=8,
        home_city="Pueblo",
        home_zip="81004",
        created_at=now,
        courses=[cast.welding],
    )
    db.session.add(spare)
    db.session.flush()
    (opening,) = openings_for(visit, TODAY, **week).found
    assert (opening.lab.name, opening.trainer.name) == ("Spare lab", "Tom Baca")
    assert (opening.miles, opening.sessions) == (None, 3)


def test_an_employer_chooses_three_weeks_ahead_and_within_half_a_year(cast: Cast, now: datetime) -> None:
    found = openings_to_ask_for(draft(cast, now), TODAY)
    assert found is not None
    assert found.found[0].first_on == TODAY + NOTICE
    assert all(one.first_on <= TODAY + HORIZON for one in found.found)
    weeks = {one.first_on.isocalendar()[:2] for one in found.found}
    assert len(weeks) == len(found.found) == 6
    unfinished = services.start_booking(employer=cast.steel, actor=cast.emil, now=now)
    assert openings_to_ask_for(unfinished, TODAY) is None


def test_why_nothing_can_begin_is_told(cast: Cast, now: datetime, visit: queries.Visit) -> None:
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=3)}

    def reasons() -> list[Obstacle]:
        found = openings_for(visit, TODAY, **week)
        assert found.found == ()
        return [one.why for one in found.worth_telling]

    campus = services.create_cohort(
        name="Campus",
        course=cast.welding,
        worksite=cast.campus,
        seats=8,
        sessions=[visit.pattern.session_on(MONDAY + timedelta(days=step)) for step in range(4)],
        trainers=[cast.tom, cast.tess],
        actor=cast.cora,
        now=now,
    )
    assert reasons() == [Obstacle.NO_TRAINER]
    for session in campus.sessions:
        services.cancel_session(session=session, reason="Snow", actor=cast.cora, now=now)
    add_blackout(
        worksite=cast.steel_site,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=3),
        reason="Relining",
        actor=cast.emil,
        now=now,
    )
    assert reasons() == [Obstacle.CLOSED]
    cast.welding_lab.length_ft = 60
    cast.steel_site.pad_length_ft = 50
    visit = queries.visit_of(db.session.query(BookingRequest).filter_by(status="submitted").one())
    assert reasons() == [Obstacle.SITE_TOO_SMALL]
    cast.welding_lab.courses.remove(cast.welding)
    db.session.flush()
    assert reasons() == [Obstacle.NO_LAB]


def test_an_employer_hears_how_far_a_lab_is_and_of_nobody(cast: Cast, now: datetime) -> None:
    cast.welding_lab.courses.append(cast.wiring)
    elsewhere = planned(
        cast, now, course=cast.wiring, employer=cast.dairy, actor=cast.stella, worksite=cast.dairy_site
    )
    visit = queries.visit_of(submitted(cast, now, windows=[MAY]))
    found = openings_for(visit, TODAY, first=MONDAY, last=MONDAY + timedelta(days=1))
    (reason,) = found.worth_telling

    def words(*, for_staff: bool = False) -> str:
        return hindrance_words(reason, whereabouts([reason], cast.steel_site), for_staff=for_staff)

    assert words() == "Welding lab is taken."
    assert words(for_staff=True) == "Welding lab is at Milking barn lot, Lamar, travel included."
    services.confirm_booking(booking=elsewhere.cohorts[0].booking, actor=cast.stella, now=now)
    assert words() == "Welding lab is about 140 miles away then."


def taken_by_a_visit_elsewhere(cast: Cast, now: datetime, **how: Any) -> None:
    """The wiring lab goes to the dairy with the truck and its driver, on the days of the first week."""
    cast.wiring_lab.weight_lb = 30_000
    planned(
        cast,
        now,
        course=cast.wiring,
        lab=cast.wiring_lab,
        employer=cast.dairy,
        actor=cast.stella,
        worksite=cast.dairy_site,
        trainers=[cast.tess],
        **how,
    )


def test_an_opening_names_the_vehicle_and_who_may_drive_it(
    cast: Cast, now: datetime, visit: queries.Visit
) -> None:
    truck = tractor(cast, labs=[cast.welding_lab, cast.wiring_lab])
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=3)}

    def reason() -> tuple[Obstacle, str]:
        found = openings_for(visit, TODAY, **week)
        assert found.found == ()
        (why,) = found.worth_telling
        return why.why, hindrance_words(why, {})

    nobody = "Welding lab is free, but nobody who may drive its load (commercial, class A) is."
    assert reason() == (Obstacle.NO_DRIVER, nobody)
    held = licence(cast.tess, until=MONDAY + timedelta(days=2), letter=LicenceClass.A)
    assert reason() == (Obstacle.NO_DRIVER, nobody)
    held.expires_on = date(2026, 12, 31)
    db.session.flush()
    (opening,) = openings_for(visit, TODAY, **week).found
    assert (opening.vehicle and opening.vehicle.name, opening.driver and opening.driver.name) == (
        "Tractor 1",
        "Tess Nakai",
    )
    assert "; Tess Nakai drives Tractor 1" in opening_words_for_staff(opening)
    truck.weight_lb = cast.welding_lab.weight_lb = 9_000
    db.session.flush()
    (light,) = openings_for(visit, TODAY, **week).found
    assert light.driver is None
    assert "; Tractor 1 tows it" in opening_words_for_staff(light)


def test_a_truck_or_a_driver_that_is_out_is_not_counted_on(
    cast: Cast, now: datetime, visit: queries.Visit
) -> None:
    truck = tractor(cast, labs=[cast.welding_lab, cast.wiring_lab])
    licence(cast.tess, until=date(2026, 12, 31))
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=1)}
    taken_by_a_visit_elsewhere(cast, now, vehicle=truck, vehicle_stays=True, drivers=[cast.tess])
    found = openings_for(visit, TODAY, **week)
    assert [one.why for one in found.hindrances] == [Obstacle.NO_VEHICLE]
    words = hindrance_words(found.hindrances[0], {})
    assert words == "Welding lab is free, but no vehicle that may tow it is."
    spare = tractor(cast, name="Tractor 2", plate="BVK 207")
    found = openings_for(visit, TODAY, **week)
    assert [one.why for one in found.hindrances] == [Obstacle.NO_DRIVER]
    licence(cast.tom, until=date(2026, 12, 31))
    (opening,) = openings_for(visit, TODAY, **week).found
    assert opening.vehicle == Party("vehicle", spare.id, "Tractor 2")
    assert opening.driver == Party("person", cast.tom.id, "Tom Baca")
    closure(cast, MONDAY - timedelta(days=7), MONDAY + timedelta(days=7), vehicle=spare)
    assert [one.why for one in openings_for(visit, TODAY, **week).hindrances] == [Obstacle.NO_VEHICLE]


def test_a_vehicle_that_must_be_inspected_first_tows_nothing(
    cast: Cast, now: datetime, visit: queries.Visit
) -> None:
    truck = tractor(cast, weight_lb=9_000)
    cast.welding_lab.weight_lb = 9_000
    inspection(cast, TODAY - timedelta(days=1), vehicle=truck)
    found = openings_for(visit, TODAY, first=MONDAY, last=MONDAY + timedelta(days=3))
    assert [one.why for one in found.hindrances] == [Obstacle.NO_VEHICLE]
    truck.retired_at = now
    db.session.flush()
    # Where no vehicle in service is known, none is asked for: a coordinator sees to it.
    (opening,) = openings_for(visit, TODAY, first=MONDAY, last=MONDAY + timedelta(days=3)).found
    assert (opening.vehicle, opening.driver) == (None, None)


def test_conditions_of_the_site_are_named_beside_the_days(
    cast: Cast, now: datetime, visit: queries.Visit
) -> None:
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=3)}
    welding_needs(cast, lighting=True, signal=True)
    (opening,) = openings_for(visit, TODAY, **week).found
    assert opening_words(opening) == "Mon, May 4 – Wed, May 6, 2026 (3 sessions)"
    assert "; nobody checked the site for this lab yet" in opening_words_for_staff(opening)
    answers = {"restrooms": False, "lighting": False, "signal": False, "pad_length_ft": 50}
    check = checked(cast, now, answers, lab=cast.welding_lab)
    (opening,) = openings_for(visit, TODAY, **week).found
    named = "; the site is ready with conditions: Length of the pad, Cell signal, Lighting, 1 more"
    assert opening_words(opening).endswith(named)
    assert named in opening_words_for_staff(opening)
    for key in answers:
        accept_condition(check=check, key=key, note="We see to it.", actor=cast.cora, now=now)
    (opening,) = openings_for(visit, TODAY, **week).found
    assert (opening.lacks, len(opening.conditions)) == (None, 4)
    checked(cast, now + timedelta(hours=1), {}, lab=cast.welding_lab, expires_on=MONDAY - timedelta(days=9))
    (opening,) = openings_for(visit, TODAY, **week).found
    assert "; the site’s check lapses before the lab arrives" in opening_words_for_staff(opening)


def test_as_many_statements_are_sent_whatever_the_fleet_holds(
    cast: Cast, now: datetime, visit: queries.Visit
) -> None:
    def statements() -> int:
        db.session.flush()
        sent: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", note := lambda *told: sent.append(told[2]))
        openings_for(visit, TODAY, first=MONDAY, last=MONDAY + timedelta(days=20))
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    truck = tractor(cast, labs=[cast.welding_lab, cast.wiring_lab])
    licence(cast.tess, until=date(2026, 12, 31))
    before = statements()
    for number in range(3):
        tractor(cast, name=f"Tractor {number + 2}", plate=f"X {number}")
    licence(cast.tom, until=date(2026, 12, 31))
    taken_by_a_visit_elsewhere(cast, now, vehicle=truck, drivers=[cast.tom])
    openings_for(visit, TODAY, first=MONDAY, last=MONDAY + timedelta(days=20))
    assert statements() <= before


def test_the_last_step_offers_days_that_fill_the_window(
    cast: Cast, signed_in_as: object, now: datetime
) -> None:
    today = local_day(utc_now(), "America/Denver")
    monday = quiet_monday(utc_now())
    span = (monday, monday + timedelta(days=18))
    booking = draft(cast, utc_now(), windows=[span])
    employer: FlaskClient = signed_in_as(cast.emil)  # type: ignore[operator]
    page = f"/bookings/{booking.id}/steps/when"
    opened = employer.get(page).text
    found = openings_to_ask_for(booking, today)
    assert found is not None
    second = found.found[1]
    value = f"{second.first_on}/{second.last_on}"
    assert f'value="{value}"' in opened
    assert "Plains Dairy" not in opened
    blank = {f"window_{number}_{end}": "" for number in (1, 2, 3) for end in ("starts", "ends")}
    assert "Choose days from this list, or give other days below." in employer.post(page, data=blank).text
    assert "Please fill this in." in employer.post(page, data={**blank, "opening": ""}).text
    assert employer.post(page, data={**blank, "opening": value}).status_code == 303
    db.session.expire_all()
    (window,) = db.session.get_one(BookingRequest, booking.id).windows
    assert (window.starts_on, window.ends_on) == (second.first_on, second.last_on)
    assert f'checked id="opening-1" name="opening" type="radio" value="{value}"' in employer.get(page).text
    typed = {**blank, "opening": "", "window_1_starts": str(monday), "window_1_ends": str(span[1])}
    assert employer.post(page, data=typed).status_code == 303
    meets = {"window_1_starts": str(second.last_on), "window_1_ends": str(second.last_on + timedelta(days=4))}
    both = {**typed, "opening": value, **meets}
    overlapping = employer.post(page, data=both)
    assert overlapping.status_code == 422
    assert 'href="#window_1_starts"' in overlapping.text
    june = {
        "window_1_starts": str(span[1] + timedelta(days=1)),
        "window_1_ends": str(span[1] + timedelta(days=9)),
    }
    # Days that were free when the page was made and are not any more are a wish like any other.
    assert employer.post(page, data={**both, **june}).status_code == 303
    db.session.expire_all()
    assert len(db.session.get_one(BookingRequest, booking.id).windows) == 2
    nonsense = employer.post(page, data={**blank, "opening": "tomorrow/never"})
    assert nonsense.status_code == 422


def test_the_plan_page_starts_from_the_first_opening(cast: Cast, signed_in_as: object) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    span = (monday, monday + timedelta(days=18))
    planned(cast, now, first_on=monday, trainers=[cast.tess], windows=[span])
    booking = submitted(cast, now, windows=[span])
    cora: FlaskClient = signed_in_as(cast.cora)  # type: ignore[operator]
    page = cora.get(f"/bookings/{booking.id}/plan").text
    assert "Days that are free" in page
    assert f'value="{monday + timedelta(days=7)}"' in page
    assert "Welding lab, 1 mile away, with Tess Nakai" in page
    assert "Nothing stands in the way" in page


def asked_for(cast: Cast, monday: date, trainer: Person, **more: Any) -> dict[str, Any]:
    """The plan page's form for the welding lab with somebody, from a day on."""
    return {
        "lab": cast.welding_lab.id,
        "first_on": monday,
        "trainers": trainer.id,
        "arrangement": "alternating",
        "delivery_mode": "employer_site",
        **more,
    }


def test_the_plan_page_says_who_could_and_with_what(cast: Cast, signed_in_as: object) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    span = (monday, monday + timedelta(days=18))
    planned(cast, now, first_on=monday, trainers=[cast.tess], windows=[span])
    booking = submitted(cast, now, windows=[span])
    heavy, light = tractor(cast), tractor(cast, name="Pickup", weight_lb=9_000)
    cast.welding_lab.weight_lb = 9_000
    unlearn(cast.tom, cast.welding)
    db.session.commit()
    cora: FlaskClient = signed_in_as(cast.cora)  # type: ignore[operator]
    answers = asked_for(cast, monday, cast.tess, vehicle=heavy.id, drivers=cast.tess.id)
    page = cora.get(f"/bookings/{booking.id}/plan", query_string=answers).text
    assert "Tess Nakai (not free then)" in page
    assert "Tom Baca (does not teach this course)" in page
    assert page.index("Tess Nakai (") < page.index("Tom Baca (")
    later = {**answers, "first_on": monday + timedelta(days=7)}
    page = cora.get(f"/bookings/{booking.id}/plan", query_string=later).text
    assert "Tess Nakai (not free" not in page
    assert "Pickup is free and could tow it." in page
    assert f"vehicle={light.id}" in page
    licence(cast.tom, until=monday + timedelta(days=99))
    db.session.commit()
    page = cora.get(f"/bookings/{booking.id}/plan", query_string=later).text
    assert "Tom Baca is free and could drive instead of Tess Nakai." in page
    assert f"trainers={cast.tess.id}&amp;vehicle={heavy.id}&amp;drivers={cast.tom.id}" in page


def test_the_plan_page_says_who_has_the_licence(cast: Cast, signed_in_as: object) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    span = (monday, monday + timedelta(days=18))
    booking = submitted(cast, now, windows=[span])
    heavy = tractor(cast)
    cast.welding_lab.weight_lb = 12_000
    tina = person("tina@college.example", "Tina Vega", cast.college, Role.TRAINER)
    ben = person("ben@college.example", "Ben Ito", cast.college, Role.TRAINER)
    ann = person("ann@college.example", "Ann Bell", cast.college, Role.TRAINER)
    db.session.flush()
    later = date(monday.year + 1, 3, 4)
    licence(cast.tom, until=later, letter=LicenceClass.A)
    licence(cast.tess, until=monday - timedelta(days=9), letter=LicenceClass.A)
    licence(tina, until=later, letter=LicenceClass.B)
    licence(ben, until=later, letter=LicenceClass.A)
    away = (monday - timedelta(days=3), monday + timedelta(days=10))
    leave(ben, *away)
    db.session.commit()
    cora: FlaskClient = signed_in_as(cast.cora)  # type: ignore[operator]
    asked = asked_for(cast, monday, cast.tom, vehicle=heavy.id)
    page = cora.get(f"/bookings/{booking.id}/plan", query_string=asked).text
    drivers = page[page.index('id="drivers') :]
    said = [
        f"Tom Baca (license: commercial, class A, until Mar 4, {later.year})",
        f"Ben Ito (license: commercial, class A, until Mar 4, {later.year}; not free then)",
        "Tess Nakai (license: commercial, class A, only until ",
        "Tina Vega (license: commercial, class B, too little for this load)",
        f"{ann.name} (no license noted)",
    ]
    assert all(words in drivers for words in said)
    assert sorted(said, key=drivers.index) == said


def test_where_no_single_change_helps_the_way_leads_to_days_that_are_free(
    cast: Cast, signed_in_as: object
) -> None:
    now, monday = utc_now(), quiet_monday(utc_now())
    span = (monday, monday + timedelta(days=26))
    # The lab is out, and the trainer teaches something else: one change alone leaves the other.
    planned(cast, now, first_on=monday, trainers=[cast.tess], windows=[span])
    booking = submitted(cast, now, windows=[span])
    unlearn(cast.tom, cast.welding)
    db.session.commit()
    cora: FlaskClient = signed_in_as(cast.cora)  # type: ignore[operator]
    asked = asked_for(cast, monday, cast.tom)
    page = cora.get(f"/bookings/{booking.id}/plan", query_string=asked).text
    assert "No single change would clear the way." in page
    assert 'href="#free-days"' in page
    assert 'id="free-days"' in page
    free = cora.get(f"/bookings/{booking.id}/plan").text
    assert "No single change" not in free
    check = {"booking": booking.id, "lab": cast.welding_lab.id, "first_on": monday, "trainers": cast.tom.id}
    told = cora.get("/board/check", query_string=check).get_json()
    stops = [one for one in told["conflicts"] if one["blocks"]]
    assert len(stops) > 1
    target = stops[0]["ways_out"][0]["target"]
    better = cora.get("/board/check", query_string={"booking": booking.id, **target}).get_json()
    assert not better["blocked"]
