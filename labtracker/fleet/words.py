"""What kinds of closures, licences and subjects are called, in the reader's language."""

from __future__ import annotations

from typing import Any

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
