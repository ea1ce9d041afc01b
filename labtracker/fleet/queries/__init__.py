"""Named reads of the fleet: what is closed or away, what is fit to go out, what is due."""

from labtracker.fleet.queries.absences import Absence, absences, closed_days_between
from labtracker.fleet.queries.fitness import fleet_facts, may_teach

__all__ = ["Absence", "absences", "closed_days_between", "fleet_facts", "may_teach"]
