"""How much of a session counts as scheduled: its breaks, an early end, whether it was held at all."""

from __future__ import annotations

import pytest

from labtracker.checkin.rules.presence import MINUTE_MS, Window, held_minutes, presence, scheduled_minutes

DAY = Window(0, 480 * MINUTE_MS, ((240 * MINUTE_MS, 270 * MINUTE_MS),))


@pytest.mark.parametrize(
    ("ended", "minutes"),
    [(None, 450), (300, 270), (255, 240), (240, 240), (90, 90), (0, 0), (-5, 0), (600, 450)],
)
def test_an_early_end_leaves_what_came_before_it(ended: int | None, minutes: int) -> None:
    ended_ms = None if ended is None else ended * MINUTE_MS
    assert scheduled_minutes(DAY, ended_ms) == minutes
    assert held_minutes(DAY, ended_ms, begun=True) == minutes
    assert held_minutes(DAY, ended_ms, begun=False) == 0


def test_breaks_that_touch_are_taken_out_once() -> None:
    window = Window(0, 120 * MINUTE_MS, ((30 * MINUTE_MS, 60 * MINUTE_MS), (45 * MINUTE_MS, 70 * MINUTE_MS)))
    assert scheduled_minutes(window, None) == 80


def test_presence_schedules_the_same() -> None:
    assert presence([], DAY).scheduled_minutes == scheduled_minutes(DAY, None)
    assert presence([], DAY, make_up=True).scheduled_minutes == 0
    off = Window(DAY.starts_ms, DAY.ends_ms, DAY.breaks, cancelled=True)
    assert presence([], off).scheduled_minutes == scheduled_minutes(off, None) == 0
