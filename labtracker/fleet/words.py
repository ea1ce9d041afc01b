"""What kinds of closures, licences, subjects and days are called, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.fleet.rules import LEAVE, ClosureKind, LicenceClass

CLOSURE_KINDS: dict[str, Any] = {
    ClosureKind.MAINTENANCE: _l("maintenance"),
    ClosureKind.REPAIR: _l("repair"),
    ClosureKind.INSPECTION: _l("inspection"),
    LEAVE: _l("leave"),
}

LICENCES: dict[str, Any] = {
    LicenceClass.A: _l("commercial, class A"),
    LicenceClass.B: _l("commercial, class B"),
    LicenceClass.ORDINARY: _l("ordinary"),
}

# The library of holidays names them in English alone; those of other states than ours stay as it names them.
OBSERVED = " (observed)"
HOLIDAYS: dict[str, Any] = {
    "New Year's Day": _l("New Year’s Day"),
    "Martin Luther King Jr. Day": _l("Martin Luther King Jr. Day"),
    "Washington's Birthday": _l("Washington’s Birthday"),
    "Washington-Lincoln Day": _l("Washington-Lincoln Day"),
    "Cesar Chavez Day": _l("César Chávez Day"),
    "Memorial Day": _l("Memorial Day"),
    "Juneteenth National Independence Day": _l("Juneteenth"),
    "Independence Day": _l("Independence Day"),
    "Labor Day": _l("Labor Day"),
    "Frances Xavier Cabrini Day": _l("Frances Xavier Cabrini Day"),
    "Columbus Day": _l("Columbus Day"),
    "Veterans Day": _l("Veterans Day"),
    "Thanksgiving Day": _l("Thanksgiving"),
    "Christmas Day": _l("Christmas Day"),
}


def closed_day_name(name: str) -> str:
    """A closed day's name in the reader's language; what the provider named itself stays as it is."""
    known = HOLIDAYS.get(name.removesuffix(OBSERVED))
    if known is None:
        return name
    return _("%(holiday)s (observed)", holiday=known) if name.endswith(OBSERVED) else str(known)
