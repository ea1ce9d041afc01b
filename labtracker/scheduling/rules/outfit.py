"""Whether a lab, its vehicle and its crew may go out together: licences, skills, inspections, equipment.

What is busy elsewhere is for ``clashes``; this looks at what the fleet's own records say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from labtracker.fleet.rules import LicenceClass, covers, is_out, licence_needed
from labtracker.fleet.rules.facts import FleetFacts, LicenceFacts
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Party


@dataclass(frozen=True)
class Outfit:
    """What goes out together for at least one course, and when: leaving, training, being home."""

    lab: Party
    courses: tuple[Party, ...]
    trainers: tuple[Party, ...]
    drivers: tuple[Party, ...]
    vehicle: Party | None
    leaves_on: date
    first_on: date
    last_on: date
    home_on: date


def outfit_conflicts(outfit: Outfit, facts: FleetFacts, today: date | None) -> list[Conflict]:
    """Everything the fleet's records hold against this outfit.

    ``today`` tells an inspection that is overdue from one that comes due before they leave; without it
    every one that would be overdue then is only told.
    """
    return [
        *_vehicle(outfit, facts),
        *_drivers(outfit, facts),
        *_trainers(outfit, facts),
        *_inspections(outfit, facts, today),
        *_equipment(outfit, facts),
    ]


def _vehicle(outfit: Outfit, facts: FleetFacts) -> Iterator[Conflict]:
    if outfit.vehicle is None:
        if outfit.lab.id in facts.towable:
            yield Conflict(ConflictKind.VEHICLE_MISSING, outfit.lab)
        return
    assert outfit.vehicle.id is not None
    known = facts.vehicles[outfit.vehicle.id]
    if known.retired:
        yield Conflict(ConflictKind.VEHICLE_RETIRED, outfit.vehicle)
    if outfit.lab.id not in known.lab_ids:
        yield Conflict(ConflictKind.CANNOT_TOW, outfit.vehicle, outfit.lab)


def _drivers(outfit: Outfit, facts: FleetFacts) -> Iterator[Conflict]:
    """One of the drivers has to be allowed to drive the load; who follows in a car needs no licence here."""
    if outfit.vehicle is None or outfit.vehicle.id is None or outfit.lab.id is None:
        return
    vehicle_lb = facts.vehicles[outfit.vehicle.id].weight_lb
    lab_lb = facts.lab_weights.get(outfit.lab.id)
    needed, together = licence_needed(lab_lb, vehicle_lb), (lab_lb or 0) + vehicle_lb
    about = Party("licence", None, needed.value) if needed else None
    if not outfit.drivers:
        yield Conflict(ConflictKind.DRIVER_MISSING, outfit.lab, outfit.vehicle, wanted=together, about=about)
        return
    if needed is None:
        return
    held = [facts.licences.get(one.id) for one in outfit.drivers if one.id is not None]
    if any(may_drive(one, needed, outfit.home_on) for one in held):
        return
    for driver in outfit.drivers:
        yield Conflict(
            ConflictKind.NO_CDL, driver, outfit.vehicle, wanted=together, about=about, on=outfit.home_on
        )


def may_drive(licence: LicenceFacts | None, needed: LicenceClass, until: date) -> bool:
    """Whether a licence covers a load that needs a class, up to and on a day."""
    return licence is not None and licence.expires_on >= until and covers(licence.licence_class, needed)


def _trainers(outfit: Outfit, facts: FleetFacts) -> Iterator[Conflict]:
    """Each trainer teaches one of the courses, and each course has somebody who may teach it."""
    wanted = {course.id: course for course in outfit.courses}
    covered: set[object] = set()
    known: list[Party] = []
    for trainer in outfit.trainers:
        taught = facts.taught.get(trainer.id) if trainer.id else None
        if not taught:
            covered |= wanted.keys()
            yield Conflict(ConflictKind.SKILLS_UNKNOWN, trainer, outfit.courses[0])
        elif not taught & wanted.keys():
            yield Conflict(ConflictKind.COURSE_NOT_TAUGHT, trainer, outfit.courses[0])
        else:
            known.append(trainer)
            covered |= taught
    for course_id, course in wanted.items():
        if known and course_id not in covered:
            yield Conflict(ConflictKind.COURSE_NOT_TAUGHT, known[0], course)


def _inspections(outfit: Outfit, facts: FleetFacts, today: date | None) -> Iterator[Conflict]:
    for party in filter(None, (outfit.lab, outfit.vehicle)):
        for one in facts.inspections.get(party.id, ()) if party.id else ():
            if one.due_on >= outfit.leaves_on:
                continue
            overdue = today is not None and one.due_on < today
            kind = ConflictKind.INSPECTION_OVERDUE if overdue else ConflictKind.INSPECTION_DUE
            yield Conflict(kind, party, Party("inspection", one.id, one.name), on=one.due_on)


def _equipment(outfit: Outfit, facts: FleetFacts) -> Iterator[Conflict]:
    for item in facts.out_of_order.get(outfit.lab.id, ()) if outfit.lab.id else ():
        if not is_out(item.since, item.until, outfit.first_on, outfit.last_on):
            continue
        about = Party("item", item.id, item.name)
        for course in outfit.courses:
            if course.id in item.course_ids:
                yield Conflict(ConflictKind.ITEM_OUT, outfit.lab, course, about=about, on=item.until)
