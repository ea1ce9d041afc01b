"""What trainers' phones record in a year of sessions: arrivals, leaves, and all that goes wrong between."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from labtracker.demo.conduct import CAMPUS, Conduct, scores_of
from labtracker.demo.names import NameMaker
from labtracker.kit.ids import uuid7
from labtracker.kit.time import to_ms

Body = dict[str, Any]
METHODS = ("scan",) * 17 + ("code", "manual", "reader")
EXCUSES = ("Sick child", "Called in to a breakdown", "Doctor’s appointment", "Funeral", "Snow on the pass")
MANUAL = ("Badge left at home", "Badge does not scan")


@dataclass(frozen=True)
class Learner:
    """One enrollment as a phone knows it, and how its worker behaves."""

    enrollment: UUID
    badge_hash: str | None
    conduct: Conduct


@dataclass(frozen=True)
class Meeting:
    """One session: its window, its place among its cohort's, and one of another cohort to make it up in."""

    session: UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    is_last: bool
    other: Meeting | None = None


@dataclass
class Group:
    """A cohort as a phone knows it."""

    mode: str
    meetings: Sequence[Meeting]
    learners: Sequence[Learner]
    skills: Sequence[tuple[str, int | None]]
    pass_mark: int | None
    employer: str
    walk_ins: list[Body] = field(default_factory=list)


@dataclass(frozen=True)
class Moment:
    """Something a phone records at an instant; ``session`` says in which meeting."""

    at: datetime
    body: Body


def stranger_after(moment: Moment, chance: random.Random) -> Moment:
    """A badge of another program, scanned a minute after something else in the same session."""
    at = moment.at + timedelta(minutes=1)
    session = {name: moment.body[name] for name in ("session", "chosen_session")}
    who = {"badge_hash": f"{chance.getrandbits(256):064x}", "not_enrolled": True, "method": "scan"}
    return Moment(at, {"id": str(uuid7(to_ms(at))), "type": "check_in", **session, **who})


def told_again(moment: Moment) -> Moment:
    """The same as another phone saw it, two minutes later."""
    at = moment.at + timedelta(minutes=2)
    return Moment(at, {**moment.body, "id": str(uuid7(to_ms(at)))})


