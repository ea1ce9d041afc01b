"""The fields of a lab’s profile: one for each figure and choice, one for everything that is needed or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.fields.choices import SelectChoice

from labtracker.labs.rules.needs import ITEMS, PROFILE, Kind
from labtracker.labs.wording import CHOICES, ITEM_WORDS, UNITS
from labtracker.web.fields import Checkboxes, Versioned, whole

PREFIX = "need_"
YES = [(item.key, ITEM_WORDS[item.key][0]) for item in PROFILE if item.kind is Kind.YES]


def _many(label: Any, choices: list[tuple[str, Any]]) -> Checkboxes:
    return Checkboxes(label, choices=[SelectChoice(value, words) for value, words in choices])


def _field(key: str) -> Any:
    item, label = next(one for one in PROFILE if one.key == key), ITEM_WORDS[key][0]
    if item.kind is Kind.ONE_OF:
        return _many(label, [(choice, CHOICES[choice]) for choice in item.choices])
    return whole(label, 1, item.highest, description=_l("At most this.") if item.kind is Kind.AT_MOST else "")


class NeedsForm(Versioned):
    """What a lab needs of a site. Unless ``asks`` is ticked, no site is checked for it."""

    asks = BooleanField(_l("Sites are checked for this lab before it goes there"))
    need_yes = _many(_l("It needs"), YES)

    def needs(self) -> dict[str, Any] | None:
        """What was said, as it is stored; nothing where no site is to be checked."""
        if not self.asks.data:
            return None
        told: dict[str, Any] = dict.fromkeys(self.need_yes.data or (), True)
        for field in self.figures():
            if field.data:
                told[field.name.removeprefix(PREFIX)] = field.data
        return told

    def figures(self) -> list[Field]:
        """The fields of figures and choices, in the order of the checklist."""
        return [self[PREFIX + item.key] for item in PROFILE if item.kind is not Kind.YES]

    def unit_of(self, field: Field) -> str:
        """What the figure of a field is counted in, in the reader's language; nothing for a mere number."""
        unit = ITEMS[field.name.removeprefix(PREFIX)].unit
        return str(UNITS.get(unit, unit))


for _item in PROFILE:
    if _item.kind is not Kind.YES:
        setattr(NeedsForm, PREFIX + _item.key, _field(_item.key))


def needs_as_typed(needs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Stored needs as the fields show them."""
    told = needs or {}
    fields: dict[str, Any] = {
        PREFIX + item.key: told.get(item.key, [] if item.kind is Kind.ONE_OF else None)
        for item in PROFILE
        if item.kind is not Kind.YES
    }
    return {**fields, "asks": needs is not None, "need_yes": [key for key, _label in YES if told.get(key)]}
