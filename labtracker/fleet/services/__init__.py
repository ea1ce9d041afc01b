"""Named writes of the fleet. All take ``actor`` and ``now``, flush, and never commit."""

from labtracker.fleet.services.closed_days import add_closed_day, remove_closed_day
from labtracker.fleet.services.closures import add_closure, change_last_day, end_closure
from labtracker.fleet.services.crew import enter_leave, note_licence, note_taught_courses, withdraw_leave
from labtracker.fleet.services.equipment import (
    add_item,
    change_item,
    put_in_order,
    put_out_of_order,
    remove_item,
)
from labtracker.fleet.services.inspections import add_inspection, end_inspection, note_done
from labtracker.fleet.services.vehicles import add_vehicle, change_vehicle, restore_vehicle, retire_vehicle

__all__ = [
    "add_closed_day",
    "add_closure",
    "add_inspection",
    "add_item",
    "add_vehicle",
    "change_item",
    "change_last_day",
    "change_vehicle",
    "end_closure",
    "end_inspection",
    "enter_leave",
    "note_done",
    "note_licence",
    "note_taught_courses",
    "put_in_order",
    "put_out_of_order",
    "remove_closed_day",
    "remove_item",
    "restore_vehicle",
    "retire_vehicle",
    "withdraw_leave",
]
