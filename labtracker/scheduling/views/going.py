"""The part of a deployment's page about how it goes there: vehicle, miles, what stands against it.

What its site lacks stands in a part of its own.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from labtracker.kit.time import utc_now
from labtracker.scheduling import queries
from labtracker.scheduling.forms.fleet import OdometerForm, TowForm
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.mileage import trip_of
from labtracker.scheduling.rules.conflicts import OF_READINESS
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.wording.conflicts import conflict_words
from labtracker.web.edge import load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import form_problems


def going(
    found: Deployment, *, staff: bool, towing: TowForm | None, odometer: OdometerForm | None
) -> dict[str, Any]:
    """What the page shows of it; a refused form is shown open. Only staff read what stands against it."""
    zone, now = found.worksite.zone, utc_now()
    against: list[dict[str, Any]] = []
    if staff and found.status != DeploymentStatus.CANCELLED and found.blocks_until > now:
        conflicts = queries.standing_conflicts([found], now).get(found.id, [])
        against = [
            {"words": conflict_words(one, zone), "blocks": one.blocks}
            for one in conflicts
            if one.kind not in OF_READINESS
        ]
    return {
        "towing": towing or tow_form(found, fresh=True),
        "towing_refused": bool(towing and form_problems(towing)),
        "odometer": odometer or _odometer_form(found),
        "odometer_refused": bool(odometer and form_problems(odometer)),
        "trip": trip_of(found),
        "against": against,
    }


def tow_form(found: Deployment, *, fresh: bool = False) -> TowForm:
    """Which vehicle tows a deployment: those that can tow its lab, and the one it has."""
    form = TowForm(formdata=None) if fresh else TowForm()
    offered = load_all(queries.vehicles_towing(found.lab))
    if found.vehicle is not None and found.vehicle not in offered:
        offered.append(found.vehicle)
    pairs = [("", _("None yet")), *((str(one.id), f"{one.name} · {one.plate}") for one in offered)]
    choose_from(form.vehicle, pairs)
    if fresh:
        form.version.data = str(found.version)
        form.vehicle.data, form.vehicle_stays.data = str(found.vehicle_id or ""), found.vehicle_stays
    return form


def _odometer_form(found: Deployment) -> OdometerForm:
    form = OdometerForm(formdata=None)
    form.miles.data = found.odometer_miles
    return form
