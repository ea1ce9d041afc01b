"""Which session and which worker a body speaks of, for many bodies at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from labtracker.checkin.bodies import LATEST_MS, NEEDS_SESSION, PLACED, WITNESSED, Body
from labtracker.checkin.queries.people import Enrolled, People, PersonFacts, people_named
from labtracker.checkin.queries.places import (
    SessionFacts,
    session_facts,
    sessions_around,
    trainers_of_cohorts,
)
from labtracker.checkin.rules.candidates import choose_session, own_cohort_of
from labtracker.checkin.rules.corrected_time import CorrectedTime, corrected_time
from labtracker.checkin.rules.frames import is_hash
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import from_ms
from labtracker.roster.rules.badges import read_code
from labtracker.roster.services import enroll_walk_in
from labtracker.scheduling.models import Cohort


@dataclass(slots=True)
class Placed:
    """Where a body belongs; ``code`` says why it has to be set aside.

    ``witnesses`` may judge the worker whom it judges; None where it judges nobody.
    """

    time: CorrectedTime
    session: SessionFacts | None = None
    enrollment_id: UUID | None = None
    worker_id: UUID | None = None
    flags: set[str] = field(default_factory=set)
    code: str | None = None
    witnesses: set[UUID] | None = None


class Resolver:
    """Looks up all that a batch of bodies names, in a fixed number of statements, then places each."""

    def __init__(self, bodies: Sequence[Body], *, now: datetime) -> None:
        self._times = {
            id(body): corrected_time(body.wall_ms, body.mono_ms, body.boot, body.synced()) for body in bodies
        }
        named = {body.session for body in bodies} | {body.chosen_session for body in bodies}
        self.sessions = session_facts({one for one in named if one is not None})
        self._refused_walk_ins: set[UUID] = set()
        self._nearby = self._sessions_nearby(bodies)
        self._enroll_walk_ins(bodies, now)
        self._people = self._everybody(bodies)
        self.sessions.update(self._nearby)
        judged = any(body.type in WITNESSED for body in bodies)
        self._training = trainers_of_cohorts(
            {one.cohort_id for one in self.enrolled().values()} if judged else ()
        )

    def _everybody(self, bodies: Sequence[Body]) -> People:
        return people_named(
            badges={body.badge_hash for body in bodies if body.badge_hash and is_hash(body.badge_hash)},
            codes={code for body in bodies if (code := _code_of(body))},
            enrollments={body.enrollment for body in bodies if body.enrollment},
            walk_ins={body.walk_in.id for body in bodies if body.walk_in},
        )

    def _sessions_nearby(self, bodies: Sequence[Body]) -> dict[UUID, SessionFacts]:
        """Sessions at the time of what the phone could not place, which the fuller roster may place."""
        moments = []
        for body in bodies:
            at_ms = self._times[id(body)].at_ms
            unplaced = body.session is None or body.not_enrolled
            if body.type in PLACED and unplaced and 0 <= at_ms <= LATEST_MS:
                moments.append(from_ms(at_ms))
        return sessions_around(moments)

    def _enroll_walk_ins(self, bodies: Sequence[Body], now: datetime) -> None:
        drafts = {}
        for body in bodies:
            session = self.sessions.get(body.session) if body.session else None
            if body.walk_in is not None and session is not None:
                drafts[body.walk_in.id, session.cohort_id] = body.walk_in
        if not drafts:
            return
        known = people_named((), (), (), {walk_in_id for walk_in_id, _cohort in drafts})
        for (walk_in_id, cohort_id), draft in sorted(drafts.items(), key=lambda entry: entry[0]):
            person = known.by_worker.get(walk_in_id)
            if person is not None and person.enrollment_in(cohort_id) is not None:
                continue
            try:
                enroll_walk_in(
                    walk_in_id=walk_in_id,
                    name=draft.name,
                    employer=draft.employer or "",
                    cohort=db.session.get_one(Cohort, cohort_id),
                    now=now,
                )
            except DomainError:
                self._refused_walk_ins.add(walk_in_id)

    def enrolled(self) -> dict[UUID, Enrolled]:
        """Every enrollment that was looked up."""
        return {
            enrollment_id: enrolled
            for person in self._people.by_worker.values()
            for enrollment_id, enrolled in person.enrollments.items()
        }

    def place(self, body: Body) -> Placed:
        """Where one of the bodies belongs."""
        placed = Placed(self._times[id(body)])
        if not 0 <= placed.time.at_ms <= LATEST_MS:
            placed.code = "impossible_time"
            return placed
        person = self._person(body, placed)
        placed.session = self.sessions.get(body.session) if body.session else None
        if body.session is not None and placed.session is None and body.type in NEEDS_SESSION:
            placed.code = "no_such_session"
            return placed
        if body.type in PLACED and (body.session is None or body.not_enrolled):
            self._choose_session(placed, person, body)
        if placed.session is None and body.type in NEEDS_SESSION:
            placed.code = "no_session"
        elif person is not None:
            placed.worker_id = person.worker_id
            self._enroll(placed, person, body)
            if body.type in WITNESSED:
                placed.witnesses = self._witnesses(placed, person)
        return placed

    def _witnesses(self, placed: Placed, person: PersonFacts) -> set[UUID]:
        """Who trains the worker: in the cohort concerned, or in a session that makes up for one of its own.

        A release concerns the worker, and so every cohort they are in.
        """
        own = person.enrollments.get(placed.enrollment_id) if placed.enrollment_id else None
        concerned = [own] if own else [*person.enrollments.values()]
        found = set().union(*(self._training[one.cohort_id] for one in concerned))
        session = placed.session
        if session is not None and any(one.course_id == session.course_id for one in concerned):
            found |= session.trainers
        return found

    def _person(self, body: Body, placed: Placed) -> PersonFacts | None:
        person = None
        if body.enrollment is not None:
            person = self._people.by_enrollment.get(body.enrollment)
            if person is None:
                placed.flags.add("unknown_enrollment")
        if body.badge_hash is not None:
            holder = self._people.by_badge.get(body.badge_hash)
            if holder is None:
                placed.flags.add("unknown_badge")
            elif person is not None and holder is not person:
                placed.flags.add("badge_mismatch")
            if self._people.has_lapsed(body.badge_hash, placed.time.at_ms):
                placed.flags.add("revoked_badge")
            person = person or holder
        elif body.badge_code is not None and person is None:
            person = self._holder_of_code(body, placed)
        if body.walk_in is not None and person is None:
            person = self._people.by_worker.get(body.walk_in.id)
            if body.walk_in.id in self._refused_walk_ins:
                placed.flags.add("walk_in_refused")
                person = None
        return person

    def _holder_of_code(self, body: Body, placed: Placed) -> PersonFacts | None:
        code = _code_of(body)
        holders = self._people.with_code(code) if code else []
        session = self.sessions.get(body.session) if body.session else None
        if len(holders) > 1 and session is not None:
            enrolled = [one for one in holders if one.enrollment_in(session.cohort_id) is not None]
            holders = enrolled or holders
        if len(holders) == 1:
            return holders[0]
        placed.flags.add("ambiguous_code" if holders else "unknown_badge")
        return None

    def _choose_session(self, placed: Placed, person: PersonFacts | None, body: Body) -> None:
        if person is None:
            return
        card = placed.session.as_candidate() if placed.session else None
        pool = [facts.as_candidate() for facts in self._nearby.values()]
        here = [session for session in pool if session.place == _place_told(body)]
        # Where no session of the place will do, the place was told wrong: the badge and the time decide.
        for sessions in (here, pool):
            choice = choose_session(placed.time.at_ms, card, sessions, person.courses(_day_of(placed)))
            if choice.session is None:
                # Taken off the roster from an earlier day on, and there all the same.
                former = choose_session(placed.time.at_ms, card, sessions, person.courses())
                choice = choice if former.make_up else former
            if choice.session is not None and sessions:
                placed.session = self.sessions[UUID(choice.session)]
                return

    def _enroll(self, placed: Placed, person: PersonFacts, body: Body) -> None:
        session = placed.session
        named = person.enrollment_meant(body.enrollment)
        if session is None or body.type not in NEEDS_SESSION:
            placed.enrollment_id = named
            if named is None and session is not None:
                placed.enrollment_id = person.enrollment_in(session.cohort_id)
            return
        placed.enrollment_id = person.enrollment_in(session.cohort_id)
        if placed.enrollment_id is not None:
            return
        if named is not None and person.enrollments[named].course_id == session.course_id:
            placed.enrollment_id = named
        else:
            own = own_cohort_of(str(session.course_id), person.courses(_day_of(placed)))
            placed.enrollment_id = person.enrollment_in(UUID(own)) if own else None
        placed.flags.add("make_up" if placed.enrollment_id else "not_enrolled")


def _code_of(body: Body) -> str | None:
    return read_code(body.badge_code).value if body.badge_code else None


def _place_told(body: Body) -> str | None:
    """The worksite that was chosen for a session which the phone did not know."""
    told = body.ad_hoc.get("place_id") if body.ad_hoc else None
    return told if isinstance(told, str) else None


def _day_of(placed: Placed) -> date:
    return from_ms(placed.time.at_ms).date()
