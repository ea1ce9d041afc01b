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
from labtracker.scheduling.queries.moving import (
    has_begun,
    moves_visible_to,
    propose_move,
    snapshot_of,
    undoable_move,
)
from labtracker.scheduling.queries.open_dates import open_dates
from labtracker.scheduling.queries.proposals import (
    Proposal,
    closed_days_at,
    first_day_to_try,
)
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.queries.thread import file_of, files_of, thread_of, unread_by_booking
from labtracker.scheduling.queries.vehicles import vehicles_towing
from labtracker.scheduling.queries.visibility import (
    bookings_visible_to,
    cohorts_judged_by,
    cohorts_visible_to,
    deployments_visible_to,
    sessions_for_trainer,
    sessions_visible_to,
)
from labtracker.scheduling.queries.visits import Visit, standing_sessions, visit_of
from labtracker.scheduling.queries.ways_out import active_trainers, propose

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
    "file_of",
    "files_of",
    "first_day_to_try",
    "has_begun",
    "moves_visible_to",
    "open_dates",
    "propose",
    "propose_move",
    "sessions_by_cohort",
    "sessions_for_trainer",
    "sessions_of",
    "sessions_visible_to",
    "snapshot_of",
    "standing_conflicts",
    "standing_sessions",
    "state_of",
    "thread_of",
    "undoable_move",
    "unread_by_booking",
    "vehicles_towing",
    "visit_of",
    "waiting_requests",
    "with_cohorts",
]
