"""What cannot be is refused in the reader's language, and what changes under people's feet breaks nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs.services import retire_lab
from labtracker.scheduling import queries, services
from labtracker.scheduling.rules.conflicts import ConflictKind
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.wording.conflicts import conflict_words
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, draft, planned, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]

LATER = (date(2026, 6, 1), date(2026, 6, 12))


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context(), force_locale(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("changes", "code", "field", "words"),
    [
        (
            {"windows": [LATER, (date(2026, 6, 10), date(2026, 6, 20))]},
            "windows_overlap",
            "window_2_starts",
            {"en": "overlap with choice 1", "es": "se cruzan con la opción 1"},
        ),
        (
            {"windows": [LATER[::-1]]},
            "window_ends_before_start",
            "window_1_ends",
            {"en": "The last day is before the first.", "es": "El último día es anterior al primero."},
        ),
        (
            {"headcount": 0},
            "headcount_missing",
            "headcount",
            {"en": "At least one worker has to come.", "es": "Tiene que venir al menos un trabajador."},
        ),
        (
            {"headcount": 10_000},
            "headcount_too_high",
            "headcount",
            {"en": "At most 200 workers fit one request.", "es": "200"},
        ),
        (
            {"shift_starts": time(14), "shift_ends": time(13)},
            "shift_ends_before_start",
            "shift_ends",
            {"en": "The shift ends before it starts.", "es": "El turno termina antes de empezar."},
        ),
    ],
)
def test_impossible_answers_name_their_field_in_both_languages(
    cast: Cast,
    now: datetime,
    language: str,
    changes: dict[str, Any],
    code: str,
    field: str,
    words: dict[str, str],
) -> None:
    with pytest.raises(DomainError) as refused:
        draft(cast, now, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert words[language] in refused.value.message


def test_a_site_without_coordinates_keeps_four_hours_for_the_drive(cast: Cast, now: datetime) -> None:
    cast.steel_site.latitude = cast.steel_site.longitude = None
    visit = queries.visit_of(submitted(cast, now))
    proposal = queries.propose(visit, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY)
    assert not proposal.blocked
    assert proposal.miles is None
    assert proposal.stay is not None
    assert proposal.stay.travel_in_minutes == 240


def test_a_lab_that_is_retired_while_booked_is_placed_no_more(
    cast: Cast, now: datetime, language: str
) -> None:
    stay = planned(cast, now)
    retire_lab(cast.welding_lab, actor=cast.cora, now=now)
    # What stands there stays, and can be called off; nothing new comes.
    assert stay.lab is cast.welding_lab
    with pytest.raises(services.ConflictError) as refused:
        services.plan_deployment(
            booking=_another(cast, now),
            lab=cast.welding_lab,
            trainers=[cast.tess],
            first_on=MONDAY + timedelta(days=14),
            actor=cast.cora,
            now=now,
        )
    (retired,) = [one for one in refused.value.conflicts if one.kind is ConflictKind.LAB_RETIRED]
    words = {"en": "Welding lab is no longer in service.", "es": "Welding lab ya no está en servicio."}
    assert conflict_words(retired, "America/Denver") == words[language]
    services.cancel_deployment(deployment=stay, reason="The lab is sold", actor=cast.cora, now=now)


def _another(cast: Cast, now: datetime) -> Any:
    """A booking that was sent in while the lab was still in service."""
    retired_at, cast.welding_lab.retired_at = cast.welding_lab.retired_at, None
    booking = submitted(cast, now)
    cast.welding_lab.retired_at = retired_at
    db.session.flush()
    return booking


def test_a_trainer_who_leaves_half_way_keeps_what_they_held(cast: Cast, now: datetime, language: str) -> None:
    stay = planned(cast, now)
    first, *coming = stay.cohorts[0].sessions
    half_way = first.ends_at + timedelta(hours=1)
    with pytest.raises(DomainError) as refused:
        services.remove_from_crew(
            deployment=stay, person=cast.tom, duty=Duty.TRAINER, actor=cast.cora, now=half_way
        )
    words = {"en": "keeps at least one trainer", "es": "conserva al menos un instructor"}
    assert words[language] in refused.value.message
    services.add_to_crew(deployment=stay, person=cast.tess, actor=cast.cora, now=half_way)
    services.remove_from_crew(
        deployment=stay, person=cast.tom, duty=Duty.TRAINER, actor=cast.cora, now=half_way
    )
    assert [one.person for one in first.trainers] == [cast.tom]
    assert all([one.person for one in session.trainers] == [cast.tess] for session in coming)


def test_a_course_that_is_edited_while_a_cohort_runs_leaves_its_copy(cast: Cast, now: datetime) -> None:
    cohort = planned(cast, now).cohorts[0]
    services.freeze_policy(cohort, now)
    cast.welding.contact_hours, cast.welding.pass_mark = Decimal(80), 95
    services.refresh_policy(cohort=cohort)
    assert (cohort.contact_hours, cohort.pass_mark) == (Decimal(24), 70)


def test_a_night_shift_over_the_change_of_the_clocks_counts_what_passes(cast: Cast, now: datetime) -> None:
    saturday = date(2026, 10, 31)
    stay = planned(
        cast,
        now,
        first_on=saturday,
        windows=[(saturday, saturday + timedelta(days=20))],
        weekdays=[6],
        shift_starts=time(22),
        shift_ends=time(6),
        break_minutes=0,
    )
    longer, usual, *_more = stay.cohorts[0].sessions
    assert (longer.net_minutes, usual.net_minutes) == (9 * 60, 8 * 60)
    with pytest.raises(services.ConflictError):
        services.move_session(
            session=usual,
            starts_at=longer.ends_at - timedelta(minutes=30),
            ends_at=longer.ends_at + timedelta(hours=3),
            break_minutes=0,
            actor=cast.cora,
            now=now,
        )


def test_a_lab_says_what_it_is_booked_for_before_and_after_it_is_retired(
    cast: Cast, signed_in_as: Signer
) -> None:
    now = utc_now()
    monday = quiet_monday(now)
    stay = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    cora, page = signed_in_as(cast.cora), f"/labs/{cast.welding_lab.id}"
    before = cora.get(page).text
    assert "1 visit is planned with this lab" in before
    assert f"/deployments/{stay.id}" in before
    assert "Retiring changes none of them and tells nobody." in before
    assert "planned with this lab" not in cora.get(f"/labs/{cast.wiring_lab.id}").text
    assert "planned with this lab" not in signed_in_as(cast.tom).get(page).text
    assert signed_in_as(cast.emil).get(page).status_code == 403
    cora.post(f"{page}/retirement")
    after = cora.get(page).text
    assert "They stand as planned and nobody was told." in after
    assert f"/deployments/{stay.id}" in after
