"""Named reads of completion, and who may make them."""

from __future__ import annotations

from labtracker.completion.queries.cohorts import OpenPoints, completions_of, open_points, overrides_of
from labtracker.completion.queries.own_people import MINIMUM_UNNAMED, OwnPeople, OwnRow, own_people

__all__ = [
    "MINIMUM_UNNAMED",
    "OpenPoints",
    "OwnPeople",
    "OwnRow",
    "completions_of",
    "open_points",
    "overrides_of",
    "own_people",
]
