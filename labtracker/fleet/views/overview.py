"""What is due: the first page of the fleet."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.fleet import queries
from labtracker.fleet.views.blueprint import blueprint, tabs
from labtracker.kit.time import utc_now
from labtracker.web.display import office_today


@blueprint.get("/fleet")
@roles(Role.COORDINATOR)
def overview() -> ResponseReturnValue:
    """What is due: licenses that end, inspections, what is closed or out of order."""
    due = queries.due_list(current_actor(), office_today(), utc_now())
    return render_template("fleet/overview.html", due=due, today=office_today(), tabs=tabs("overview"))
