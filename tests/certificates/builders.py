"""A cohort of the steel works that is over: two of three completed, and it is closed out."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app

from labtracker.certificates import queries, services, signing
from labtracker.certificates.models import Certificate, SigningKey
from labtracker.completion.services import close_out_cohort
from labtracker.extensions import db
from labtracker.jobs.services import run_due
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from tests.cast import FOUNDED, Cast
from tests.completion.builders import LATER, enrolled_cohort, hold_all, tell


@cache
def _a_key(secret_key: str) -> tuple[str, dict[str, Any], bytes]:
    # Making one takes longer than all the rest of a test.
    return signing.make_key(secret_key)


def keep_a_key() -> None:
    """Give the provider a key that was made before."""
    key_id, public, sealed = _a_key(current_app.config["SECRET_KEY"])
    db.session.add(SigningKey(key_id=key_id, public_jwk=public, sealed=sealed, made_at=FOUNDED))


def completed_cohort(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    """The welding cohort after its close-out: Ana and Bo completed, Cy attended and failed."""
    keep_a_key()
    cohort, enrollments = enrolled_cohort(cast)
    hold_all(cast, cohort, enrollments)
    last = cohort.sessions[-1].ends_at
    for enrollment, score in zip(enrollments, (88, 71, 40), strict=True):
        tell(cast, "assessment", last, enrollment=str(enrollment.id), score=score)
        for skill in cohort.skills:
            tell(cast, "sign_off", last, enrollment=str(enrollment.id), skill=str(skill["id"]))
    close_out_cohort(cohort, actor=cast.cora, now=LATER)
    db.session.commit()
    return cohort, enrollments


def issued(cast: Cast, enrollment: Enrollment, now: datetime = LATER) -> Certificate:
    """One worker's certificate, committed."""
    certificate = services.issue_certificate(enrollment, actor=cast.cora, now=now)
    db.session.commit()
    return certificate


def issued_to_all(cast: Cast, cohort: Cohort, now: datetime = LATER) -> list[Certificate]:
    """The certificates of everybody who completed, as the background worker issues them."""
    services.ask_for_certificates(cohort, actor=cast.cora, now=now)
    db.session.commit()
    run_due(now, "test")
    return list(queries.certificates_of(queries.enrollments_of_cohort(cohort.id)).values())
