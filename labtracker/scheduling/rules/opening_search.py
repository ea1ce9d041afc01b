"""On which days a visit could begin, and why there are not more: searched in memory, nothing is read here.

Day by day the nearest lab is looked for that is equipped, fits the site, and is free for its whole stay, a
trainer who is free for every session, and a vehicle and a driver who are free for both drives. Of each week
the first such day is an opening; a week without one has its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from labtracker.kit.time import local_day
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.conflicts import ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.fitness import outside_windows, readiness_conflicts, site_conflicts
from labtracker.scheduling.rules.openings import Ask, Hindrance, LabOffer, Obstacle, Opening, Openings, Tow
from labtracker.scheduling.rules.sessions import Timetable, cohort_sizes, timetable
from labtracker.scheduling.rules.stays import stay_conflicts
from labtracker.scheduling.rules.towing import Towed, Towing, Untowed
from labtracker.scheduling.rules.travel import Effort, Stay, lay_out

_NEARNESS = {obstacle: number for number, obstacle in enumerate(Obstacle)}


def openings(
    ask: Ask,
    labs: Sequence[LabOffer],
    trainers: Sequence[Party],
    busy: Busy,
    most: int = 6,
    drivers: Sequence[Party] = (),
) -> Openings:
    """Up to ``most`` openings, at most one a week, the earliest first. ``drivers`` are who has a licence."""
    fitting = [lab for lab in labs if not site_conflicts(lab.facts, ask.site)]
    if not fitting:
        why = Obstacle.SITE_TOO_SMALL if labs else Obstacle.NO_LAB
        return Openings((), (Hindrance(ask.first, ask.last, why),))
    search = _Search(ask, fitting, trainers, busy, drivers)
    found: list[Opening] = []
    hindrances: list[Hindrance] = []
    for week in _weeks(ask.first, ask.last):
        if len(found) == most:
            break
        answer = search.week(*week)
        if isinstance(answer, Opening):
            found.append(answer)
        elif answer is not None:
            hindrances.append(answer)
    return Openings(tuple(found), tuple(_merged(hindrances)))


def _weeks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Whole weeks from Monday to Sunday, the first and the last cut to what is asked for."""
    start = first
    while start <= last:
        end = min(last, start + timedelta(days=7 - start.isoweekday()))
        yield start, end
        start = end + timedelta(days=1)


def _merged(hindrances: Sequence[Hindrance]) -> Iterator[Hindrance]:
    """Weeks that follow one another for the same reason as one span."""
    held: Hindrance | None = None
    for one in hindrances:
        same = held is not None and (held.why, held.lab, held.because) == (one.why, one.lab, one.because)
        if held is not None and same and one.first_on - held.last_on == timedelta(days=1):
            held = Hindrance(held.first_on, one.last_on, one.why, one.lab, one.because)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held


