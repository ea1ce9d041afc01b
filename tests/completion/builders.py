"""A cohort of the steel works on its way through a course, every fact recorded as an event."""

from __future__ import annotations

from datetime import datetime, timedelta

from labtracker.checkin.services import record_web_event
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.services import enroll
from labtracker.scheduling.models import Cohort, Session
from tests.cast import NOW, Cast
from tests.scheduling.builders import planned

NAMES = [("Ana", "Archuleta"), ("Bo", "Begay"), ("Cy", "Carter")]
LATER = datetime(2026, 7, 1, 16, 0, tzinfo=NOW.tzinfo)


def enrolled_cohort(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    """The welding cohort as planned for May, with three workers on its roster."""
    cohort = planned(cast, NOW).cohorts[0]
    enrollments = []
    for given, family in NAMES:
        worker = Worker(given_name=given, family_name=family, employer=cast.steel, created_at=NOW)
        db.session.add(worker)
        enrollments.append(enroll(worker, cohort, now=NOW))
    db.session.commit()
    return cohort, enrollments


def hold(cast: Cast, session: Session, present: list[Enrollment]) -> None:
    """Hold one session: open it, check these workers in at its start and out at its end, close it."""
    tell(cast, "session_open", session.starts_at, session=str(session.id))
    for enrollment in present:
        who = {"session": str(session.id), "enrollment": str(enrollment.id)}
        tell(cast, "check_in", session.starts_at, **who)
        tell(cast, "check_out", session.ends_at, **who)
    tell(cast, "session_close", session.ends_at, session=str(session.id))
    db.session.commit()


def hold_all(cast: Cast, cohort: Cohort, present: list[Enrollment]) -> None:
    """Hold every session of a cohort with these workers."""
    for session in cohort.sessions:
        hold(cast, session, present)


def tell(cast: Cast, kind: str, at: datetime, **what: object) -> None:
    """Record one event by the trainer, just after it happened."""
    record_web_event(
        actor=cast.tom, now=max(at, NOW) + timedelta(seconds=1), at=at, body={"type": kind, **what}
    )