class Recorder:
    """Records sessions as they happened, until the present moment."""

    def __init__(self, names: NameMaker, chance: random.Random, now: datetime) -> None:
        self._names, self._chance, self._now = names, chance, now

    def record(self, group: Group) -> Iterator[Moment]:
        """Everything recorded about one cohort so far, meeting by meeting."""
        for meeting in group.meetings:
            if meeting.starts_at - timedelta(minutes=15) > self._now:
                return
            for moment in self._meeting(group, meeting):
                if moment.at <= self._now - timedelta(minutes=2):
                    yield moment

    def _meeting(self, group: Group, meeting: Meeting) -> Iterator[Moment]:
        chance = self._chance
        ends_at = meeting.ends_at
        yield self._moment(meeting, meeting.starts_at - _minutes(chance.randint(9, 16)), "session_open")
        if meeting.number and not meeting.is_last and chance.random() < 0.012:
            ends_at -= _minutes(chance.randint(25, 45))
            weather = {"ended_ms": to_ms(ends_at), "reason": "Hail warning, the lab was cleared"}
            yield self._moment(meeting, ends_at + _minutes(2), "session_cancel", weather)
        for learner in group.learners:
            yield from self._learner(group, meeting, learner, ends_at)
        yield from self._walk_ins(group, meeting, ends_at)
        if chance.random() < 0.03:
            note = {"text": chance.choice(("Booth 3 trips its breaker", "Generator needs oil", "Ran long"))}
            yield self._moment(meeting, meeting.ends_at + _minutes(4), "note", note)
        if ends_at == meeting.ends_at:
            closed_at = meeting.ends_at + _minutes(chance.randint(8, 14))
            yield self._moment(meeting, closed_at, "session_close")

    def _learner(
        self, group: Group, meeting: Meeting, learner: Learner, ends_at: datetime
    ) -> Iterator[Moment]:
        conduct, chance = learner.conduct, self._chance
        who = self._who(learner)
        if conduct.is_gone(meeting.number):
            return
        if meeting.number and chance.random() < conduct.misses:
            yield from self._missed(meeting, learner, who)
            return
        yield from self._presence(group, meeting, who, conduct, ends_at)
        if meeting.number == 0 and conduct.releases_name:
            yield self._about(meeting, learner, 20, "consent", {"granted": True})
        yield from self._learned(group, meeting, learner)

    def _presence(
        self, group: Group, meeting: Meeting, who: Body, conduct: Conduct, ends_at: datetime
    ) -> Iterator[Moment]:
        chance, habits = self._chance, conduct.habits
        arrives_at = meeting.starts_at - _minutes(chance.triangular(-3, 24, 5))
        if chance.random() < habits.is_late:
            arrives_at = meeting.starts_at + _minutes(chance.triangular(9, 55, 14))
        yield self._moment(meeting, arrives_at, "check_in", {**who, **self._how()})
        if chance.random() < 0.008:
            yield self._moment(meeting, arrives_at + _minutes(4), "check_in", {**who, "method": "scan"})
        if chance.random() < 0.03:
            return  # forgot to check out
        leaves_at = ends_at + _minutes(chance.triangular(-2, 7, 2))
        if chance.random() < habits.leaves_early:
            leaves_at = ends_at - _minutes(chance.triangular(12, 80, 25))
        yield self._moment(meeting, leaves_at, "check_out", {**who, **self._how()})

    def _missed(self, meeting: Meeting, learner: Learner, who: Body) -> Iterator[Moment]:
        chance = self._chance
        roll = chance.random()
        if meeting.other is not None and roll < learner.conduct.habits.makes_up:
            other = meeting.other
            arrives_at = other.starts_at - _minutes(chance.randint(1, 15))
            extra = {"make_up": True, "method": "scan"}
            yield self._moment(other, arrives_at, "check_in", {**who, **extra})
            yield self._moment(other, other.ends_at + _minutes(1), "check_out", {**who, **extra})
        elif roll > 0.75:
            yield self._about(meeting, learner, 25, "excuse", {"reason": chance.choice(EXCUSES)})
        elif roll > 0.69:
            yield from self._mistaken(meeting, who)

    def _mistaken(self, meeting: Meeting, who: Body) -> Iterator[Moment]:
        """The wrong name tapped, and undone."""
        at = meeting.starts_at - _minutes(3)
        wrong = self._moment(meeting, at, "check_in", {**who, "method": "manual", "reason": MANUAL[0]})
        yield wrong
        undone = {"target": wrong.body["id"], "reason": "Wrong person"}
        yield self._moment(meeting, at + _minutes(1), "void", undone)

    def _learned(self, group: Group, meeting: Meeting, learner: Learner) -> Iterator[Moment]:
        chance = self._chance
        if not meeting.is_last:
            yield from self._half_way(group, meeting, learner)
            return
        for skill, level in group.skills:
            if chance.random() < 0.99:
                shown = {"skill": skill, "level": level} if level else {"skill": skill}
                yield self._about(meeting, learner, -35, "sign_off", shown)
        if group.pass_mark is not None:
            for number, score in enumerate(scores_of(learner.conduct, group.pass_mark, chance)):
                yield self._about(meeting, learner, -30 + 12 * number, "assessment", {"score": score})

    def _half_way(self, group: Group, meeting: Meeting, learner: Learner) -> Iterator[Moment]:
        """On the second day the first skill that has levels is shown, one level below what it needs."""
        graded = next(((skill, level) for skill, level in group.skills if level and level > 1), None)
        if graded is None or meeting.number != 1:
            return
        skill, level = graded
        at = meeting.ends_at - _minutes(20)
        shown = {"skill": skill, "level": level - 1, "enrollment": str(learner.enrollment)}
        session = {name: str(meeting.session) for name in ("session", "chosen_session")}
        yield Moment(at, {"id": str(uuid7(to_ms(at))), "type": "sign_off", **session, **shown})

    def _walk_ins(self, group: Group, meeting: Meeting, ends_at: datetime) -> Iterator[Moment]:
        """Somebody at the door who is on no list, and comes again."""
        chance = self._chance
        if meeting.number == 0 and group.mode != CAMPUS and chance.random() < 0.2:
            name = self._names.next()
            at = meeting.starts_at + _minutes(chance.randint(-6, 5))
            walk_in = {
                "id": str(uuid7(to_ms(at))),
                "name": f"{name.given} {name.family}",
                "employer": group.employer,
            }
            group.walk_ins.append({"walk_in": walk_in})
            yield self._moment(meeting, at, "walk_in", {"walk_in": walk_in, "method": "manual"})
            yield self._moment(meeting, ends_at, "check_out", {"walk_in": walk_in, "method": "manual"})
            return
        for who in group.walk_ins:
            at = meeting.starts_at - _minutes(chance.randint(0, 8))
            yield self._moment(meeting, at, "check_in", {**who, "method": "manual", "reason": "Walk-in"})
            yield self._moment(meeting, ends_at + _minutes(1), "check_out", {**who, "method": "manual"})

    def _how(self) -> Body:
        method = self._chance.choice(METHODS)
        return (
            {"method": method, "reason": self._chance.choice(MANUAL)}
            if method == "manual"
            else {"method": method}
        )

    def _who(self, learner: Learner) -> Body:
        who: Body = {"enrollment": str(learner.enrollment)}
        if learner.badge_hash:
            who["badge_hash"] = learner.badge_hash
        return who

    def _about(self, meeting: Meeting, learner: Learner, minutes: int, kind: str, more: Body) -> Moment:
        """Something a trainer says of a worker, so long after the start (or before the end) of a meeting."""
        base = meeting.starts_at if minutes >= 0 else meeting.ends_at
        at = base + _minutes(minutes + self._chance.random() * 8)
        return self._moment(meeting, at, kind, {"enrollment": str(learner.enrollment), **more})

    def _moment(
        self, meeting: Meeting, at: datetime, kind: str, more: Mapping[str, Any] | None = None
    ) -> Moment:
        at += timedelta(seconds=self._chance.randint(0, 40), milliseconds=self._chance.randint(0, 999))
        body: Body = {"id": str(uuid7(to_ms(at))), "type": kind, "session": str(meeting.session)}
        body["chosen_session"] = body["session"]
        return Moment(at, {**body, **(more or {})})


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
