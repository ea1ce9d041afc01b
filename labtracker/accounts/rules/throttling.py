"""How often something may be tried before it has to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limit:
    """At most so many tries for one key within a stretch of time."""

    tries: int
    within: timedelta


# By what is tried and by whom it is counted.
LIMITS: dict[str, Limit] = {
    "password:email": Limit(8, timedelta(minutes=15)),
    "password:address": Limit(40, timedelta(minutes=15)),
    "link:email": Limit(4, timedelta(minutes=15)),
    "link:address": Limit(20, timedelta(minutes=15)),
    # A crew asks from one hot spot.
    "own_link:contact": Limit(4, timedelta(minutes=15)),
    "own_link:address": Limit(40, timedelta(minutes=15)),
    "own_word:worker": Limit(10, timedelta(hours=24)),
    "request:email": Limit(3, timedelta(hours=24)),
    "request:address": Limit(6, timedelta(hours=1)),
    "invitation:person": Limit(20, timedelta(hours=24)),
    "demo:address": Limit(10, timedelta(minutes=15)),
}
