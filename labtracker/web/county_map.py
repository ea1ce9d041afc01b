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


@dataclass(frozen=True)
class DrawnCounty:
    """A county as the template draws it: its path, how strongly it is coloured, and its middle.

    ``note`` is what it says when pointed at: its name, and what is known of it.
    """

    fips: str
    note: str
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


def draw(
    levels: Mapping[str, int | None],
    numbers: Mapping[str, int] | None = None,
    notes: Mapping[str, str] | None = None,
) -> DrawnMap | None:
    """Colorado with each county at its level (0 to 5, None: too little known); None without the atlas.

    All three go by FIPS code; a county with a number gets a mark that shows it, one without a note says
    its name.
    """
    picture, paths = _colorado(Path(current_app.static_folder or "") / ATLAS)
    if not picture.shapes:
        return None
    counties = []
    for shape, path in zip(picture.shapes, paths, strict=True):
        x, y = shape.middle()
        number = (numbers or {}).get(shape.fips)
        note = (notes or {}).get(shape.fips, shape.name)
        level = levels.get(shape.fips, 0)
        counties.append(DrawnCounty(shape.fips, note, path, level, round(x, 1), round(y, 1), number))
    return DrawnMap(tuple(counties), picture.width, picture.height)


def level_of(share: float | None, steps: Sequence[float]) -> int | None:
    """A share from 0 to 1 as one of five strengths of colour, by the four steps between them."""
    return None if share is None else 1 + sum(share >= step for step in steps)


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
