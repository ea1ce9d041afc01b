"""Which vehicle and driver could bring a lab to a visit and home: fit, licensed, free for both drives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from labtracker.kit.time import local_day
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.conflicts import Party, Span
from labtracker.scheduling.rules.openings import Ask, LabOffer, Obstacle, Tow
from labtracker.scheduling.rules.outfit import Outfit, outfit_conflicts
from labtracker.scheduling.rules.placing import both_drives
from labtracker.scheduling.rules.travel import Place, Stay


@dataclass(frozen=True)
class Towed:
    """How a lab comes: by which vehicle, and by whom where the load needs a licence of a class."""

    vehicle: Party | None = None
    driver: Party | None = None


@dataclass(frozen=True)
class Untowed:
    """Why it does not: no vehicle, or nobody with the licence that the load needs."""

    why: Obstacle
    licence: Party | None = None


class Towing:
    """Looks for vehicles and drivers for one visit. Vehicle and driver are free again between the drives."""

    def __init__(self, ask: Ask, drivers: Sequence[Party], busy: Busy) -> None:
        self.ask, self.drivers, self.busy = ask, drivers, busy
        self._because = Party("deployment", None, ask.here.name)

    def fits(
        self,
        lab: Party,
        stay: Stay,
        days: tuple[date, date],
        tow: Tow | None = None,
        driver: Party | None = None,
    ) -> bool:
        """Whether the fleet's records say nothing against a lab, with a vehicle or a driver besides."""
        outfit = Outfit(
            lab=lab,
            courses=(self.ask.course,),
            trainers=(),
            drivers=(driver,) if driver else (),
            vehicle=tow.vehicle if tow else None,
            leaves_on=local_day(stay.leaves_home_at, self.ask.pattern.zone),
            first_on=days[0],
            last_on=days[1],
            home_on=local_day(stay.home_at, self.ask.pattern.zone),
        )
        return not any(one.blocks for one in outfit_conflicts(outfit, self.ask.fleet, self.ask.today))

    def found(
        self, lab: LabOffer, stay: Stay, days: tuple[date, date], tows: Iterable[Tow]
    ) -> Towed | Untowed:
        """The first of some vehicles that is fit and free, and somebody who may and can drive it."""
        base, party = lab.base or self.ask.here, lab.facts.party
        on_the_road, standing = Span(stay.arrives_at, stay.packed_at), Span(stay.ready_at, stay.packs_at)
        lacks = Untowed(Obstacle.NO_VEHICLE)
        for tow in tows:
            if not self._is_free(tow.vehicle, stay, on_the_road, base):
                continue
            if not self.fits(party, stay, days, tow):
                continue
            if tow.needs is None:
                return Towed(tow.vehicle)
            for who in self.drivers:
                if self._is_free(who, stay, standing, base) and self.fits(party, stay, days, tow, who):
                    return Towed(tow.vehicle, who)
            lacks = Untowed(Obstacle.NO_DRIVER, Party("licence", None, tow.needs.value))
        return lacks

    def _is_free(self, who: Party, stay: Stay, there: Span, base: Place) -> bool:
        """Whether nothing stands against both drives, the way from and to wherever else they are included."""
        lane = self.busy.lane(who.id)
        if lane is None:
            return True
        away = Span(stay.leaves_home_at, stay.home_at)
        drives = both_drives(who, self._because, away, there, base=base, site=self.ask.here)
        # What shares a moment is found at once; only where nothing does, ways before and after are reckoned.
        if any(next(lane.meeting(one.span), None) for one in drives):
            return False
        return self.busy.leaves_room_for(drives)
