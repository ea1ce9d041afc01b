"""Named reads of the fleet: what is closed or away, what is fit to go out, what is due."""

from labtracker.fleet.queries.absences import Absence, absences, closed_days_between
from labtracker.fleet.queries.fitness import fleet_facts, may_teach, vehicles_for
from labtracker.fleet.queries.lists import (
    STAFF,
    CrewLine,
    DueList,
    LabState,
    closed_days_of,
    closures_visible_to,
    crew_lines,
    crew_visible_to,
    due_list,
    inspections_visible_to,
    items_visible_to,
    leave_visible_to,
    state_of_lab,
    vehicles_visible_to,
)

__all__ = [
    "STAFF",
    "Absence",
    "CrewLine",
    "DueList",
    "LabState",
    "absences",
    "closed_days_between",
    "closed_days_of",
    "closures_visible_to",
    "crew_lines",
    "crew_visible_to",
    "due_list",
    "fleet_facts",
    "inspections_visible_to",
    "items_visible_to",
    "leave_visible_to",
    "may_teach",
    "state_of_lab",
    "vehicles_for",
    "vehicles_visible_to",
]
