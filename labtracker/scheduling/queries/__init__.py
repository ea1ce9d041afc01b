"""Named reads of bookings, cohorts, deployments and sessions, and who may see them."""

from labtracker.scheduling.queries.proposals import (
    Proposal,
    Visit,
    closed_days_at,
    first_day_to_try,
    visit_of,
)
from labtracker.scheduling.queries.visibility import (
    bookings_visible_to,
    cohorts_visible_to,
    deployments_visible_to,
    sessions_for_trainer,
    sessions_visible_to,
)
from labtracker.scheduling.queries.ways_out import active_trainers, propose

__all__ = [
    "Proposal",
    "Visit",
    "active_trainers",
    "bookings_visible_to",
    "closed_days_at",
    "cohorts_visible_to",
    "deployments_visible_to",
    "first_day_to_try",
    "propose",
    "sessions_for_trainer",
    "sessions_visible_to",
    "visit_of",
]
