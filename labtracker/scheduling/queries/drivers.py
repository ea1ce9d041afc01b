"""Who could drive what is worked out: with which licence, until when, and who is free for both drives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from labtracker.accounts.models import Person
from labtracker.fleet.queries import fleet_facts
from labtracker.fleet.rules import LicenceClass, licence_needed
from labtracker.fleet.rules.facts import LicenceFacts
from labtracker.kit.time import local_day
from labtracker.scheduling.queries.holds import person_holds
from labtracker.scheduling.queries.proposals import Proposal, holds_of, reach_of
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.outfit import may_drive


@dataclass(frozen=True)
class DriverOffer:
    """Somebody who might drive: the licence noted of them, until when it has to hold, what the load needs.

    ``is_fit`` says that the licence covers the load until the lab is home; without a vehicle, or with a load
    that needs no commercial licence, everybody is.
    """

    person: Person
    licence: LicenceFacts | None
    needed: LicenceClass | None
    until: date
    is_free: bool

    @property
    def is_fit(self) -> bool:
        """Whether the licence suffices."""
        return self.needed is None or may_drive(self.licence, self.needed, self.until)

    @property
    def order(self) -> tuple[bool, bool, bool]:
        """Those who may and can drive first; of the others those who have a licence at all."""
        return not (self.is_fit and self.is_free), not self.is_fit, self.licence is None


def drivers_for(proposal: Proposal, people: Sequence[Person]) -> list[DriverOffer]:
    """These people as drivers of a proposal, those fit and free first, else in the order given."""
    stay, vehicle = proposal.stay, proposal.vehicle
    if stay is None:
        return []
    everybody = {person.id for person in people}
    facts = fleet_facts(
        lab_ids={proposal.lab.id}, vehicle_ids={vehicle.id} if vehicle else (), person_ids=everybody
    )
    busy = Busy(person_holds(everybody, reach_of(proposal), ignoring=proposal.visit.moving))
    until = local_day(stay.home_at, proposal.visit.worksite.zone)
    needed = licence_needed(proposal.lab.weight_lb, vehicle.weight_lb) if vehicle else None
    offers = [
        DriverOffer(
            one,
            facts.licences.get(one.id),
            needed,
            until,
            busy.leaves_room_for(holds_of(replace(proposal, trainers=(), drivers=(one,)))),
        )
        for one in people
    ]
    return sorted(offers, key=lambda offer: offer.order)
