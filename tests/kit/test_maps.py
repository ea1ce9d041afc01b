"""County shapes come out of a topology whole, upright and in the right place."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest

from labtracker import config
from labtracker.kit import maps

# Two unit squares side by side that share the line between them; quantised like us-atlas.
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
    "arcs": [
        [[2, 0], [0, 2]],  # the shared line, downwards
        [[2, 2], [-2, 0], [0, -2], [2, 0]],  # round the left square
        [[2, 0], [2, 0], [0, 2], [-2, 0]],  # round the right square
    ],
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "id": "08003", "properties": {"name": "Right"}, "arcs": [[[2, -1]]]},
                {"type": "Polygon", "id": "08001", "properties": {"name": "Left"}, "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "09001", "properties": {"name": "Elsewhere"}, "arcs": [[0, 1]]},
            ],
        }
    },
}
ATLAS = config.ROOT / "static" / "vendor" / "us-atlas" / "counties-albers-10m.json"


def test_shared_lines_are_walked_both_ways() -> None:
    left, right = maps.counties_of(SQUARES, "08")
    assert (left.name, right.name) == ("Left", "Right")
    assert left.middle() == pytest.approx((10.5, 20.5))
    assert right.middle() == pytest.approx((11.5, 20.5))
    assert left.rings[0][0] == left.rings[0][-1]


def test_shapes_fill_the_picture() -> None:
    picture = maps.fit(maps.counties_of(SQUARES, "08"), width=204)
    assert picture.height == 104
    left, right = picture.shapes
    assert picture.path(left) == "M102,2L102,102L2,102L2,2Z"
    assert right.middle() == pytest.approx((152, 52))


def test_without_a_file_there_is_no_map(tmp_path: Path) -> None:
    assert maps.read_counties(tmp_path / "nothing.json", "08") == ()
    assert maps.fit((), 100).shapes == ()


@pytest.mark.skipif(not ATLAS.is_file(), reason="static/vendor is not filled: run make static/vendor")
def test_colorado_stands_upright_with_its_64_counties() -> None:
    picture = maps.fit(maps.read_counties(ATLAS, "08"), width=480)
    assert len(picture.shapes) == 64
    middles = {shape.name: shape.middle() for shape in picture.shapes}
    (moffat_x, moffat_y), (baca_x, baca_y) = middles["Moffat"], middles["Baca"]
    assert moffat_x < 120
    assert moffat_y < 60
    assert baca_x > 430
    assert baca_y > picture.height - 60
    # Its southern border is level: the corner counties lie equally low.
    lowest = {
        name: max(
            y for shape in picture.shapes if shape.name == name for ring in shape.rings for _x, y in ring
        )
        for name in ("Montezuma", "Baca")
    }
    assert isclose(lowest["Montezuma"], lowest["Baca"], abs_tol=8)
