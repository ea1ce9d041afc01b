"""How far labs and vehicles went."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import roles
from labtracker.accounts.rules import Role
from labtracker.kit.time import local_day, program_year, utc_now
from labtracker.scheduling.queries.mileage import mileage_of
from labtracker.scheduling.views.blueprint import blueprint
from labtracker.web.display import office_zone
from labtracker.web.filters import Choice, year_from_request


@blueprint.get("/fleet/mileage")
@roles(Role.COORDINATOR)
def mileage() -> ResponseReturnValue:
    """Miles of each lab and vehicle in a program year, deployment by deployment."""
    zone, now = office_zone(), utc_now()
    present = program_year(local_day(now, zone))
    year = year_from_request("year", present, first=2000, last=present)
    years = [
        Choice(
            _("%(first)s to %(last)s", first=one, last=one + 1),
            url_for("scheduling.mileage", year=one),
            one == year,
        )
        for one in range(present, present - 4, -1)
    ]
    return render_template(
        "scheduling/mileage.html", mileage=mileage_of(year, zone, now), years=years, year=year
    )
