"""What the fleet's records hold against a placement that is worked out."""

from __future__ import annotations

from datetime import date

from labtracker.accounts.models import Person
from labtracker.fleet.queries import fleet_facts
from labtracker.kit.time import local_day
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.rules.conflicts import Conflict, Party
from labtracker.scheduling.rules.outfit import Outfit, outfit_conflicts


def outfit_conflicts_of(proposal: Proposal, today: date | None) -> list[Conflict]:
    """Licences, skills, inspections and equipment that stand in the way of a proposal with sessions."""
    stay, zone = proposal.stay, proposal.visit.worksite.zone
    if stay is None:
        return []
    vehicle = proposal.vehicle
    facts = fleet_facts(
        lab_ids={proposal.lab.id},
        vehicle_ids={vehicle.id} if vehicle else (),
        person_ids={person.id for person in (*proposal.trainers, *proposal.drivers)},
    )
    outfit = Outfit(
        lab=Party("lab", proposal.lab.id, proposal.lab.name),
        courses=tuple(Party("course", one.id, one.title) for one in proposal.visit.courses),
        trainers=tuple(_party(one) for one in proposal.trainers),
        drivers=tuple(_party(one) for one in proposal.drivers),
        vehicle=Party("vehicle", vehicle.id, vehicle.name) if vehicle else None,
        leaves_on=local_day(stay.leaves_home_at, zone),
        first_on=proposal.first_on,
        last_on=proposal.last_on,
        home_on=local_day(stay.home_at, zone),
    )
    return outfit_conflicts(outfit, facts, today)


def _party(person: Person) -> Party:
    return Party("person", person.id, person.name)
