"""A cohort at the steel works that starts next week, and builders of people."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labtracker.extensions import db
from labtracker.roster import services
from labtracker.roster.models import RosterImport, Worker
from labtracker.scheduling.models import BookingRequest, Cohort, CrewMember, Deployment, Session
from labtracker.scheduling.rules import BookingStatus, DeliveryMode, DeploymentStatus
from tests.cast import NOW, Cast

CSV = b"Name,Phone,Hire date,SSN\nAna Vigil,7195550100,2019-03-14,123-45-6789\nBo Lee,x,,\nCher,,,\n"
FIRST_DAY = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)


def make_cohort(cast: Cast, *, seats: int = 8, booked: bool = True, name: str = "Steel A") -> Cohort:
    """A cohort of the welding course with three mornings and Tom on the crew."""
    booking = BookingRequest(
        employer=cast.steel,
        status=BookingStatus.CONFIRMED,
        created_by=cast.emil,
        created_at=NOW,
        updated_at=NOW,
    )
    deployment = Deployment(
        lab=cast.welding_lab,
        worksite=cast.steel_site,
        status=DeploymentStatus.CONFIRMED,
        blocks_from=FIRST_DAY - timedelta(hours=10),
        blocks_until=FIRST_DAY + timedelta(days=3),
        created_at=NOW,
        crew=[CrewMember(person=cast.tom)],
    )
    cohort = Cohort(
        name=name,
        course=cast.welding,
        booking=booking if booked else None,
        worksite=cast.steel_site if booked else cast.campus,
        delivery_mode=DeliveryMode.EMPLOYER_SITE if booked else DeliveryMode.CAMPUS,
        seats=seats,
        contact_hours=Decimal(24),
        minimum_share=Decimal("0.800"),
        assessment_required=True,
        pass_mark=70,
        grace_minutes=7,
        skills=[],
        created_at=NOW,
        deployments=[deployment] if booked else [],
    )
    cohort.sessions = [
        Session(
            deployment=deployment if booked else None,
            worksite=cohort.worksite,
            starts_at=FIRST_DAY + timedelta(days=day),
            ends_at=FIRST_DAY + timedelta(days=day, hours=8),
        )
        for day in range(3)
    ]
    db.session.add(cohort)
    db.session.commit()
    return cohort


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    """The steel works' own cohort."""
    return make_cohort(cast)


def make_worker(cast: Cast, given: str = "Juan", family: str = "Ortega", **facts: object) -> Worker:
    """A worker of the steel works."""
    employer = facts.pop("employer", cast.steel)
    facts.setdefault("hired_on", date(2020, 1, 6))
    return services.add_worker(
        services.WorkerFacts(given, family, **facts),  # type: ignore[arg-type]
        employer=employer,  # type: ignore[arg-type]
        now=NOW,
    )


def upload(
    browser: FlaskClient, cohort: Cohort, employer_id: object, data: bytes = CSV, name: str = "r.csv"
) -> TestResponse:
    """Send a file to the upload page."""
    return browser.post(
        f"/cohorts/{cohort.id}/roster/import",
        data={"employer_id": str(employer_id), "file": (io.BytesIO(data), name)},
    )


def staged_import() -> RosterImport:
    """The only import there is, read afresh."""
    db.session.expire_all()
    return db.session.scalars(sa.select(RosterImport)).one()
