"""What a placement would hold: a lab for its whole stay, trainers by session, drivers on the road."""

from __future__ import annotations

from collections.abc import Iterable

from labtracker.scheduling.rules.conflicts import Hold, Party, Span
from labtracker.scheduling.rules.sessions import SessionTimes
from labtracker.scheduling.rules.travel import Place, Stay


def holds_of_stay(
    stay: Stay,
    *,
    lab: Party,
    base: Place,
    site: Place,
    because: Party,
    teaching: Iterable[tuple[Party, SessionTimes]] = (),
    drivers: Iterable[Party] = (),
    towing: Party | None = None,
    vehicle_stays: bool = False,
) -> list[Hold]:
    """Everything that one stay takes out of the calendars of its lab, its vehicle and its people."""
    away = Span(stay.leaves_home_at, stay.home_at)
    holds = [Hold(lab, away, because)]
    if towing is not None:
        there = Span(stay.arrives_at, stay.packed_at)
        holds += tows(towing, because, away, there, stays=vehicle_stays, base=base, site=site)
    holds += [Hold(who, Span(one.starts_at, one.ends_at), because, site) for who, one in teaching]
    for driver in drivers:
        holds += both_drives(driver, because, away, Span(stay.ready_at, stay.packs_at), base=base, site=site)
    return holds


def both_drives(
    who: Party, because: Party, away: Span, there: Span, *, base: Place, site: Place
) -> list[Hold]:
    """What holds whoever brings a lab and takes it home: ``away`` less the time that it stands ``there``."""
    ways = [
        (away.starts_at, there.starts_at, base, site),
        (there.ends_at, away.ends_at, site, base),
    ]
    return [
        Hold(who, Span(start, end), because, first, last) for start, end, first, last in ways if start < end
    ]


def tows(
    who: Party, because: Party, away: Span, there: Span, *, stays: bool, base: Place, site: Place
) -> list[Hold]:
    """Both drives; all the time between too, if the vehicle stays with the lab that stands ``there``."""
    if stays:
        return [Hold(who, away, because, base, base)]
    return both_drives(who, because, away, there, base=base, site=site)
