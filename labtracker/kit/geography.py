"""Where places are: ZIP codes, and how many miles lie between two points.

ZIP codes come from the ``zipcodes`` package, which carries its data with it and asks no server. A ZIP is an
area for the mail, so its point is a centroid and its county the one in which most of it lies.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import zipcodes

EARTH_RADIUS_MILES = 3958.8
# Roads are longer than the great circle. The first factor is for miles and money; the second, more careful,
# is for the days that a trip takes out of a calendar.
DETOUR = 1.3
DETOUR_DAYS = 1.45

_ZIP = re.compile(r"\s*([0-9]{5})(?:-?[0-9]{4})?\s*")

# The data of ZIP codes know no accents.
SPELT = {"Canon City": "Cañon City"}


@dataclass(frozen=True)
class Point:
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class ZipPlace:
    """What a ZIP code says of a place. ``county`` is its name without "County", or none if not known."""

    zip: str
    city: str
    state: str
    county: str | None
    point: Point
    zone: str


def great_circle_miles(a: Point, b: Point) -> float:
    """Miles between two points as a bird flies (haversine)."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half_lat = (lat_b - lat_a) / 2
    half_long = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_long) ** 2
    return 2 * EARTH_RADIUS_MILES * math.asin(min(1.0, math.sqrt(chord)))


def road_miles(a: Point, b: Point, detour: float = DETOUR) -> int:
    """Whole miles to drive from one point to another: 0 on the spot, otherwise at least 1."""
    if a == b:
        return 0
    return max(1, round(great_circle_miles(a, b) * detour))


def five_digits(text: str) -> str | None:
    """The ZIP code in what somebody typed ("81052", " 81052-1234 "), or none."""
    match = _ZIP.fullmatch(text)
    return match.group(1) if match else None


@lru_cache(maxsize=4096)
def zip_place(zip_code: str) -> ZipPlace | None:
    """What is known of a ZIP code, or none if there is no such ZIP.

    Codes of the armed forces abroad are no place to drive to (they have no time zone) and count as none.
    """
    digits = five_digits(zip_code)
    found = [entry for entry in zipcodes.matching(digits) if entry["timezone"]] if digits else []
    if not found:
        return None
    first = found[0]
    county = first["county"].strip()
    return ZipPlace(
        zip=first["zip_code"],
        city=SPELT.get(first["city"], first["city"]),
        state=first["state"],
        county=county.removesuffix(" County") or None,
        point=Point(float(first["lat"]), float(first["long"])),
        zone=first["timezone"],
    )
