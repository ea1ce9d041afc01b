"""County shapes out of a TopoJSON file, as SVG paths; pure, nothing but the standard library.

The file is us-atlas' ``counties-albers-10m.json``: already projected to a plane of 975 by 610 units, with
quantised arcs that neighbours share.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path
from typing import Any

MOST_TILT = 15  # degrees

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Shape:
    """One county: its FIPS code, name, and rings of points on the map's own plane."""

    fips: str
    name: str
    rings: tuple[Ring, ...]

    def middle(self) -> Point:
        """The centre of gravity of the largest ring: where a mark for this county goes."""
        return max((_centroid(ring) for ring in self.rings), key=lambda found: found[0])[1]


@dataclass(frozen=True)
class Map:
    """Shapes moved and scaled so that they fill a picture of ``width`` by ``height``."""

    shapes: tuple[Shape, ...]
    width: float
    height: float

    def path(self, shape: Shape) -> str:
        """The shape as the ``d`` of an SVG path."""
        return "".join(
            "M" + "L".join(f"{_short(x)},{_short(y)}" for x, y in _without_repeats(ring)) + "Z"
            for ring in shape.rings
        )


def read_counties(file: Path, state: str) -> tuple[Shape, ...]:
    """The counties of a state (its two-digit FIPS code), in the order of their codes; none without a file."""
    if not file.is_file():
        return ()
    return counties_of(json.loads(file.read_text(encoding="utf-8")), state)


def counties_of(topology: Mapping[str, Any], state: str) -> tuple[Shape, ...]:
    """The counties of a state out of a topology that has been read."""
    arcs = _Arcs(topology)
    found = [
        Shape(str(geometry["id"]), geometry["properties"]["name"], arcs.rings(geometry))
        for geometry in topology["objects"]["counties"]["geometries"]
        if str(geometry["id"]).startswith(state) and geometry["type"] in {"Polygon", "MultiPolygon"}
    ]
    return tuple(sorted(found, key=lambda shape: shape.fips))


def fit(shapes: Iterable[Shape], width: float, margin: float = 2) -> Map:
    """Turn, move and scale shapes so that together they are ``width`` wide, with a margin all round.

    A national projection tilts the states at its edges; they are turned until their frame is smallest.
    """
    kept = _upright(tuple(shapes))
    points = [point for shape in kept for ring in shape.rings for point in ring]
    if not points:
        return Map((), width, 0)
    left, right = min(x for x, _y in points), max(x for x, _y in points)
    top, bottom = min(y for _x, y in points), max(y for _x, y in points)
    scale = (width - 2 * margin) / (right - left)

    def place(ring: Ring) -> Ring:
        return tuple(((x - left) * scale + margin, (y - top) * scale + margin) for x, y in ring)

    moved = tuple(Shape(shape.fips, shape.name, tuple(place(ring) for ring in shape.rings)) for shape in kept)
    return Map(moved, width, round((bottom - top) * scale + 2 * margin, 1))


def _upright(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    points = [point for shape in shapes for ring in shape.rings for point in ring]
    quarters = range(-4 * MOST_TILT, 4 * MOST_TILT + 1)
    angle = min((radians(quarter / 4) for quarter in quarters), key=lambda turn: _frame(points, turn))
    return tuple(
        Shape(shape.fips, shape.name, tuple(_turned(ring, angle) for ring in shape.rings)) for shape in shapes
    )


def _turned(points: Iterable[Point], angle: float) -> Ring:
    c, s = cos(angle), sin(angle)
    return tuple((x * c - y * s, x * s + y * c) for x, y in points)


def _frame(points: list[Point], angle: float) -> float:
    turned = _turned(points, angle)
    if not turned:
        return 0.0
    xs, ys = [x for x, _y in turned], [y for _x, y in turned]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


class _Arcs:
    """The shared lines of a topology, decoded when first asked for."""

    def __init__(self, topology: Mapping[str, Any]) -> None:
        self._raw = topology["arcs"]
        transform = topology.get("transform")
        self._scale = transform["scale"] if transform else (1, 1)
        self._shift = transform["translate"] if transform else (0, 0)
        self._quantised = transform is not None
        self._decoded: dict[int, Ring] = {}

    def rings(self, geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
        """All rings of a polygon or multipolygon."""
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        return tuple(self._ring(indices) for polygon in polygons for indices in polygon)

    def _ring(self, indices: Iterable[int]) -> Ring:
        points: list[Point] = []
        for index in indices:
            # A negative number is the one's complement: the same line walked backwards.
            line = self._line(index) if index >= 0 else self._line(~index)[::-1]
            points.extend(line[1:] if points else line)
        return tuple(points)

    def _line(self, index: int) -> Ring:
        if index not in self._decoded:
            self._decoded[index] = tuple(self._points(self._raw[index]))
        return self._decoded[index]

    def _points(self, raw: Iterable[tuple[float, float]]) -> Iterable[Point]:
        x = y = 0.0
        for dx, dy in raw:
            x, y = (x + dx, y + dy) if self._quantised else (dx, dy)
            yield x * self._scale[0] + self._shift[0], y * self._scale[1] + self._shift[1]


def _centroid(ring: Ring) -> tuple[float, Point]:
    area = x_sum = y_sum = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        x_sum += (x1 + x2) * cross
        y_sum += (y1 + y2) * cross
    if not area:
        return 0.0, ring[0]
    return abs(area), (x_sum / (6 * area), y_sum / (6 * area))


def _without_repeats(ring: Ring) -> list[Point]:
    kept: list[Point] = []
    for x, y in ring:
        point = (round(x, 1), round(y, 1))
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
