"""The pure rules of the calendar, by example and by property."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.kit.geography import Point
from labtracker.kit.holidays import holidays_between
from labtracker.kit.time import local, local_day
from labtracker.scheduling.rules import states
from labtracker.scheduling.rules.clashes import Busy, clashes, next_free_day
from labtracker.scheduling.rules.conflicts import ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.fitness import (
    LabFacts,
    Readiness,
    ReadinessFacts,
    SiteOffer,
    lab_conflicts,
    outside_windows,
    readiness_conflicts,
    site_conflicts,
)
from labtracker.scheduling.rules.sessions import (
    LONGEST_SEARCH,
    SHORTEST_SESSION,
    Arrangement,
    ShiftPattern,
    cohort_sizes,
    decode_breaks,
    encode_breaks,
    timetable,
)
from labtracker.scheduling.rules.states import BookingStatus, DeliveryMode, Side, Verb
from labtracker.scheduling.rules.travel import Effort, Place, drive_minutes, lay_out, road_miles

DENVER = "America/Denver"
EARLY = ShiftPattern(frozenset({1, 2, 3, 4}), time(6), time(14, 30), 30, DENVER)
NIGHT = ShiftPattern(frozenset({5, 6}), time(22), time(6), 30, DENVER)
PUEBLO = Place("Pueblo", Point(38.24, -104.61))
LAMAR = Place("Lamar", Point(38.08, -102.62))

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
weekdays = st.frozensets(st.integers(1, 7), min_size=1)
clocks = st.times().map(lambda clock: clock.replace(minute=clock.minute // 15 * 15, second=0, microsecond=0))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0)
)


@st.composite
def patterns(draw: st.DrawFn) -> ShiftPattern:
    starts, minutes = draw(clocks), draw(st.integers(6, 56)) * 15
    ends = (datetime(2026, 1, 1, starts.hour, starts.minute) + timedelta(minutes=minutes)).time()
    rest = draw(st.sampled_from([0, 15, 30, 45]))
    return ShiftPattern(draw(weekdays), starts, ends, rest, DENVER)


# --- sessions ---------------------------------------------------------------------------------------


def test_a_shift_becomes_sessions_until_the_hours_are_reached() -> None:
    table = timetable(EARLY, contact_minutes=20 * 60, first_on=date(2026, 5, 4))
    (sessions,) = table.cohorts
    assert [one.day.day for one in sessions] == [4, 5, 6]
    assert [one.contact_minutes for one in sessions] == [480, 480, 240]
    assert table.missing_minutes == 0
    assert local(sessions[0].starts_at, DENVER).time() == time(6)


def test_a_rest_too_short_for_a_session_is_reported() -> None:
    table = timetable(EARLY, contact_minutes=8 * 60 + 20, first_on=date(2026, 5, 4))
    assert len(table.cohorts[0]) == 1
    assert table.missing_minutes == 20


@pytest.mark.parametrize(
    ("day", "minutes"),
    [(date(2026, 3, 6), 450), (date(2026, 3, 7), 390), (date(2026, 10, 31), 510)],
    ids=["an ordinary night", "an hour is lost", "an hour is won"],
)
def test_a_night_shift_is_counted_between_instants(day: date, minutes: int) -> None:
    assert NIGHT.session_on(day).contact_minutes == minutes


def test_holidays_are_passed_over_by_name() -> None:
    closed = holidays_between(date(2026, 5, 1), date(2026, 6, 30), "CO")
    table = timetable(EARLY, contact_minutes=24 * 60, first_on=date(2026, 5, 21), closed_days=closed)
    assert table.skipped == ((date(2026, 5, 25), "Memorial Day"),)


def test_an_end_of_days_leaves_hours_missing() -> None:
    table = timetable(
        EARLY, contact_minutes=24 * 60, first_on=date(2026, 5, 4), not_after=date(2026, 5, 5), cohorts=2
    )
    assert table.missing_minutes == 16 * 60
    assert not table.is_empty


@given(patterns(), days, st.integers(1, 60), st.integers(1, 4), st.sampled_from(Arrangement))
def test_timetables_are_sound(
    pattern: ShiftPattern, first_on: date, hours: int, cohorts: int, arrangement: Arrangement
) -> None:
    closed = holidays_between(first_on, first_on + timedelta(days=500))
    table = timetable(
        pattern,
        contact_minutes=hours * 60,
        first_on=first_on,
        cohorts=cohorts,
        arrangement=arrangement,
        closed_days=closed,
    )
    assert all(first.ends_at <= second.starts_at for first, second in pairwise(table.sessions))
    for one in table.sessions:
        assert one.day >= first_on
        assert one.day not in closed
        assert one.day.isoweekday() in pattern.weekdays
        assert local_day(one.starts_at, DENVER) == one.day
        assert one.contact_minutes > 0
        assert all(one.starts_at < start < end < one.ends_at for start, end in one.breaks)
        assert decode_breaks(encode_breaks(one.breaks)) == one.breaks
    for minutes in table.planned_minutes:
        assert minutes <= hours * 60
        gave_up = table.sessions[-1].day > first_on + LONGEST_SEARCH - timedelta(days=15)
        assert hours * 60 - minutes < SHORTEST_SESSION or gave_up


@given(st.integers(1, 400), st.integers(1, 24))
def test_cohorts_are_few_and_even(headcount: int, seats: int) -> None:
    sizes = cohort_sizes(headcount, seats)
    assert sum(sizes) == headcount
    assert max(sizes) <= seats
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == -(-headcount // seats)


# --- travel -----------------------------------------------------------------------------------------


def test_distances_and_drives() -> None:
    assert road_miles(PUEBLO, LAMAR) == 141
    assert drive_minutes(PUEBLO, LAMAR, 50) == 195
    assert drive_minutes(PUEBLO, PUEBLO) == 0
    assert drive_minutes(PUEBLO, Place("nowhere")) == 240
    assert road_miles(PUEBLO, Place("nowhere")) is None


def test_a_lab_leaves_on_the_last_working_day_that_fits() -> None:
    first, last = datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 5, 6, 20, 30, tzinfo=UTC)
    stay = lay_out(first, last, Effort(195, 240, 240), zone=DENVER)
    shown = [local(at, DENVER).strftime("%a %H:%M") for at in (stay.leaves_home_at, stay.arrives_at)]
    assert shown == ["Fri 10:45", "Fri 14:00"]
    assert local(stay.ready_at, DENVER).strftime("%a %H:%M") == "Fri 18:00"
    # Half past two is too late to pack and drive on the same day.
    assert local(stay.packs_at, DENVER).strftime("%a %H:%M") == "Thu 07:00"
    assert local(stay.home_at, DENVER).strftime("%a %H:%M") == "Thu 14:15"


@given(
    instants,
    st.integers(1, 30 * 24 * 60),
    st.builds(Effort, st.integers(0, 1500), st.integers(0, 2000), st.integers(0, 2000)),
)
def test_stays_keep_their_order_and_their_work(first: datetime, length: int, effort: Effort) -> None:
    last = first + timedelta(minutes=length)
    closed = holidays_between(date(2025, 12, 1), date(2027, 3, 1))
    stay = lay_out(first, last, effort, zone=DENVER, closed_days=closed)
    moments = [stay.leaves_home_at, stay.arrives_at, stay.ready_at, first]
    moments += [last, stay.packs_at, stay.packed_at, stay.home_at]
    assert moments == sorted(moments)
    assert stay.travel_in_minutes >= effort.travel
    assert stay.setup_minutes >= effort.setup
    assert stay.teardown_minutes >= effort.teardown
    assert stay.travel_out_minutes >= effort.travel


# --- conflicts --------------------------------------------------------------------------------------


def party(kind: str, number: int) -> Party:
    return Party(kind, UUID(int=number), f"{kind} {number}")


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    start = draw(instants)
    span = Span(start, start + timedelta(minutes=draw(st.integers(1, 3000))))
    kind = draw(st.sampled_from(["lab", "person"]))
    place = draw(st.sampled_from([PUEBLO, LAMAR, None])) if kind == "person" else None
    return Hold(
        party(kind, draw(st.integers(1, 3))), span, party("deployment", draw(st.integers(4, 9))), place
    )


@given(st.lists(holds(), max_size=6), st.lists(holds(), max_size=6))
def test_clashes_are_found_from_both_sides(mine: list[Hold], theirs: list[Hold]) -> None:
    pairs = {(one.party.id, one.other.id if one.other else None) for one in clashes(mine, theirs)}
    expected = set()
    for hold in mine:
        for other in theirs:
            drive = timedelta()
            if hold.place and other.place and hold.place != other.place:
                drive = timedelta(minutes=drive_minutes(hold.place, other.place))
            meet = (
                hold.span.starts_at - drive < other.span.ends_at
                and other.span.starts_at < hold.span.ends_at + drive
            )
            if hold.who.id == other.who.id and meet:
                expected.add((hold.who.id, other.because.id))
    assert pairs == expected
    assert bool(clashes(mine, theirs)) == bool(clashes(theirs, mine))


@given(holds())
def test_back_to_back_is_no_clash_and_an_overlap_is_shown(hold: Hold) -> None:
    length = hold.span.ends_at - hold.span.starts_at
    after = Hold(hold.who, Span(hold.span.ends_at, hold.span.ends_at + length), hold.because, hold.place)
    assert clashes([hold], [after]) == []
    (conflict,) = clashes([hold], [hold])
    assert conflict.overlap == hold.span
    assert conflict.blocks


def test_a_trainer_needs_time_to_drive() -> None:
    noon = datetime(2026, 5, 4, 18, tzinfo=UTC)
    tom = party("person", 1)
    morning = Hold(tom, Span(noon - timedelta(hours=4), noon), party("cohort", 2), PUEBLO)
    for pause, clash in ((60, True), (240, False)):
        start = noon + timedelta(minutes=pause)
        later = Hold(tom, Span(start, start + timedelta(hours=4)), party("cohort", 3), LAMAR)
        assert bool(clashes([later], [morning])) is clash


def test_the_next_free_day_is_really_free() -> None:
    lab = party("lab", 1)

    def stay(day: date) -> list[Hold]:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return [Hold(lab, Span(start, start + timedelta(days=3)), party("deployment", 8))]

    taken = [*stay(date(2026, 5, 4)), *stay(date(2026, 5, 8))]
    assert next_free_day(stay, Busy(taken), after=date(2026, 5, 4)) == date(2026, 5, 11)
    assert next_free_day(stay, Busy(taken), after=date(2026, 5, 4), days=3) is None


def test_labs_and_sites_are_held_against_each_other() -> None:
    lab = LabFacts(party("lab", 1), seats=8, courses=frozenset({UUID(int=5)}), length_ft=53, power_kw=60)
    assert lab_conflicts(lab, party("course", 5), 8) == []
    kinds = [one.kind for one in lab_conflicts(lab, party("course", 6), 9)]
    assert kinds == [ConflictKind.NOT_EQUIPPED, ConflictKind.TOO_MANY]
    site = SiteOffer(party("worksite", 7), pad_length_ft=50, power_kw=30)
    found = site_conflicts(lab, site)
    assert [one.kind for one in found] == [ConflictKind.PAD_TOO_SHORT, ConflictKind.POWER_TOO_WEAK]
    assert not any(one.blocks for one in found)
    assert site_conflicts(lab, SiteOffer(party("worksite", 7))) == []


def test_windows() -> None:
    windows = [(date(2026, 5, 4), date(2026, 5, 8)), (date(2026, 6, 1), date(2026, 6, 30))]
    assert not outside_windows(date(2026, 5, 4), date(2026, 5, 8), windows)
    assert outside_windows(date(2026, 5, 7), date(2026, 5, 11), windows)
    assert not outside_windows(date(2026, 5, 7), date(2026, 5, 11), [])


# --- states -----------------------------------------------------------------------------------------


def test_who_may_do_what_when() -> None:
    employer = {status: states.verbs_open_to(status, Side.EMPLOYER) for status in BookingStatus}
    provider = {status: states.verbs_open_to(status, Side.PROVIDER) for status in BookingStatus}
    assert employer[BookingStatus.SUBMITTED] == {Verb.WITHDRAW}
    assert employer[BookingStatus.PLANNED] == {Verb.CONFIRM, Verb.WITHDRAW}
    assert employer[BookingStatus.CONFIRMED] == {Verb.CANCEL}
    assert provider[BookingStatus.SUBMITTED] >= {Verb.REVIEW, Verb.PLAN, Verb.WAITLIST, Verb.DECLINE}
    for status in states.OVER:
        assert employer[status] == provider[status] == set()
    for status in BookingStatus:
        assert employer[status] <= provider[status]


@pytest.mark.parametrize(
    ("kind", "lab_comes", "mode"),
    [
        ("employer", True, DeliveryMode.EMPLOYER_SITE),
        ("provider", False, DeliveryMode.CAMPUS),
        ("provider", True, DeliveryMode.RURAL_HUB),
        ("workforce_center", True, DeliveryMode.RURAL_HUB),
    ],
)
def test_delivery_mode_follows_from_the_ground(kind: str, lab_comes: bool, mode: DeliveryMode) -> None:
    assert states.default_delivery_mode(kind, lab_comes=lab_comes) == mode


def test_readiness_warns() -> None:
    lab, site, day = party("lab", 1), party("worksite", 7), date(2026, 5, 4)

    def kinds(**facts: object) -> list[tuple[ConflictKind, bool]]:
        found = readiness_conflicts(ReadinessFacts(**facts), lab, site, day)  # type: ignore[arg-type]
        return [(one.kind, one.blocks) for one in found]

    assert readiness_conflicts(None, lab, site, day) == []
    assert kinds(outcome=Readiness.READY, valid_until=day) == []
    assert kinds(outcome=Readiness.NOT_READY) == [(ConflictKind.NOT_READY, False)]
    assert kinds() == [(ConflictKind.READINESS_MISSING, False)]
    lapsed = kinds(outcome=Readiness.READY, valid_until=day - timedelta(days=1))
    assert lapsed == [(ConflictKind.READINESS_LAPSES, False)]
    assert kinds(valid_until=day, unanswered=2) == [(ConflictKind.READINESS_PARTIAL, False)]
    assert kinds(outcome=Readiness.CONDITIONS) == []
    open_ones = kinds(outcome=Readiness.CONDITIONS, unaccepted=2)
    assert open_ones == [(ConflictKind.READINESS_CONDITIONS, False)]
