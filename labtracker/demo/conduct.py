"""How the demo's workers behave: who comes, who is late, who gives up, who passes. Pure chance, no database.

Nothing here knows a completion rate. People on an employer's own ground miss less because the shift is
paid and the lab stands at the gate; on campus they drive after work, so they miss more and give up sooner.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

EMPLOYER_SITE, RURAL_HUB, CAMPUS = "employer_site", "rural_hub", "campus"


@dataclass(frozen=True)
class Habits:
    """How people behave in one delivery mode, as chances."""

    stays_away: float  # enrolled and never comes
    gives_up: float
    misses: float  # a session, by somebody who has not given up
    makes_up: float  # a missed session, where another cohort has one
    is_late: float
    leaves_early: float


HABITS = {
    EMPLOYER_SITE: Habits(0.02, 0.035, 0.03, 0.55, 0.05, 0.03),
    RURAL_HUB: Habits(0.035, 0.05, 0.04, 0.40, 0.07, 0.03),
    CAMPUS: Habits(0.06, 0.12, 0.05, 0.0, 0.10, 0.05),
}
STRUGGLES = 0.08  # the share of people who miss thrice as much as others
PASSES_MEAN, PASSES_SPREAD = 86.0, 9.0
TRIES_AGAIN = 0.7


@dataclass
class Conduct:
    """One worker in one cohort: from which session on they are gone, and how they do meanwhile."""

    habits: Habits
    first_gone: int
    misses: float
    talent: float
    releases_name: bool

    @property
    def never_comes(self) -> bool:
        """Whether they are enrolled and stay away."""
        return self.first_gone == 0

    def is_gone(self, number: int) -> bool:
        """Whether they have given up before that session."""
        return number >= self.first_gone


def conduct_of(mode: str, sessions: int, chance: random.Random) -> Conduct:
    """How one worker will behave in a cohort of so many sessions."""
    habits = HABITS[mode]
    first_gone = sessions
    if chance.random() < habits.stays_away:
        first_gone = 0
    elif chance.random() < habits.gives_up:
        first_gone = chance.randint(1, max(1, sessions - 2))
    misses = habits.misses * (3 if chance.random() < STRUGGLES else 1)
    talent = chance.gauss(PASSES_MEAN, PASSES_SPREAD)
    return Conduct(habits, first_gone, misses, talent, chance.random() < 0.78)


def scores_of(conduct: Conduct, pass_mark: int, chance: random.Random) -> list[int]:
    """The points of one or two attempts at the assessment."""
    scores = [_points(conduct.talent + chance.gauss(0, 4))]
    if scores[0] < pass_mark and chance.random() < TRIES_AGAIN:
        scores.append(_points(conduct.talent + 8 + chance.gauss(0, 4)))
    return scores


def _points(score: float) -> int:
    return max(20, min(100, round(score)))
