"""Builds the demo: a year of the college's life, told in its order to the services that keep it."""

from __future__ import annotations

import gc
import random
from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.demo import fleet, season
from labtracker.demo.awards import certify
from labtracker.demo.badges import hand_out
from labtracker.demo.calendar import Office, Visited
from labtracker.demo.catalog import close_some_days, fill_catalog
from labtracker.demo.doubles import enter_twice
from labtracker.demo.history import History
from labtracker.demo.names import NameMaker
from labtracker.demo.own_pages import open_own_page
from labtracker.demo.people import settle_people
from labtracker.demo.readiness import check_sites
from labtracker.demo.requests import ask_for_accounts, file_requests
from labtracker.demo.rosters import Payroll
from labtracker.demo.subscriptions import subscribe
from labtracker.extensions import db
from labtracker.jobs.models import Job
from labtracker.kit.time import local
from labtracker.scheduling.rules.sessions import cohort_sizes

ZONE = "America/Denver"
ROSTER_DAYS = timedelta(days=9)  # before the first session


def build(now: datetime, seed: int = 1, *, share: float = 1.0, workers: int = 900) -> None:
    """Build everything into the present database session and flush; the caller commits."""
    # Hundreds of thousands of small objects come and go; looking for circles among them takes long.
    gc.disable()
    try:
        _build(now, seed, share, workers)
    finally:
        gc.enable()


def _build(now: datetime, seed: int, share: float, workers: int) -> None:
    chance = random.Random(seed)
    names = NameMaker(random.Random(seed + 1))
    here = local(now, ZONE)
    founded = now - timedelta(days=480)
    people = settle_people(names, chance, founded=founded)
    catalog = fill_catalog(people, now=founded + timedelta(days=20))
    vehicles = fleet.furnish(people, catalog, now=now, founded=founded + timedelta(days=21))
    office = Office(people, catalog, chance, now)
    payroll = Payroll(people, names, chance, ZONE)
    visits = [office.visit(stop) for stop in season.stops(here.date(), here, share, chance)]
    visits += [office.campus(campus) for campus in season.campus_cohorts(here.date(), share, chance)]
    file_requests(office, here.date())
    close_some_days(people, catalog, now - timedelta(days=9))
    ask_for_accounts(now)
    subscribe(people, catalog, now)
    for visited in visits:
        _send_rosters(visited, payroll, now)
    fleet.set_out(people, catalog, vehicles, now)
    check_sites(office)
    payroll.hire_rest(int(workers * share) if share < 1 else workers, now=now - timedelta(days=3))
    History(people, names, seed, now).happen(visits)
    certify(people, now)
    enter_twice(people, now)
    hand_out(people, now)
    open_own_page(now)
    _settle_mail(now)
    db.session.flush()


def _settle_mail(now: datetime) -> None:
    """The demo has no mail server: what a year wrote lies in the outbox, and nothing waits to be sent."""
    waiting = sa.update(Job).where(Job.kind == "send_mail", Job.done_at.is_(None))
    db.session.execute(waiting.values(done_at=now))


def _send_rosters(visited: Visited, payroll: Payroll, now: datetime) -> None:
    first = min(session.starts_at for cohort in visited.cohorts for session in cohort.sessions)
    sent_at = max(first - ROSTER_DAYS, visited.asked_at + timedelta(days=6))
    if sent_at > now or not visited.confirmed:
        return
    sizes = cohort_sizes(visited.headcount, -(-visited.headcount // len(visited.cohorts)))
    for cohort, size in zip(visited.cohorts, sizes, strict=True):
        payroll.send(cohort, visited.place, size, now=sent_at)
