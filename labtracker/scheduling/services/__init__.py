"""Named writes of the calendar. All take ``actor`` and ``now``, flush, and never commit."""

from labtracker.scheduling.services.bookings import (
    Where,
    Who,
    cancel_booking,
    confirm_booking,
    save_what,
    save_when,
    save_where,
    save_who,
    submit_booking,
    withdraw_booking,
)
from labtracker.scheduling.services.calling_off import call_off_day, make_up_day
from labtracker.scheduling.services.cohorts import (
    add_session_to,
    ask_for_initials,
    create_cohort,
    freeze_policy,
    refresh_policy,
)
from labtracker.scheduling.services.deployments import (
    add_to_crew,
    cancel_deployment,
    confirm_deployment,
    remove_from_crew,
)
from labtracker.scheduling.services.drafts import copy_booking, delete_draft, start_booking
from labtracker.scheduling.services.joining import join_deployment
from labtracker.scheduling.services.moving import move_deployment, place_request, undo_move
from labtracker.scheduling.services.planning import place_lab, plan_deployment
from labtracker.scheduling.services.readiness import require_readiness, unready
from labtracker.scheduling.services.refusals import ConflictError, refuse_conflicts
from labtracker.scheduling.services.review import decline_booking, take_under_review, waitlist_booking
from labtracker.scheduling.services.sessions import add_session, cancel_session, move_session
from labtracker.scheduling.services.settling import accept_condition, finalise_check, waive_readiness
from labtracker.scheduling.services.thread import (
    attach_to_booking,
    detach_from_booking,
    mark_read_aside,
    write_message,
)
from labtracker.scheduling.services.vehicles import choose_vehicle, read_odometer

__all__ = [
    "ConflictError",
    "Where",
    "Who",
    "accept_condition",
    "add_session",
    "add_session_to",
    "add_to_crew",
    "ask_for_initials",
    "attach_to_booking",
    "call_off_day",
    "cancel_booking",
    "cancel_deployment",
    "cancel_session",
    "choose_vehicle",
    "confirm_booking",
    "confirm_deployment",
    "copy_booking",
    "create_cohort",
    "decline_booking",
    "delete_draft",
    "detach_from_booking",
    "finalise_check",
    "freeze_policy",
    "join_deployment",
    "make_up_day",
    "mark_read_aside",
    "move_deployment",
    "move_session",
    "place_lab",
    "place_request",
    "plan_deployment",
    "read_odometer",
    "refresh_policy",
    "refuse_conflicts",
    "remove_from_crew",
    "require_readiness",
    "save_what",
    "save_when",
    "save_where",
    "save_who",
    "start_booking",
    "submit_booking",
    "take_under_review",
    "undo_move",
    "unready",
    "waitlist_booking",
    "waive_readiness",
    "withdraw_booking",
    "write_message",
]
