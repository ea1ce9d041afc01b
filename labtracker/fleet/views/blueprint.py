"""The blueprint that every screen of this slice hangs on, and what its screens share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.access import current_actor
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.fleet import queries
from labtracker.fleet.models import EquipmentItem, Inspection, TowVehicle
from labtracker.fleet.queries import LabState
from labtracker.fleet.rules import INSPECTION_COMES_SOON
from labtracker.fleet.words import CLOSURE_KINDS, LICENCES
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import labs_visible_to
from labtracker.web.display import office_today
from labtracker.web.edge import load
from labtracker.web.filters import Choice

blueprint = Blueprint("fleet", __name__)


def tabs(here: str) -> list[Choice]:
    """The lists of the fleet, for those who may open them all."""
    if not is_coordinator():
        return []
    ways = [
        ("overview", _("Due"), url_for("fleet.overview")),
        ("vehicles", _("Tow vehicles"), url_for("fleet.vehicles")),
        ("crew", _("Crew"), url_for("fleet.crew")),
        ("closures", _("Out of service"), url_for("scheduling.closures")),
        ("equipment", _("Equipment"), url_for("fleet.equipment")),
        ("mileage", _("Mileage"), url_for("scheduling.mileage")),
        ("closed_days", _("Closed days"), url_for("fleet.closed_days")),
    ]
    return [Choice(label, url, name == here) for name, label, url in ways]


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What kinds and licences are called, for this slice and the pages that show its rows."""
    return {
        "closure_kinds": CLOSURE_KINDS,
        "licence_words": LICENCES,
        "state_of_lab": state_of_lab,
        "inspection_state": inspection_state,
        "fleet_tabs": tabs,
    }


def state_of_lab(lab: Lab) -> LabState:
    """How a lab is now, for its own page and whoever plans it."""
    now = utc_now()
    return queries.state_of_lab(lab, local_day(now, lab.zone), now)


def inspection_state(inspection: Inspection) -> tuple[str, str]:
    """How soon an inspection is due, as words and as the kind of a chip."""
    left = (inspection.next_due_on - office_today()).days
    if left < 0:
        return _("overdue"), "refused"
    if left <= INSPECTION_COMES_SOON.days:
        return ngettext("in %(num)s day", "in %(num)s days", left), "look"
    return _("not yet due"), "in"


def load_lab(lab_id: Any) -> Lab:
    """A lab the actor may see, or 404."""
    return load(labs_visible_to(current_actor()).where(Lab.id == lab_id))


def load_vehicle(vehicle_id: Any) -> TowVehicle:
    """A tow vehicle the actor may see, or 404."""
    return load(queries.vehicles_visible_to(current_actor()).where(TowVehicle.id == vehicle_id))


def load_item(item_id: Any) -> EquipmentItem:
    """A piece of equipment the actor may see, or 404."""
    return load(queries.items_visible_to(current_actor()).where(EquipmentItem.id == item_id))


def load_inspection(inspection_id: Any) -> Inspection:
    """An inspection the actor may see, or 404."""
    return load(queries.inspections_visible_to(current_actor()).where(Inspection.id == inspection_id))


def load_person(person_id: Any) -> Person:
    """Somebody of the crew whom the actor may see, or 404."""
    return load(queries.crew_visible_to(current_actor()).where(Person.id == person_id))


def is_coordinator() -> bool:
    """Whether whoever asks may change things here."""
    return current_actor().has(Role.COORDINATOR)
