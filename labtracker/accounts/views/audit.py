"""The audit trail."""

from __future__ import annotations

from datetime import time, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from labtracker.accounts import queries
from labtracker.accounts.access import roles
from labtracker.accounts.rules import Role
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.tabs import office_tabs
from labtracker.kit.time import instant_at
from labtracker.web.display import office_zone
from labtracker.web.edge import load_all
from labtracker.web.filters import choice_from_request, date_from_request, id_from_request
from labtracker.web.pagination import page_of


@blueprint.get("/audit")
@roles(Role.COORDINATOR)
def audit() -> ResponseReturnValue:
    """Who did what, when; narrowed by action, person and days."""
    zone = office_zone()
    actions = queries.audited_actions()
    first, last = date_from_request("from"), date_from_request("to")
    chosen = {
        "action": choice_from_request("action", actions),
        "actor_id": id_from_request("who"),
        "since": instant_at(first, time(), zone) if first else None,
        "until": instant_at(last + timedelta(days=1), time(), zone) if last else None,
    }
    return render_template(
        "accounts/audit.html",
        page=page_of(queries.audit_trail(**chosen)),  # type: ignore[arg-type]
        chosen=chosen,
        first=first,
        last=last,
        actions=actions,
        people=load_all(queries.people_in_the_trail()),
        tabs=office_tabs("accounts.audit"),
    )