class _Search:
    """One search; what several days or labs have in common is worked out once."""

    def __init__(
        self,
        ask: Ask,
        labs: Sequence[LabOffer],
        trainers: Sequence[Party],
        busy: Busy,
        drivers: Sequence[Party],
    ) -> None:
        self.ask, self.trainers, self.busy = ask, trainers, busy
        self.towing = Towing(ask, drivers, busy)
        self.labs = sorted(labs, key=lambda lab: (lab.miles is None, lab.miles or 0, lab.facts.party.name))
        self._cohorts = {
            lab.facts.party.id: len(cohort_sizes(ask.headcount, max(1, lab.facts.seats))) for lab in labs
        }
        self._tables: dict[tuple[date, int], Timetable] = {}
        self._stays: dict[tuple[date, int, Effort], Stay] = {}
        self._free: dict[tuple[date, int], Party | None] = {}

    def week(self, first: date, last: date) -> Opening | Hindrance | None:
        """The first opening between two days, else what came nearest to one; nothing without a shift."""
        nearest: Hindrance | None = None
        for step in range((last - first).days + 1):
            day = first + timedelta(days=step)
            if day.isoweekday() not in self.ask.pattern.weekdays:
                continue
            answer = self._day(day, Hindrance(first, last, Obstacle.CLOSED))
            if isinstance(answer, Opening):
                return answer
            if nearest is None or _NEARNESS[answer.why] > _NEARNESS[nearest.why]:
                nearest = answer
        return nearest

    def _day(self, day: date, week: Hindrance) -> Opening | Hindrance:
        if day in self.ask.closed_days:
            because = Party("day", None, self.ask.closed_days[day])
            return Hindrance(week.first_on, week.last_on, Obstacle.CLOSED, because=because)
        nearest = week
        begins = self.ask.pattern.session_on(day, self.ask.contact_minutes)
        for lab in self.labs:
            answer = self._lab(lab, day, Span(begins.starts_at, begins.ends_at), week)
            if isinstance(answer, Opening):
                return answer
            if nearest is week or _NEARNESS[answer.why] > _NEARNESS[nearest.why]:
                nearest = answer
        return nearest

    def _lab(self, lab: LabOffer, day: date, begins: Span, week: Hindrance) -> Opening | Hindrance:
        held = self._held(lab.facts.party.id, begins)
        if held is not None:
            return _no(week, lab, Obstacle.LAB_TAKEN, held)
        cohorts = self._cohorts[lab.facts.party.id]
        table = self._table(day, cohorts)
        if table.is_empty:
            return _no(week, lab, Obstacle.CLOSED)
        nearest: Hindrance | None = None
        for effort, tows in _by_effort(lab):
            stay = self._stay(day, cohorts, effort, table)
            answer = self._with(lab, (day, table.sessions[-1].day), stay, effort, tows, week)
            if isinstance(answer, Opening):
                return answer
            if nearest is None or _NEARNESS[answer.why] > _NEARNESS[nearest.why]:
                nearest = answer
        assert nearest is not None, "a lab comes in one way at least"
        return nearest

    def _with(
        self,
        lab: LabOffer,
        days: tuple[date, date],
        stay: Stay,
        effort: Effort,
        tows: Sequence[Tow],
        week: Hindrance,
    ) -> Opening | Hindrance:
        """Whether a lab can come with one of some vehicles that are equally fast."""
        party, ask = lab.facts.party, self.ask
        held = self._held(party.id, Span(stay.leaves_home_at, stay.home_at))
        if held is not None:
            return _no(week, lab, Obstacle.LAB_ON_THE_WAY, held)
        if not self.towing.fits(party, stay, days):
            return _no(week, lab, Obstacle.LAB_UNFIT)
        if self._misses(party, effort, stay):
            return _no(week, lab, Obstacle.GATE)
        lacks = _readiness(lab, ask.site.party, stay.arrives_at, ask.pattern.zone)
        if lacks is ConflictKind.NOT_READY:
            return _no(week, lab, Obstacle.NOT_READY)
        if outside_windows(*days, ask.windows):
            return _no(week, lab, Obstacle.OUTSIDE_WINDOWS)
        cohorts = self._cohorts[party.id]
        trainer = self._trainer(days[0], cohorts)
        if trainer is None:
            return _no(week, lab, Obstacle.NO_TRAINER)
        towed = self.towing.found(lab, stay, days, tows) if tows else Towed()
        if isinstance(towed, Untowed):
            return _no(week, lab, towed.why, towed.licence)
        sessions = len(self._table(days[0], cohorts).sessions)
        conditions = lab.readiness.conditions if lab.readiness else ()
        return Opening(
            *days, party, trainer, sessions, lab.miles, towed.vehicle, towed.driver, lacks, conditions
        )

    def _held(self, lab: UUID | None, span: Span) -> Party | None:
        lane = self.busy.lane(lab)
        hold = next(lane.meeting(span), None) if lane else None
        return hold.because if hold else None

    def _table(self, day: date, cohorts: int) -> Timetable:
        key = (day, cohorts)
        if key not in self._tables:
            self._tables[key] = timetable(
                self.ask.pattern,
                contact_minutes=self.ask.contact_minutes,
                first_on=day,
                cohorts=cohorts,
                closed_days=self.ask.closed_days,
            )
        return self._tables[key]

    def _stay(self, day: date, cohorts: int, effort: Effort, table: Timetable) -> Stay:
        key = (day, cohorts, effort)
        if key not in self._stays:
            sessions = table.sessions
            self._stays[key] = lay_out(
                sessions[0].starts_at,
                sessions[-1].ends_at,
                effort,
                zone=self.ask.pattern.zone,
                closed_days=self.ask.closed_days,
                gate=self.ask.gate,
            )
        return self._stays[key]

    def _misses(self, party: Party, effort: Effort, stay: Stay) -> bool:
        """Whether the stay leaves too little time, or arrives before a closed gate."""
        zone, closed, gate = self.ask.pattern.zone, self.ask.closed_days, self.ask.gate
        return bool(stay_conflicts(stay, effort, party, zone=zone, closed_days=closed, gate=gate))

    def _trainer(self, day: date, cohorts: int) -> Party | None:
        """The first trainer who is free for every session."""
        key = (day, cohorts)
        if key not in self._free:
            because = Party("deployment", None, self.ask.here.name)
            sessions = self._table(day, cohorts).sessions
            spans = [Span(one.starts_at, one.ends_at) for one in sessions]
            self._free[key] = next(
                (
                    who
                    for who in self.trainers
                    if self.busy.leaves_room_for(Hold(who, span, because, self.ask.here) for span in spans)
                ),
                None,
            )
        return self._free[key]


def _no(week: Hindrance, lab: LabOffer, why: Obstacle, because: Party | None = None) -> Hindrance:
    return Hindrance(week.first_on, week.last_on, why, lab.facts.party, because)


def _by_effort(lab: LabOffer) -> list[tuple[Effort, list[Tow]]]:
    """The ways in which a lab can come: vehicles that are equally fast together, in their order."""
    ways: dict[Effort, list[Tow]] = {} if lab.tows else {lab.effort: []}
    for tow in lab.tows:
        ways.setdefault(tow.effort, []).append(tow)
    return list(ways.items())


def _readiness(lab: LabOffer, site: Party, arrives_at: datetime, zone: str) -> ConflictKind | None:
    """What is missing of the site's readiness for the lab on its arrival."""
    found = readiness_conflicts(lab.readiness, lab.facts.party, site, local_day(arrives_at, zone))
    return found[0].kind if found else None
