"""A stay leaves time for the road, for setting up and packing, and meets an open gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.accounts.rules import Role
from labtracker.kit.holidays import holidays_between
from labtracker.kit.time import local, local_day
from labtracker.labs.services import add_blackout
from labtracker.scheduling import queries
from labtracker.scheduling.rules.conflicts import ConflictKind, Party
from labtracker.scheduling.rules.stays import stay_conflicts
from labtracker.scheduling.rules.travel import Effort, GateHours, lay_out
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, submitted

DENVER = "America/Denver"
LAB = Party("lab", UUID(int=1), "Welding lab")
CLOSED = frozenset(holidays_between(date(2025, 12, 1), date(2027, 3, 1)))
FIRST, LAST = datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 5, 6, 20, 30, tzinfo=UTC)

instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0)
)
efforts = st.builds(Effort, st.integers(0, 1500), st.integers(0, 2000), st.integers(0, 2000))
gates = st.tuples(st.integers(0, 22), st.integers(1, 23)).map(
    lambda hours: GateHours(time(hours[0]), time(max(hours[0] + 1, hours[1])))
)


@given(instants, st.integers(1, 30 * 24 * 60), efforts, st.none() | gates)
def test_what_is_laid_out_leaves_time_for_everything(
    first: datetime, length: int, effort: Effort, gate: GateHours | None
) -> None:
    stay = lay_out(
        first, first + timedelta(minutes=length), effort, zone=DENVER, closed_days=CLOSED, gate=gate
    )
    kinds = {
        one.kind for one in stay_conflicts(stay, effort, LAB, zone=DENVER, closed_days=CLOSED, gate=gate)
    }
    crews_find_it_open = gate is None or (gate.opens <= time(18) and gate.closes >= time(7))
    assert kinds <= (set() if crews_find_it_open else {ConflictKind.OUTSIDE_GATE_HOURS})
    if effort.setup or effort.travel:
        assert local_day(stay.arrives_at, DENVER) not in CLOSED


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"leaves_home_at": timedelta(minutes=30)}, ConflictKind.DRIVE_TOO_LONG),
        ({"arrives_at": timedelta(minutes=30)}, ConflictKind.SETUP_TOO_SHORT),
        ({"packed_at": timedelta(minutes=-30)}, ConflictKind.TEARDOWN_TOO_SHORT),
        ({"home_at": timedelta(minutes=-30)}, ConflictKind.DRIVE_TOO_LONG),
    ],
)
def test_half_an_hour_less_is_noticed(changes: dict[str, timedelta], kind: ConflictKind) -> None:
    effort = Effort(195, 240, 240)
    stay = lay_out(FIRST, LAST, effort, zone=DENVER)
    shorter = replace(stay, **{name: getattr(stay, name) + by for name, by in changes.items()})
    found = stay_conflicts(shorter, effort, LAB, zone=DENVER)
    assert [(one.kind, one.wanted, one.possible) for one in found if one.kind is kind] == [
        (kind, found[0].wanted, (found[0].wanted or 0) - 30)
    ]


def test_a_drive_longer_than_a_day_rests_overnight() -> None:
    stay = lay_out(FIRST, LAST, Effort(20 * 60, 60, 60), zone=DENVER)
    assert stay_conflicts(stay, Effort(20 * 60, 60, 60), LAB, zone=DENVER) == []
    days = (local_day(stay.arrives_at, DENVER) - local_day(stay.leaves_home_at, DENVER)).days
    assert days >= 2


def test_a_lab_arrives_while_the_gate_is_open(cast: Cast, now: datetime) -> None:
    cast.dairy_site.gate_opens, cast.dairy_site.gate_closes = time(7, 30), time(11)
    cast.welding_lab.courses.append(cast.wiring)
    stay = planned(
        cast, now, course=cast.wiring, employer=cast.dairy, actor=cast.stella, worksite=cast.dairy_site
    )
    arrives_at = stay.blocks_from + timedelta(minutes=stay.travel_in_minutes)
    assert local(arrives_at, DENVER).strftime("%a %H:%M") == "Fri 11:00"


def test_a_gate_that_no_crew_finds_open_is_told(cast: Cast, now: datetime) -> None:
    cast.steel_site.gate_opens, cast.steel_site.gate_closes = time(20), time(22)
    visit = queries.visit_of(submitted(cast, now))
    proposal = queries.propose(visit, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY)
    assert [one.kind for one in proposal.conflicts] == [ConflictKind.OUTSIDE_GATE_HOURS]
    assert proposal.blocked


def test_nothing_is_placed_on_a_sites_closed_days(cast: Cast, now: datetime) -> None:
    assert cast.cora.has(Role.COORDINATOR)
    add_blackout(
        worksite=cast.steel_site,
        starts_on=date(2026, 5, 5),
        ends_on=date(2026, 5, 6),
        reason="Relining",
        actor=cast.emil,
        now=now,
    )
    visit = queries.visit_of(submitted(cast, now))
    proposal = queries.propose(visit, lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY)
    assert [day.day for day, _why in proposal.timetable.skipped] == [5, 6]
    assert [one.day.day for one in proposal.timetable.sessions] == [4, 7, 11]
    assert proposal.conflicts == ()
