"""The migration's facts about Colorado's counties agree with other sources."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
import zipcodes
from flask import Flask

from labtracker.extensions import db
from labtracker.labs.models import County
from labtracker.labs.queries import area_of, area_to_confirm, county_of
from labtracker.labs.rules import is_rural


def _counties() -> list[County]:
    return list(db.session.scalars(sa.select(County).where(County.state == "CO")))


def test_all_counties_are_there_once(app: Flask) -> None:
    listed = {f"{place['county']}" for place in zipcodes.filter_by(state="CO") if place["county"]}
    assert {f"{county.name} County" for county in _counties()} == listed
    assert len(listed) == len(_counties()) == 64


def test_how_many_have_which_code(app: Flask) -> None:
    codes = Counter(county.rucc for county in _counties())
    assert codes == {1: 10, 2: 5, 3: 2, 4: 1, 5: 4, 6: 7, 7: 8, 8: 4, 9: 23}
    assert sum(is_rural(county.rucc) for county in _counties()) == 47


def test_codes_follow_the_alphabet_as_the_census_numbers_them(app: Flask) -> None:
    by_fips = sorted(_counties(), key=lambda county: county.fips)
    names = [county.name.replace(" ", "") for county in by_fips]
    # Three pairs stand out of strict order because the census sorts "El Paso" and "La Plata" as two words
    # and Broomfield got its number late.
    assert names[:3] == ["Adams", "Alamosa", "Arapahoe"]
    assert county_of("CO", "Broomfield").fips == "08014"
    assert county_of("CO", "Yuma").fips == "08125"
    assert county_of("CO", "Prowers").fips == "08099"
    assert all(fips.startswith("08") for fips in (county.fips for county in by_fips))


def test_areas_that_want_a_confirmation_say_so(app: Flask) -> None:
    assert area_of(county_of("CO", "Eagle")) == "Colorado Rural Workforce Consortium, Rural Resort"
    assert not area_to_confirm(county_of("CO", "Eagle"))
    assert area_to_confirm(county_of("CO", "Delta"))
    assert area_to_confirm(county_of("CO", "Baca"))
    assert area_of(county_of("CO", "Denver")) == "Denver"
    assert area_of(None) is None
    assert county_of("CO", "Nowhere") is None
