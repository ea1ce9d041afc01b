"""Miles and ZIP codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.kit.geography import Point, five_digits, great_circle_miles, road_miles, zip_place

PUEBLO = Point(38.2544, -104.6091)
LAMAR = Point(38.0872, -102.6207)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_miles_between_known_towns() -> None:
    assert great_circle_miles(PUEBLO, LAMAR) == pytest.approx(108.6, abs=0.2)
    assert great_circle_miles(Point(0, 0), Point(0, 180)) == pytest.approx(3958.8 * 3.14159265, rel=1e-6)


def test_roads_are_longer_than_the_bird_flies() -> None:
    assert road_miles(PUEBLO, LAMAR) == round(great_circle_miles(PUEBLO, LAMAR) * 1.3)
    assert road_miles(PUEBLO, LAMAR, 1.45) > road_miles(PUEBLO, LAMAR)
    assert road_miles(PUEBLO, PUEBLO) == 0
    assert road_miles(PUEBLO, Point(PUEBLO.latitude, PUEBLO.longitude + 0.0001)) == 1


@given(points, points)
def test_both_ways_are_equally_far(a: Point, b: Point) -> None:
    assert great_circle_miles(a, b) == pytest.approx(great_circle_miles(b, a), abs=1e-6)
    assert 0 <= great_circle_miles(a, b) <= 3958.8 * 3.1415927


def test_a_zip_code_tells_city_county_and_place() -> None:
    lamar = zip_place("81052")
    assert lamar is not None
    assert (lamar.city, lamar.state, lamar.county, lamar.zone) == ("Lamar", "CO", "Prowers", "America/Denver")
    assert great_circle_miles(lamar.point, LAMAR) < 10
    canon_city = zip_place("81212")
    assert canon_city
    assert canon_city.city == "Cañon City"


@pytest.mark.parametrize("text", ["00000", "8105", "", "abcde", "81052x", "８１０５２", "09007"])
def test_what_is_no_place(text: str) -> None:
    assert zip_place(text) is None


@pytest.mark.parametrize("text", ["81052", " 81052 ", "81052-1234", "810521234"])
def test_longer_ways_to_write_a_zip(text: str) -> None:
    assert five_digits(text) == "81052"
