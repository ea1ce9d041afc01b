"""What conflicts of vehicles, crews and equipment are called, in the reader's language."""

from __future__ import annotations

from datetime import date

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind
from labtracker.scheduling.wording import day_words
from labtracker.scheduling.wording.sentences import Words, other_name, said


def _day(on: date | None) -> str:
    return day_words(on) if on else ""


def _driver_missing(conflict: Conflict, _zone: str) -> str:
    words = {
        "lab": conflict.party.name,
        "vehicle": other_name(conflict),
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
        vehicle=other_name(conflict),
        pounds=format_decimal(conflict.wanted or 0, locale=get_locale()),
    )


def _item_out(conflict: Conflict, _zone: str) -> str:
    words = {
        "lab": conflict.party.name,
        "course": other_name(conflict),
        "item": conflict.about.name if conflict.about else "",
    }
    if conflict.on is None:
        return _("%(item)s in %(lab)s is out of order, and %(course)s needs it.", **words)
    return _(
        "%(item)s in %(lab)s is out of order until %(day)s, and %(course)s needs it.",
        day=_day(conflict.on),
        **words,
    )


FLEET_WORDS: dict[ConflictKind, Words] = {
    ConflictKind.VEHICLE_MISSING: said(_l("No tow vehicle is chosen for %(lab)s yet."), party="lab"),
    ConflictKind.VEHICLE_RETIRED: said(_l("%(vehicle)s is no longer in service."), party="vehicle"),
    ConflictKind.CANNOT_TOW: said(_l("%(vehicle)s cannot tow %(lab)s."), party="vehicle", other="lab"),
    ConflictKind.DRIVER_MISSING: _driver_missing,
    ConflictKind.NO_CDL: _no_cdl,
    ConflictKind.COURSE_NOT_TAUGHT: said(
        _l("%(person)s does not teach %(course)s."), party="person", other="course"
    ),
    ConflictKind.SKILLS_UNKNOWN: said(
        _l("Nobody noted yet which courses %(person)s teaches."), party="person"
    ),
    ConflictKind.INSPECTION_OVERDUE: said(
        _l("%(name)s cannot go out: %(inspection)s was due on %(day)s."), other="inspection"
    ),
    ConflictKind.INSPECTION_DUE: said(
        _l("%(inspection)s of %(name)s is due on %(day)s, before it would leave."), other="inspection"
    ),
    ConflictKind.ITEM_OUT: _item_out,
}
