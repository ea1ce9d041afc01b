"""Builds the demo: a year of the college's life, told in its order to the services that keep it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from labtracker.demo import season
from labtracker.demo.calendar import Office, Visited
from labtracker.demo.catalog import fill_catalog
from labtracker.demo.names import NameMaker
from labtracker.demo.people import settle_people
from labtracker.demo.rosters import Payroll
from labtracker.extensions import db
from labtracker.kit.time import local
from labtracker.scheduling.rules.sessions import cohort_sizes

ZONE = "America/Denver"
ROSTER_DAYS = timedelta(days=9)  # before the first session


def build(now: datetime, seed: int = 1, *, share: float = 1.0, workers: int = 900) -> None:
    """Build everything into the present database session and flush; the caller commits."""
    chance = random.Random(seed)
    names = NameMaker(random.Random(seed + 1))
    here = local(now, ZONE)
    founded = now - timedelta(days=480)
    people = settle_people(names, chance, founded=founded)
    catalog = fill_catalog(people, now=founded + timedelta(days=20))
    office = Office(people, catalog, chance, now)
    payroll = Payroll(people, names, chance, ZONE)
    visits = [office.visit(stop) for stop in season.stops(here.date(), here, share, chance)]
    visits += [office.campus(campus) for campus in season.campus_cohorts(here.date(), share, chance)]
    for visited in visits:
        _send_rosters(visited, payroll, now)
    payroll.hire_rest(int(workers * share) if share < 1 else workers, now=now - timedelta(days=3))
    db.session.flush()


def _send_rosters(visited: Visited, payroll: Payroll, now: datetime) -> None:
    first = min(session.starts_at for cohort in visited.cohorts for session in cohort.sessions)
    sent_at = max(first - ROSTER_DAYS, visited.asked_at + timedelta(days=6))
    if sent_at > now or not visited.confirmed:
        return
    sizes = cohort_sizes(visited.headcount, -(-visited.headcount // len(visited.cohorts)))
    for cohort, size in zip(visited.cohorts, sizes, strict=True):
        payroll.send(cohort, visited.place, size, now=sent_at)
