"""What a lab needs of a site, and so what is asked about a site: the checklist as data.

Every question asks for a fact of the site (how long is the pad?), never for a judgement, so that an answer
given for one lab holds for another. The figures it is held against come from the lab's profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How an answer is held against what a lab needs."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ONE_OF = "one_of"
    YES = "yes"


class Group(StrEnum):
    """The parts of a checklist, in the order in which somebody walks over a site."""

    PAD = "pad"
    WAY_IN = "way_in"
    POWER = "power"
    WATER = "water"
    SIGNAL = "signal"
    SAFETY = "safety"
    PEOPLE = "people"
    SITE = "site"


@dataclass(frozen=True)
class Item:
    """One thing that can be needed.

    ``slack`` is the share of what is needed by which a site may miss it and still be put right; nothing less
    is a matter of conditions. A ``YES`` or ``ONE_OF`` item can be put right unless it is ``hard``.
    """

    key: str
    group: Group
    kind: Kind
    unit: str = ""
    highest: int = 0
    slack: Decimal = Decimal(0)
    choices: tuple[str, ...] = ()
    hard: bool = False


SURFACES = ("concrete", "asphalt", "gravel", "dirt", "grass")
RECEPTACLES = ("nema_14_50", "nema_14_60", "cs_6369", "pin_sleeve_60", "pin_sleeve_100", "hard_wired")
VOLTS = ("120", "208", "240", "480")
_SOME = Decimal("0.10")
_HALF = Decimal("0.50")


def _yes(key: str, group: Group, *, hard: bool = False) -> Item:
    return Item(key, group, Kind.YES, hard=hard)


ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        Item("pad_length_ft", Group.PAD, Kind.AT_LEAST, "ft", 1000, _SOME),
        Item("pad_width_ft", Group.PAD, Kind.AT_LEAST, "ft", 500, _SOME),
        Item("slide_out_ft", Group.PAD, Kind.AT_LEAST, "ft", 60),
        Item("slope_percent", Group.PAD, Kind.AT_MOST, "%", 40, _HALF),
        Item("surface", Group.PAD, Kind.ONE_OF, choices=SURFACES),
        Item("load_lb", Group.PAD, Kind.AT_LEAST, "lb", 500_000),
        Item("clearance_ft", Group.WAY_IN, Kind.AT_LEAST, "ft", 100),
        Item("turning_ft", Group.WAY_IN, Kind.AT_LEAST, "ft", 500, _SOME),
        Item("power_kw", Group.POWER, Kind.AT_LEAST, "kW", 10_000, _SOME),
        Item("volts", Group.POWER, Kind.ONE_OF, choices=VOLTS, hard=True),
        Item("amps", Group.POWER, Kind.AT_LEAST, "A", 4000, _SOME),
        Item("phase", Group.POWER, Kind.AT_LEAST, "", 3),
        Item("receptacle", Group.POWER, Kind.ONE_OF, choices=RECEPTACLES),
        Item("cord_ft", Group.POWER, Kind.AT_MOST, "ft", 1000, _HALF),
        _yes("lock_out", Group.POWER),
        _yes("water", Group.WATER),
        _yes("drain", Group.WATER),
        _yes("signal", Group.SIGNAL),
        _yes("wifi", Group.SIGNAL),
        _yes("fire_lane", Group.SAFETY, hard=True),
        _yes("hot_work", Group.SAFETY),
        _yes("gas_bottles", Group.SAFETY),
        _yes("fumes", Group.SAFETY),
        _yes("lighting", Group.SAFETY),
        _yes("accessible_entry", Group.PEOPLE),
        _yes("restrooms", Group.PEOPLE),
        _yes("shade_or_heat", Group.PEOPLE),
        _yes("protective_gear", Group.PEOPLE),
        _yes("gate", Group.SITE),
        _yes("snow", Group.SITE),
        _yes("insurance", Group.SITE),
        _yes("shift_contact", Group.SITE),
    )
}

# What stands in the lab's own columns, or follows from them, is not said a second time in its profile.
FROM_COLUMNS = frozenset({"pad_length_ft", "clearance_ft", "load_lb", "power_kw", "water"})
OF_THE_GRID = frozenset(item.key for item in ITEMS.values() if item.group is Group.POWER)
# A pad may have to be longer, and the way higher, than the lab itself.
PROFILE = tuple(
    item for item in ITEMS.values() if item.key not in FROM_COLUMNS - {"pad_length_ft", "clearance_ft"}
)

Needs = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """An item with what this lab needs of it: a number, the answers that do, or a yes (True)."""

    item: Item
    wanted: int | tuple[str, ...] | bool

    @property
    def key(self) -> str:
        """The item's key."""
        return self.item.key


@dataclass(frozen=True)
class Profile:
    """A lab's needs as they are stored: its columns, and what its profile says beside them.

    ``needs`` is nothing where nobody filled the profile in; such a lab asks no site for a check.
    """

    needs: Needs | None = None
    length_ft: int | None = None
    height_ft: Decimal | None = None
    weight_lb: int | None = None
    power_kw: int | None = None
    has_generator: bool = False
    needs_water: bool = False


def questions(profile: Profile) -> tuple[Question, ...]:
    """What is asked of a site for this lab, in the order of the checklist; nothing it does not need."""
    if profile.needs is None:
        return ()
    wanted: dict[str, Any] = {
        "pad_length_ft": profile.length_ft,
        "clearance_ft": _up(profile.height_ft),
        "load_lb": profile.weight_lb,
        "power_kw": profile.power_kw,
        "water": profile.needs_water,
        **sound_needs(profile.needs),
    }
    if profile.has_generator:
        wanted = {key: value for key, value in wanted.items() if key not in OF_THE_GRID}
    return tuple(Question(item, _wanted(item, wanted[key])) for key, item in ITEMS.items() if wanted.get(key))


def _up(number: Decimal | None) -> int | None:
    return None if number is None else int(number.to_integral_value(ROUND_CEILING))


def _wanted(item: Item, value: Any) -> int | tuple[str, ...] | bool:
    if item.kind is Kind.ONE_OF:
        return tuple(value)
    return True if item.kind is Kind.YES else int(value)


def sound_needs(needs: Needs) -> dict[str, Any]:
    """What of a profile can be read: known items with values of their kind. All else is left out."""
    found: dict[str, Any] = {}
    for item in PROFILE:
        value = needs.get(item.key)
        if item.kind is Kind.YES:
            if value is True:
                found[item.key] = True
        elif item.kind is Kind.ONE_OF:
            chosen = [one for one in item.choices if isinstance(value, list) and one in value]
            if chosen:
                found[item.key] = chosen
        elif (number := whole(value)) is not None and 1 <= number <= item.highest:
            found[item.key] = number
    return found


def whole(value: Any) -> int | None:
    """A value that is a whole number; yes and no are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
