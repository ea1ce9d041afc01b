"""Checks of sites built through the services, for tests of whatever stands on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from labtracker.extensions import db
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.queries.readiness import checklist_of
from labtracker.labs.rules.needs import Kind, Question
from labtracker.labs.services.readiness import Told, begin_check, finalise_check
from tests.cast import Cast

NEEDS: dict[str, Any] = {"pad_length_ft": 53, "surface": ["concrete", "asphalt"], "restrooms": True}
GOOD: dict[str, Any] = {"pad_length_ft": 60, "power_kw": 100, "surface": "asphalt", "restrooms": True}


def welding_needs(cast: Cast, **needs: Any) -> Lab:
    """The welding lab, once somebody said what it needs."""
    cast.welding_lab.needs = {**NEEDS, **needs}
    db.session.flush()
    return cast.welding_lab


def checked(
    cast: Cast,
    now: datetime,
    changes: dict[str, Any],
    *,
    worksite: Worksite | None = None,
    lab: Lab | None = None,
    final: bool = True,
    expires_on: date | None = None,
) -> SiteReadiness:
    """A check that answers everything the lab asks well, except for the changes."""
    where, which = worksite or cast.steel_site, lab or welding_needs(cast)
    answers = {question.key: suits(question) for question in checklist_of(which)}
    check = begin_check(
        worksite=where,
        lab=which,
        told=Told({**answers, **changes}, now.date(), expires_on),
        actor=cast.emil if where.organization_id == cast.steel.id else cast.cora,
        now=now,
    )
    return finalise_check(check=check, actor=cast.cora, now=now) if final else check


def suits(question: Question) -> Any:
    """An answer that is what the lab needs."""
    wanted = question.wanted
    return wanted[0] if question.item.kind is Kind.ONE_OF and isinstance(wanted, tuple) else wanted
