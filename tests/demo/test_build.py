"""The demo's year at a reduced size: built through the services, consistent in itself."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Organization
from labtracker.demo import build
from labtracker.extensions import db
from labtracker.labs.models import Lab
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Deployment, Session

NOW = datetime(2026, 5, 13, 15, 20, tzinfo=UTC)


def count(query: sa.Select[int]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def test_a_small_year_is_whole(app: Flask) -> None:
    build(NOW, 3, share=0.15)
    assert count(sa.select(Lab.id)) == 6
    assert count(sa.select(Organization.id).where(Organization.kind == "employer")) == 25
    deployments = list(db.session.scalars(sa.select(Deployment)))
    assert len(deployments) >= 12
    assert any(one.blocks_from <= NOW <= one.blocks_until for one in deployments)
    assert any(one.blocks_from > NOW for one in deployments)
    modes = set(db.session.scalars(sa.select(Cohort.delivery_mode)))
    assert modes == {"employer_site", "rural_hub", "campus"}
    underway = sa.select(Session.id).where(Session.starts_at <= NOW, Session.ends_at > NOW)
    assert count(underway) >= 1
    assert count(sa.select(Worker.id)) >= 135
    assert count(sa.select(Enrollment.id)) >= 100


def test_the_same_seed_gives_the_same_people(app: Flask) -> None:
    def people() -> list[tuple[str, str]]:
        build(NOW, 5, share=0.15)
        names = sa.select(Worker.given_name, Worker.family_name).order_by(
            Worker.family_name, Worker.given_name
        )
        found = [tuple(row) for row in db.session.execute(names)]
        db.session.rollback()
        return found  # type: ignore[return-value]

    assert people() == people()
