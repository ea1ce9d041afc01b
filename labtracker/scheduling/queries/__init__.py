"""Named reads of bookings, cohorts, deployments and sessions, and who may see them."""

from labtracker.scheduling.queries.bookings import (
    CohortSessions,
    days_of,
    deployments_of,
    sessions_by_cohort,
    sessions_of,
    state_of,
    waiting_requests,
    with_cohorts,
)
from labtracker.scheduling.queries.open_dates import open_dates
from labtracker.scheduling.queries.proposals import (
    Proposal,
    closed_days_at,
    first_day_to_try,
)
from labtracker.scheduling.queries.visibility import (
    bookings_visible_to,
    cohorts_judged_by,
    cohorts_visible_to,
    deployments_visible_to,
    sessions_for_trainer,
    sessions_visible_to,
)
from labtracker.scheduling.queries.visits import Visit, visit_of, visit_of_deployment
from labtracker.scheduling.queries.ways_out import active_trainers, propose, suggest

__all__ = [
    "CohortSessions",
    "Proposal",
    "Visit",
    "active_trainers",
    "bookings_visible_to",
    "closed_days_at",
    "cohorts_judged_by",
    "cohorts_visible_to",
    "days_of",
    "deployments_of",
    "deployments_visible_to",
    "first_day_to_try",
    "open_dates",
    "propose",
    "sessions_by_cohort",
    "sessions_for_trainer",
    "sessions_of",
    "sessions_visible_to",
    "state_of",
    "suggest",
    "visit_of",
    "visit_of_deployment",
    "waiting_requests",
    "with_cohorts",
]
