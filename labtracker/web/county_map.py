"""The map of counties that pages draw: shapes from the atlas, one level of colour for each county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app

from labtracker.kit import maps
from labtracker.web.landing import PublicDate

ATLAS = "vendor/us-atlas/counties-albers-10m.json"
COLORADO = "08"
WIDTH = 480
STEPS = (0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class DrawnCounty:
    """A county as the template draws it: its path, how strongly it is coloured, and its middle."""

    fips: str
    name: str
    path: str
    level: int | None
    x: float
    y: float
    number: int | None = None


@dataclass(frozen=True)
class DrawnMap:
    """A whole map, ready for ``_macros/map.html``."""

    counties: tuple[DrawnCounty, ...]
    width: float
    height: float

    @property
    def marked(self) -> tuple[DrawnCounty, ...]:
        """The counties that carry a number."""
        return tuple(county for county in self.counties if county.number)


def draw(levels: Mapping[str, int | None], numbers: Mapping[str, int] | None = None) -> DrawnMap | None:
    """Colorado with each county at its level (0 to 5, None: nothing known); None where the atlas is missing.

    ``levels`` and ``numbers`` go by FIPS code; a county with a number gets a mark that shows it.
    """
    picture, paths = _colorado(Path(current_app.static_folder or "") / ATLAS)
    if not picture.shapes:
        return None
    counties = []
    for shape, path in zip(picture.shapes, paths, strict=True):
        x, y = shape.middle()
        number = (numbers or {}).get(shape.fips)
        counties.append(
            DrawnCounty(
                shape.fips, shape.name, path, levels.get(shape.fips, 0), round(x, 1), round(y, 1), number
            )
        )
    return DrawnMap(tuple(counties), picture.width, picture.height)


def level_of(share: float | None) -> int | None:
    """A share from 0 to 1 as one of five strengths of colour; None stays unknown.

    Rates of completion lie high, so the steps do too: below 60 %, then every ten.
    """
    return None if share is None else 1 + sum(share >= step for step in STEPS)


def dates_map(dates: Sequence[PublicDate]) -> DrawnMap | None:
    """Where labs will be, with the number of visits on each county."""
    visits: dict[str, int] = {}
    for visit in dates:
        if visit.county_fips:
            visits[visit.county_fips] = visits.get(visit.county_fips, 0) + 1
    return draw(dict.fromkeys(visits, 2), visits)


@lru_cache(maxsize=2)
def _colorado(file: Path) -> tuple[maps.Map, tuple[str, ...]]:
    picture = maps.fit(maps.read_counties(file, COLORADO), WIDTH)
    return picture, tuple(picture.path(shape) for shape in picture.shapes)
