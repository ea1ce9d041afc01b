"""The lists of the office, one beside the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from labtracker.accounts import queries
from labtracker.web.edge import count_of


@dataclass(frozen=True)
class Tab:
    """One list: its label, where it is, whether it is the one being shown."""

    label: Any
    url: str
    current: bool


def office_tabs(current: str) -> list[Tab]:
    """The lists about people, organizations and phones; ``current`` is the endpoint that is shown."""
    waiting = count_of(queries.open_account_requests())
    asked = _("Account requests (%(count)s)", count=waiting) if waiting else _("Account requests")
    return [
        Tab(label, url_for(endpoint), endpoint == current)
        for endpoint, label in (
            ("accounts.people", _("People")),
            ("accounts.organizations", _("Organizations")),
            ("accounts.account_requests", asked),
            ("checkin.devices", _("Phones")),
            ("accounts.audit", _("Audit trail")),
        )
    ]
