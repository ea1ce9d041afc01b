"""The demo's year as it happened: sessions recorded on phones, workers who left, cohorts closed out."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device, Person
from labtracker.accounts.services import revoke_device
from labtracker.checkin.models import Attendance
from labtracker.completion.models import Completion
from labtracker.completion.services import close_out_cohort, override_completion
from labtracker.demo.attending import (
    Group,
    Learner,
    Meeting,
    Moment,
    Recorder,
    stranger_after,
    told_again,
)
from labtracker.demo.calendar import Visited
from labtracker.demo.conduct import Conduct, conduct_of
from labtracker.demo.names import NameMaker
from labtracker.demo.people import People
from labtracker.demo.phones import Batch, Phone, in_order, pair_phone, share_phone
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import local_day, to_ms
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.services import withdraw
from labtracker.scheduling.models import Cohort, Session

LEFT = ("Took another job", "Moved to the night crew", "Family reasons", "Course was not what was expected")
CLOSED_AFTER = timedelta(days=4)


class History:
    """Tells the year's sessions to the intake, phone by phone.

    Each cohort has a chance of its own, so that its figures stay the same while the days pass.
    """

    def __init__(self, people: People, names: NameMaker, seed: int, now: datetime) -> None:
        self._people, self._names, self._seed, self._now = people, names, seed, now
        self._chance = random.Random(f"{seed} history")
        self._phones: dict[UUID, Phone] = {}
        self._heard_at: dict[UUID, datetime] = {}  # when the office last heard of a session
        self._begun = now - timedelta(days=400)

    def happen(self, visits: Sequence[Visited]) -> None:
        """Record every session so far, upload it, and close out what is over."""
        self._pair_phones()
        cohorts = [cohort for visited in visits for cohort in visited.cohorts]
        ids = [cohort.id for cohort in cohorts]
        self._record_all(visits)
        self._record_strangers()
        old = self._old_phone()
        _let_go()
        for batch in in_order(self._phones, self._now, self._chance):
            batch.phone.upload(batch)
            self._heard_at.update(dict.fromkeys(batch.sessions, batch.arrives_at))
            _let_go()
        for batch in old.batches(self._now, self._chance):
            old.upload(batch, verdict="quarantined")
        self._close_out(ids)

    def _pair_phones(self) -> None:
        for trainers in self._people.trainers.values():
            for trainer in trainers:
                self._phones[trainer.id] = pair_phone(trainer, self._chance, now=self._begun)
        tom, tess = self._people.trainers["elec"]
        share_phone(self._phones[tom.id], tess, now=self._begun + timedelta(days=1))

    def _record_all(self, visits: Sequence[Visited]) -> None:
        badges, rosters = _badge_hashes(), _rosters()
        for number, visited in enumerate(visits):
            chances = [
                random.Random(f"{self._seed} {number} {place}") for place in range(len(visited.cohorts))
            ]
            groups = [
                self._group(cohort, rosters[cohort.id], badges, chance)
                for cohort, chance in zip(visited.cohorts, chances, strict=True)
            ]
            _make_up_with_each_other(groups)
            for cohort, group, chance in zip(visited.cohorts, groups, chances, strict=True):
                self._record(cohort, group, chance)
        db.session.flush()

    def _group(
        self,
        cohort: Cohort,
        roster: Sequence[Enrollment],
        badges: dict[UUID, str],
        chance: random.Random,
    ) -> Group:
        sessions = [session for session in cohort.sessions if session.cancelled_at is None]
        last = len(sessions) - 1
        meetings = [
            Meeting(session.id, number, session.starts_at, session.ends_at, number == last)
            for number, session in enumerate(sessions)
        ]
        learners = []
        for enrollment in roster:
            conduct = conduct_of(cohort.delivery_mode, len(sessions), chance)
            learners.append(Learner(enrollment.id, badges.get(enrollment.worker_id), conduct))
            self._maybe_withdraw(enrollment, conduct, meetings, chance)
        owner = cohort.booking.employer if cohort.booking else roster[0].worker.employer if roster else None
        return Group(
            mode=cohort.delivery_mode,
            meetings=meetings,
            learners=learners,
            skills=[(skill["id"], skill.get("needed_level")) for skill in cohort.skills],
            pass_mark=cohort.pass_mark if cohort.assessment_required else None,
            employer=owner.name if owner else "",
        )

    def _maybe_withdraw(
        self, enrollment: Enrollment, conduct: Conduct, meetings: Sequence[Meeting], chance: random.Random
    ) -> None:
        """Half of those who give up say so: a day after they were last there, or before they ever came."""
        gone = conduct.first_gone
        if gone >= len(meetings) or chance.random() < 0.5:
            return
        said_at = meetings[0].starts_at - timedelta(days=2)
        if gone:
            said_at = meetings[gone - 1].ends_at + timedelta(days=1)
        if said_at < self._now:
            day = local_day(said_at, "America/Denver")
            withdraw(enrollment, on=day, reason=chance.choice(LEFT), today=day, now=said_at)

    def _record(self, cohort: Cohort, group: Group, chance: random.Random) -> None:
        staff_of = {str(session.id): [one.person for one in session.trainers] for session in cohort.sessions}
        turn = chance.randint(0, 1)
        for moment in Recorder(self._names, chance, self._now).record(group):
            staff = staff_of.get(moment.body["session"]) or next(iter(staff_of.values()))
            trainer: Person = staff[turn % len(staff)]
            self._phones[trainer.id].note(moment, trainer)

    def _record_strangers(self) -> None:
        """Here and there somebody shows a badge of another program; it is nobody's here."""
        chance = random.Random(f"{self._seed} strangers")
        for phone in list(self._phones.values())[:2]:
            for moment, by in self._lately(phone)[:1]:
                phone.note(stranger_after(moment, chance), by)

    def _old_phone(self) -> Phone:
        """A phone that was lost and shut out turns up again, with two records that nobody had seen."""
        tom = self._people.trainers["elec"][0]
        chance = random.Random(f"{self._seed} old phone")
        old = pair_phone(tom, chance, now=self._begun)
        revoke_device(
            db.session.get_one(Device, old.device_id),
            actor=self._people.coordinator,
            now=self._now - timedelta(days=40),
        )
        for moment, by in self._lately(self._phones[tom.id])[1:3]:
            old.note(told_again(moment), by)
        return old

    def _lately(self, phone: Phone) -> list[tuple[Moment, Person]]:
        """What a phone recorded of arrivals in the last month, in the order in which it happened."""
        arrivals = [
            (moment, by)
            for moment, by in phone.recorded
            if moment.body["type"] == "check_in" and moment.at > self._now - timedelta(days=30)
        ]
        return sorted(arrivals, key=lambda one: (one[0].at, one[0].body["id"]))

    def _close_out(self, cohort_ids: Sequence[UUID]) -> None:
        for number, cohort_id in enumerate(cohort_ids):
            cohort = db.session.get_one(Cohort, cohort_id)
            held_until = max(session.ends_at for session in cohort.sessions)
            heard_at = max(self._heard_at.get(one.id, held_until) for one in cohort.sessions)
            closed_at = max(held_until + CLOSED_AFTER, heard_at) + timedelta(hours=1 + number * 7 % 60)
            if closed_at < self._now:
                close_out_cohort(cohort, actor=self._people.coordinator, now=closed_at)
            _let_go()
        self._override_some()
        self._hear_late()

    def _hear_late(self) -> None:
        """A phone found in a glove box knows of somebody who counts as absent on a cohort's last day."""
        absent = (
            sa.select(Attendance, Completion.unmet)
            .join(Completion, Completion.enrollment_id == Attendance.enrollment_id)
            .join(Cohort, Cohort.id == Completion.cohort_id)
            .join(Session, Session.id == Attendance.session_id)
            .where(
                Attendance.status == "absent",
                Completion.state == "incomplete",
                Completion.overridden.is_(False),
                Session.cohort_id == Cohort.id,
                Cohort.closed_out_at < self._now - timedelta(days=2),
            )
            .order_by(Session.starts_at.desc(), Attendance.enrollment_id)
        )
        rows = db.session.execute(absent).all()
        if not rows:
            return
        # Best is somebody who lacked nothing but hours.
        missed, _unmet = next((row for row in rows if row.unmet == ["hours"]), rows[0])
        session = db.session.get_one(Session, missed.session_id)
        trainer = session.trainers[0].person
        moments = []
        for kind, at in (("check_in", session.starts_at), ("check_out", session.ends_at)):
            where = {name: str(session.id) for name in ("session", "chosen_session")}
            who = {"enrollment": str(missed.enrollment_id), "method": "scan"}
            moments.append((Moment(at, {"id": str(uuid7(to_ms(at))), "type": kind, **where, **who}), trainer))
        phone = self._phones[trainer.id]
        phone.upload(Batch(phone, moments, self._now - timedelta(hours=19)))

    def _override_some(self) -> None:
        """Now and then a coordinator decides against the rule, and says why."""
        missed = (
            sa.select(Completion)
            .join(Enrollment, Enrollment.id == Completion.enrollment_id)
            .join(Worker)
            .where(Completion.state == "incomplete")
            .order_by(Worker.family_name, Worker.given_name)
        )
        rows = list(db.session.scalars(missed))
        reasons = ("Hours made up at the shop under the trainer’s eye", "Same course passed last year")
        for row, reason in zip(rows[::40], reasons, strict=False):
            cohort = db.session.get_one(Cohort, row.cohort_id)
            override_completion(
                db.session.get_one(Enrollment, row.enrollment_id),
                complete=True,
                reason=reason,
                actor=self._people.coordinator,
                now=(cohort.closed_out_at or self._now) + timedelta(hours=2),
            )


