"""Certificates of the demo's year: most are out; one was revoked, one replaced, one has come into doubt."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.certificates import queries
from labtracker.certificates.models import Certificate
from labtracker.certificates.services import award, replace_certificate, revoke_certificate
from labtracker.certificates.signals import certificates_issued
from labtracker.completion.services import override_completion
from labtracker.demo.people import People
from labtracker.extensions import db
from labtracker.scheduling.models import Cohort

A_DAY = timedelta(days=1)


def certify(people: People, now: datetime) -> None:
    """Issue certificates to every closed-out cohort but the last, whose workers still wait for theirs."""
    closed = sa.select(Cohort).where(Cohort.closed_out_at < now - A_DAY)
    cohorts = list(db.session.scalars(closed.order_by(Cohort.closed_out_at, Cohort.id)))
    made: list[Certificate] = []
    # Nobody waits for mail about certificates of last year.
    with certificates_issued.muted():
        for cohort in cohorts[:-1]:
            assert cohort.closed_out_at is not None
            issued_at = cohort.closed_out_at + A_DAY
            made += award(queries.enrollments_due(cohort.id), actor=people.coordinator, now=issued_at)
        if len(made) >= 3:
            _look_again(people, *made[-3:])


def _look_again(people: People, misspelt: Certificate, wrong: Certificate, doubtful: Certificate) -> None:
    worker = misspelt.enrollment.worker
    worker.family_name = f"{worker.family_name} Ortiz"
    replace_certificate(
        misspelt,
        reason="Her second surname was missing",
        actor=people.coordinator,
        now=misspelt.issued_at + timedelta(hours=5),
    )
    revoke_certificate(
        wrong,
        reason="Printed for the wrong crew; he takes the assessment again in spring",
        actor=people.coordinator,
        now=wrong.issued_at + timedelta(hours=7),
    )
    override_completion(
        doubtful.enrollment,
        complete=False,
        reason="The assessment was another worker’s",
        actor=people.coordinator,
        now=doubtful.issued_at + timedelta(hours=9),
    )
