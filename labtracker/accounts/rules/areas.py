"""Colorado's local workforce areas and the rural consortium's sub-areas, as the county table names them."""

from __future__ import annotations

LOCAL_AREAS: tuple[tuple[str, str | None], ...] = (
    ("Adams County", None),
    ("Arapahoe/Douglas", None),
    ("Boulder County", None),
    ("CRWC", None),
    *(
        ("CRWC", sub_area)
        for sub_area in (
            "Broomfield",
            "Eastern",
            "Northwest",
            "Pueblo",
            "Rural Resort",
            "San Luis Valley",
            "Southeast",
            "Southwest",
            "Upper Arkansas",
            "Western",
        )
    ),
    ("Denver", None),
    ("Larimer County", None),
    ("Mesa County", None),
    ("Pikes Peak", None),
    ("Tri-County", None),
    ("Weld County", None),
)


def area_key(area: str, sub_area: str | None) -> str:
    """An area as one value of a form."""
    return f"{area} / {sub_area}" if sub_area else area


def area_of_key(key: str) -> tuple[str, str | None]:
    """The area that a form's value names."""
    area, _slash, sub_area = key.partition(" / ")
    return area, sub_area or None
