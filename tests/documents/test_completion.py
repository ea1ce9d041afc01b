"""The guide to the figures names every argument of an address, with the values it may have."""

from __future__ import annotations

import re
from pathlib import Path

from labtracker.reports.asking import COMPARED, TIMES
from labtracker.reports.rules import Dimension, Measure, Shift
from labtracker.reports.sheet import COLUMNS
from labtracker.scheduling.rules import DeliveryMode

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "completion.md").read_text(encoding="utf-8")


def arguments() -> dict[str, str]:
    """Argument to what the guide says of it."""
    section = GUIDE.split("## Addresses\n", 1)[1].split("\n## ", 1)[0]
    found = {}
    for names, meaning in re.findall(r"^\| (`.+?) \| (.+) \|$", section, re.M):
        for name in re.findall(r"`(\w+)`", names):
            found[name] = meaning
    return found


def test_every_argument_is_named() -> None:
    assert set(arguments()) == {*TIMES, *(one.value for one in Dimension), "measure", "by"}


def test_every_value_is_named() -> None:
    named = arguments()
    for argument, values in {
        "mode": DeliveryMode,
        "measure": Measure,
        "by": COMPARED,
        "shift": Shift,
    }.items():
        assert set(re.findall(r"`(\w+)`", named[argument])) == {value.value for value in values}


def test_a_download_has_what_the_guide_promises() -> None:
    assert {"cohort", "employer", "closed_out", "scheduled_hours", "completion_rate"} <= set(COLUMNS)