def _let_go() -> None:
    """Forget rows that are done with: what the session holds makes each further step slower."""
    db.session.flush()
    db.session.expunge_all()


def _make_up_with_each_other(groups: Sequence[Group]) -> None:
    """Cohorts of one visit take the same course: what is missed in one can be made up in the next."""
    if len(groups) < 2:
        return
    plain = [list(group.meetings) for group in groups]
    for place, group in enumerate(groups):
        others = plain[(place + 1) % len(groups)]
        group.meetings = [replace(meeting, other=_next_after(meeting, others)) for meeting in plain[place]]


def _next_after(meeting: Meeting, others: Sequence[Meeting]) -> Meeting | None:
    return next((one for one in others if one.starts_at > meeting.ends_at), None)


def _badge_hashes() -> dict[UUID, str]:
    rows = db.session.execute(sa.select(Badge.worker_id, Badge.badge_hash).where(Badge.revoked_at.is_(None)))
    return {row.worker_id: row.badge_hash for row in rows}


def _rosters() -> dict[UUID, list[Enrollment]]:
    rosters: dict[UUID, list[Enrollment]] = defaultdict(list)
    # By name, not by id: ids made in one millisecond have no order, and the same seed gives the same year.
    by_name = sa.select(Enrollment).join(Worker).order_by(Worker.family_name, Worker.given_name)
    for enrollment in db.session.scalars(by_name):
        rosters[enrollment.cohort_id].append(enrollment)
    return rosters
