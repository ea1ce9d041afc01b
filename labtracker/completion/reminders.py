"""What completion tells people of by mail: figures that changed after the close-out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.services import Reminder, reminds
from labtracker.completion.models import LateChange
from labtracker.completion.queries.late import changes_waiting
from labtracker.completion.words import change_words
from labtracker.extensions import db
from labtracker.jobs.mail import public_url
from labtracker.kit.time import local_day
from labtracker.roster.models import Release
from labtracker.roster.queries import releasing
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.services.notices import coordinators, people_of


@reminds
def late_changes(_now: datetime) -> Iterator[Reminder]:
    """What changed after a cohort's close-out: to coordinators, and what came of whom to their employers.

    Once for each day on which something changed, however many uploads brought it. An employer hears of those
    who released their attendance by name, and only where the outcome is another.
    """
    waiting = [one for one in changes_waiting() if one.before != one.after]
    for cohort, changes in groupby(waiting, key=lambda one: one.enrollment.cohort):
        found = list(changes)
        yield _reminder(
            "late_change", cohort, found, coordinators(), "completion.cohort", cohort_id=cohort.id
        )
        for employer, theirs in _by_employer(found).items():
            yield _reminder("outcome_changed", cohort, theirs, people_of(employer.id), "completion.my_people")


def _reminder(
    kind: str,
    cohort: Cohort,
    changes: Sequence[LateChange],
    people: list[Person],
    endpoint: str,
    **values: Any,
) -> Reminder:
    zone = cohort.worksite.zone
    day = local_day(max(one.last_at for one in changes), zone)
    url = public_url(endpoint, **values)
    facts = {"cohort": cohort, "changes": changes, "change_words": change_words}
    return Reminder(kind, f"{cohort.id} {day}", people, zone, url, facts)


def _by_employer(changes: Sequence[LateChange]) -> dict[Organization, list[LateChange]]:
    """Changes of the outcome of workers whom their employer sees by name."""
    workers = {one.enrollment.worker_id for one in changes}
    told = {*db.session.scalars(releasing().where(Release.worker_id.in_(workers)))}
    found: dict[Organization, list[LateChange]] = defaultdict(list)
    for one in changes:
        if one.enrollment.worker_id in told and one.before.get("state") != one.after["state"]:
            found[one.enrollment.worker.employer].append(one)
    return found
