"""When nobody wants to be reminded of anything."""

from __future__ import annotations

from datetime import datetime

from labtracker.kit.time import local

WAKES_AT = 7
RESTS_AT = 20


def is_quiet(now: datetime, zone: str) -> bool:
    """Whether it is early, late or night on the clocks of a place."""
    return not WAKES_AT <= local(now, zone).hour < RESTS_AT
