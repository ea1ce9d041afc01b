"""Every way out that is offered can be taken: random calendars in a database, each way tried and undone."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import Closure, Leave
from labtracker.labs.models import Lab
from labtracker.labs.services import add_blackout
from labtracker.scheduling import queries, services
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.rules.conflicts import WayOut, WayOutKind
from tests.cast import Cast
from tests.scheduling.builders import MONDAY, planned, submitted
from tests.scheduling.calendars import few

SPAN = (MONDAY, MONDAY + timedelta(days=40))
fewer = settings(
    few,
    max_examples=max(2, few.max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@fewer
@given(st.integers(0, 2**32))
def test_every_way_out_is_one(cast: Cast, now: datetime, seed: int) -> None:
    random = Random(seed)
    with db.session.begin_nested() as undoing:
        labs = [
            cast.welding_lab,
            *(_spare(cast, now, number, random) for number in range(random.randrange(3))),
        ]
        people = [cast.tom, cast.tess]
        for _stay in range(random.randrange(1, 5)):
            _try_to_place(cast, now, random, labs, people)
        if random.random() < 0.5:
            _absence(cast, now, random)
        visit = queries.visit_of(submitted(cast, now, windows=[SPAN]))
        proposal = queries.propose(
            visit,
            lab=random.choice(labs),
            trainers=[random.choice(people)],
            first_on=MONDAY + timedelta(days=random.randrange(4)),
            not_before=now.date(),
        )
        for conflict in proposal.conflicts:
            assert len(conflict.ways_out) <= 3
            for way in conflict.ways_out:
                assert not _taken(proposal, way, now).blocked
        undoing.rollback()
    db.session.expire_all()


def _taken(proposal: Proposal, way: WayOut, now: datetime) -> Proposal:
    """The proposal with a way out taken, worked out and checked anew."""
    how: dict[str, Any] = {
        "lab": proposal.lab,
        "trainers": list(proposal.trainers),
        "first_on": proposal.first_on,
    }
    if way.kind is WayOutKind.OTHER_DAY:
        how["first_on"] = way.first_on
    else:
        assert way.party is not None
        if way.kind is WayOutKind.OTHER_LAB:
            how["lab"] = db.session.get_one(Lab, way.party.id)
            assert way.miles_more == miles_more(proposal, how["lab"])
        else:
            how["trainers"] = [db.session.get_one(Person, way.party.id)]
    return queries.propose(proposal.visit, **how, not_before=now.date(), ways_out=False)


def miles_more(proposal: Proposal, lab: Lab) -> int | None:
    """How many more miles another lab's base is away."""
    other = queries.propose(proposal.visit, lab=lab, trainers=[], first_on=MONDAY, ways_out=False).miles
    return None if other is None or proposal.miles is None else other - proposal.miles


def _spare(cast: Cast, now: datetime, number: int, random: Random) -> Lab:
    lab = Lab(
        provider=cast.college,
        name=f"Spare lab {number}",
        seats=random.choice([4, 8]),
        home_city="Lamar",
        home_zip="81052",
        latitude=38.0 + random.random(),
        longitude=-103.0,
        created_at=now,
        courses=[cast.welding],
    )
    db.session.add(lab)
    db.session.flush()
    return lab


def _try_to_place(cast: Cast, now: datetime, random: Random, labs: list[Lab], people: list[Person]) -> None:
    """One more stay, where the rule lets it be."""
    with suppress(services.ConflictError), db.session.begin_nested():
        planned(
            cast,
            now,
            first_on=MONDAY + timedelta(days=random.randrange(12)),
            lab=random.choice(labs),
            trainers=[random.choice(people)],
            windows=[SPAN],
        )


def _absence(cast: Cast, now: datetime, random: Random) -> None:
    start = datetime(2026, 5, 4, 12, tzinfo=now.tzinfo) + timedelta(days=random.randrange(8))
    end = start + timedelta(days=random.randrange(1, 6))
    when = {
        "starts_on": start.date(),
        "ends_on": end.date(),
        "starts_at": start,
        "ends_at": end,
        "created_at": now,
    }
    what = random.randrange(3)
    if what == 0:
        db.session.add(Leave(person_id=cast.tom.id, entered_by_id=cast.cora.id, **when))
    elif what == 1:
        lab_id = cast.welding_lab.id
        db.session.add(
            Closure(lab_id=lab_id, kind="maintenance", broke=[], created_by_id=cast.cora.id, **when)
        )
    else:
        add_blackout(
            worksite=cast.steel_site,
            starts_on=start.date(),
            ends_on=end.date(),
            reason="Shutdown",
            actor=cast.emil,
            now=now,
        )
    db.session.flush()
