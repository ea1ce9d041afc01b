"""What conflicts of vehicles, crews and equipment are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind
from labtracker.scheduling.wording import day_words

Words = Callable[[Conflict, str], str]


def _day(on: date | None) -> str:
    return day_words(on) if on else ""


def _other(conflict: Conflict) -> str:
    return conflict.other.name if conflict.other else ""


def _driver_missing(conflict: Conflict, _zone: str) -> str:
    words = {
        "lab": conflict.party.name,
        "vehicle": _other(conflict),
        "pounds": format_decimal(conflict.wanted or 0, locale=get_locale()),
    }
    if conflict.about is None:
        return _("Nobody is named to drive %(lab)s with %(vehicle)s.", **words)
    return _(
        "Nobody is named to drive %(lab)s with %(vehicle)s: %(pounds)s lb together need a commercial license "
        "of class %(letter)s.",
        letter=conflict.about.name,
        **words,
    )


def _no_cdl(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(person)s has no commercial license of class %(letter)s that is valid until %(day)s. %(vehicle)s "
        "and the lab weigh %(pounds)s lb together.",
        person=conflict.party.name,
        letter=conflict.about.name if conflict.about else "",
        day=_day(conflict.on),
        vehicle=_other(conflict),
        pounds=format_decimal(conflict.wanted or 0, locale=get_locale()),
    )


def _item_out(conflict: Conflict, _zone: str) -> str:
    words = {
        "lab": conflict.party.name,
        "course": _other(conflict),
        "item": conflict.about.name if conflict.about else "",
    }
    if conflict.on is None:
        return _("%(item)s in %(lab)s is out of order, and %(course)s needs it.", **words)
    return _(
        "%(item)s in %(lab)s is out of order until %(day)s, and %(course)s needs it.",
        day=_day(conflict.on),
        **words,
    )


def _overdue(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(name)s cannot go out: %(inspection)s was due on %(day)s.",
        name=conflict.party.name,
        inspection=_other(conflict),
        day=_day(conflict.on),
    )


def _due(conflict: Conflict, _zone: str) -> str:
    return _(
        "%(inspection)s of %(name)s is due on %(day)s, before it would leave.",
        name=conflict.party.name,
        inspection=_other(conflict),
        day=_day(conflict.on),
    )


FLEET_WORDS: dict[ConflictKind, Words] = {
    ConflictKind.VEHICLE_MISSING: lambda one, _zone: _(
        "No tow vehicle is chosen for %(lab)s yet.", lab=one.party.name
    ),
    ConflictKind.VEHICLE_RETIRED: lambda one, _zone: _(
        "%(vehicle)s is no longer in service.", vehicle=one.party.name
    ),
    ConflictKind.CANNOT_TOW: lambda one, _zone: _(
        "%(vehicle)s cannot tow %(lab)s.", vehicle=one.party.name, lab=_other(one)
    ),
    ConflictKind.DRIVER_MISSING: _driver_missing,
    ConflictKind.NO_CDL: _no_cdl,
    ConflictKind.COURSE_NOT_TAUGHT: lambda one, _zone: _(
        "%(person)s does not teach %(course)s.", person=one.party.name, course=_other(one)
    ),
    ConflictKind.SKILLS_UNKNOWN: lambda one, _zone: _(
        "Nobody noted yet which courses %(person)s teaches.", person=one.party.name
    ),
    ConflictKind.INSPECTION_OVERDUE: _overdue,
    ConflictKind.INSPECTION_DUE: _due,
    ConflictKind.ITEM_OUT: _item_out,
}
