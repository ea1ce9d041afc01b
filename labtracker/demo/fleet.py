"""The demo's vehicles, licences, courses taught, days off, a maintenance week, and a lab that broke down."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.demo.catalog import Catalog
from labtracker.demo.people import People
from labtracker.extensions import db
from labtracker.fleet import services
from labtracker.fleet.models import EquipmentItem, TowVehicle
from labtracker.fleet.rules import (
    ClosureKind,
    InspectionDetails,
    ItemDetails,
    LicenceClass,
    VehicleDetails,
    whole_days,
)
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab
from labtracker.scheduling import services as scheduling
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.disruptions import broken_by_closure
from labtracker.scheduling.rules import DeploymentStatus, Duty
from labtracker.scheduling.rules.conflicts import Span
from labtracker.scheduling.services import ConflictError


@dataclass(frozen=True)
class VehicleFacts:
    """A tow vehicle: pounds, and the labs it tows."""

    key: str
    name: str
    plate: str
    weight_lb: int
    labs: tuple[str, ...]


VEHICLES = (
    VehicleFacts("day-cab", "Day cab 1", "DZM-418", 17600, ("elec", "ndt")),
    VehicleFacts("sleeper", "Sleeper cab", "BVK-207", 18900, ("cnc", "ndt", "auto", "elec")),
    VehicleFacts("west", "Western Slope tractor", "AFT-933", 18200, ("west",)),
    VehicleFacts("valley", "Valley tractor", "CRE-560", 17100, ("auto",)),
    VehicleFacts("crew-truck", "Crew truck", "EHN-052", 9900, ("weld",)),
)
# By lab or campus: class, and in how many days the licence ends.
LICENCES = {
    "elec": (LicenceClass.A, 46),
    "ndt": (LicenceClass.A, 800),
    "west": (LicenceClass.A, 1100),
    "cnc": (LicenceClass.A, 410),
    "auto": (LicenceClass.A, 655),
    "weld": (LicenceClass.ORDINARY, 900),
}
CAMPUS_COURSES = {
    "campus": ("WLD-101", "ELE-110", "MEC-120", "SAF-105"),
    "campus-west": ("WLD-101", "WLD-180", "PLC-130"),
}
EQUIPMENT = {
    "weld": (
        ("Multi-process welder", 6, ("WLD-101", "WLD-180")), ("Fume extraction", 1, ("WLD-101", "WLD-180")),
    ),
    "elec": (("Motor control trainer", 6, ("ELE-110",)), ("Hydraulics bench", 2, ("MEC-120",))),
    "ndt": (("Magnetic particle bench", 2, ("NDT-150",)), ("Dark booth", 1, ("NDT-150",))),
    "west": (("Multi-process welder", 8, ("WLD-101", "WLD-180")), ("Plasma cutter", 1, ())),
    "cnc": (("CNC mill", 2, ("CNC-140",)), ("Drive alignment trainer", 3, ("MEC-120",))),
    "auto": (("PLC trainer", 5, ("PLC-130",)), ("Robot cell", 1, ())),
}  # fmt: skip
REPAIR_DAYS = 3


def furnish(people: People, catalog: Catalog, *, now: datetime, founded: datetime) -> dict[str, TowVehicle]:
    """Note what there is before the first visit: vehicles, licences, courses taught, equipment."""
    cora, today = people.coordinator, local_day(now, "America/Denver")
    vehicles = {facts.key: _vehicle(facts, catalog, people, founded) for facts in VEHICLES}
    for place, staff in people.trainers.items():
        for person in staff:
            _note(person, place, catalog, people, today, founded)
    for key, items in EQUIPMENT.items():
        for name, count, codes in items:
            needed = frozenset(catalog.courses[code].id for code in codes)
            services.add_item(catalog.labs[key], ItemDetails(name, count, needed), actor=cora, now=founded)
    _inspections(catalog, vehicles, people, today, founded)
    services.add_closed_day(
        state="CO",
        on=_next(date(today.year, 8, 14), today),
        name="College in-service day",
        actor=cora,
        now=now,
    )
    return vehicles


def _vehicle(facts: VehicleFacts, catalog: Catalog, people: People, founded: datetime) -> TowVehicle:
    labs = frozenset(catalog.labs[key].id for key in facts.labs)
    details = VehicleDetails(facts.name, facts.plate, facts.weight_lb, lab_ids=labs)
    return services.add_vehicle(details, actor=people.administrator, now=founded)


def _note(
    person: Person, place: str, catalog: Catalog, people: People, today: date, founded: datetime
) -> None:
    cora = people.coordinator
    lab = catalog.labs.get(place)
    courses = lab.courses if lab else [catalog.courses[code] for code in CAMPUS_COURSES[place]]
    services.note_taught_courses(person, [one.id for one in courses], actor=cora, now=founded)
    if place in LICENCES and person == people.trainers[place][0]:
        letter, days = LICENCES[place]
        services.note_licence(
            person,
            licence_class=letter,
            expires_on=today + timedelta(days=days),
            actor=cora,
            now=founded,
        )


def _inspections(
    catalog: Catalog, vehicles: dict[str, TowVehicle], people: People, today: date, now: datetime
) -> None:
    # Days since each was last done: the sleeper cab's is due in two weeks.
    done: tuple[tuple[Lab | TowVehicle, int], ...] = (
        (vehicles["day-cab"], 150), (vehicles["sleeper"], 351), (vehicles["west"], 90),
        (catalog.labs["cnc"], 200), (catalog.labs["elec"], 40),
    )  # fmt: skip
    for of, days in done:
        details = InspectionDetails("Annual federal safety inspection", 12, today - timedelta(days=days))
        services.add_inspection(of, details, today=today, actor=people.coordinator, now=now)


def set_out(people: People, catalog: Catalog, vehicles: dict[str, TowVehicle], now: datetime) -> None:
    """What happened once everything was planned: who tows what, a repair, maintenance, days off."""
    found = db.session.scalars(
        sa.select(Deployment)
        .where(Deployment.status != DeploymentStatus.CANCELLED)
        .order_by(Deployment.blocks_from)
    ).unique()
    keys = {lab.id: key for key, lab in catalog.labs.items()}
    for deployment in found:
        _tow(deployment, keys[deployment.lab_id], people, vehicles, now)
    cora, lab = people.coordinator, catalog.labs["weld"]
    of_lab = sa.select(EquipmentItem).where(EquipmentItem.lab_id == lab.id)
    item = db.session.scalars(of_lab.where(EquipmentItem.name == "Fume extraction")).one()
    services.put_out_of_order(
        item,
        since=local_day(now, lab.zone) - timedelta(days=2),
        until=local_day(now, lab.zone) + timedelta(days=2),
        note="Fan bearing; the part is on its way.",
        actor=cora,
        now=now - timedelta(hours=30),
    )
    _maintain(catalog.labs["cnc"], people, now)
    _break_down(catalog.labs["ndt"], people, now)
    _days_off(people.trainers["campus"][0], now)


def _tow(
    deployment: Deployment, key: str, people: People, vehicles: dict[str, TowVehicle], now: datetime
) -> None:
    facts = next(one for one in VEHICLES if key in one.labs)
    still_to_drive = deployment.blocks_until > now
    with suppress(ConflictError):
        if still_to_drive and LICENCES[key][0] is not LicenceClass.ORDINARY:
            with db.session.begin_nested():
                scheduling.add_to_crew(
                    deployment=deployment,
                    person=people.trainers[key][0],
                    duty=Duty.DRIVER,
                    actor=people.coordinator,
                    now=now - timedelta(hours=20),
                )
        scheduling.choose_vehicle(
            deployment=deployment,
            vehicle=vehicles[facts.key],
            stays=False,
            actor=people.coordinator,
            now=min(now, deployment.blocks_from) - timedelta(hours=19),
        )


def _maintain(lab: Lab, people: People, now: datetime) -> None:
    """The first free week that begins at least three weeks from now."""
    monday = local_day(now, lab.zone) + timedelta(days=21)
    monday += timedelta(days=-monday.weekday() % 7)
    for week in range(26):
        first, last = monday + timedelta(weeks=week), monday + timedelta(weeks=week, days=4)
        if not broken_by_closure(lab, Span(*whole_days(first, last, lab.zone)), now):
            services.add_closure(
                lab,
                kind=ClosureKind.MAINTENANCE,
                first=first,
                last=last,
                note="Spindle service and new brakes.",
                broke=(),
                actor=people.coordinator,
                now=now - timedelta(days=12),
            )
            return


def _break_down(lab: Lab, people: People, now: datetime) -> None:
    """A repair in the way of the lab's last visit: it waits to be re-planned."""
    coming = sa.select(Deployment).where(
        Deployment.lab_id == lab.id,
        Deployment.blocks_from > now,
        Deployment.status != DeploymentStatus.CANCELLED,
    )
    last = db.session.scalars(coming.order_by(Deployment.blocks_from.desc()).limit(1)).first()
    if last is None:
        return
    first = local_day(last.blocks_from, lab.zone)
    days = (first, first + timedelta(days=REPAIR_DAYS - 1))
    services.add_closure(
        lab,
        kind=ClosureKind.REPAIR,
        first=days[0],
        last=days[1],
        note="The slide-out's hydraulics leak.",
        broke=[one.id for one in broken_by_closure(lab, Span(*whole_days(*days, lab.zone)), now)],
        actor=people.coordinator,
        now=now - timedelta(hours=3),
    )


def _days_off(person: Person, now: datetime) -> None:
    first = local_day(now, "America/Denver") + timedelta(days=40)
    services.enter_leave(
        person,
        first=first,
        last=first + timedelta(days=4),
        zone="America/Denver",
        actor=person,
        now=now - timedelta(days=6),
    )


def _next(day: date, today: date) -> date:
    """That day of this year or the next, on a weekday."""
    while day <= today or day.isoweekday() > 5:
        day = day.replace(year=day.year + 1) if day <= today else day + timedelta(days=1)
    return day
