"""The guide to the fleet names each conflict that the fleet causes, what stops, and its figures."""

from __future__ import annotations

import re
from pathlib import Path

from labtracker.fleet import rules
from labtracker.scheduling.rules.conflicts import WARNINGS, ConflictKind
from labtracker.scheduling.wording.fleet import FLEET_WORDS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "fleet.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?`) \| .+? \| (stops|warning) \|$", GUIDE, re.M)
FROM_HOLDS = {
    ConflictKind.LAB_CLOSED,
    ConflictKind.VEHICLE_CLOSED,
    ConflictKind.VEHICLE_TAKEN,
    ConflictKind.PERSON_AWAY,
}


def test_every_conflict_of_the_fleet_is_named_and_says_whether_it_stops() -> None:
    named = {ConflictKind(name): what for names, what in ROWS for name in re.findall(r"`(\w+)`", names)}
    assert set(named) == {*FLEET_WORDS, *FROM_HOLDS}
    assert {kind for kind, what in named.items() if what == "warning"} == set(named) & WARNINGS


def test_its_figures_are_those_of_the_rules() -> None:
    assert f"above {rules.HEAVIEST_WITHOUT_CDL_LB:,} lb" in GUIDE
    assert f"more than {rules.HEAVIEST_TRAILER_OF_CLASS_B_LB:,} lb" in GUIDE
    assert f"within {rules.LICENCE_ENDS_SOON.days} days" in GUIDE
    assert f"within {rules.INSPECTION_COMES_SOON.days} days" in GUIDE
