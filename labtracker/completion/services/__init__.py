"""What can be done about completion: keep it up to date, record learning, override, close out."""

from labtracker.completion.services.closing import close_out_cohort, reopen_cohort
from labtracker.completion.services.deciding import override_completion
from labtracker.completion.services.late import acknowledge_late_changes
from labtracker.completion.services.learning import record_assessment, sign_off_skill, take_learning_back
from labtracker.completion.services.refreshing import (
    forget_after_roster,
    refresh_after_events,
    refresh_after_merge,
    refresh_after_roster,
    refresh_cohort,
    refresh_completions,
)

__all__ = [
    "acknowledge_late_changes",
    "close_out_cohort",
    "forget_after_roster",
    "override_completion",
    "record_assessment",
    "refresh_after_events",
    "refresh_after_merge",
    "refresh_after_roster",
    "refresh_cohort",
    "refresh_completions",
    "reopen_cohort",
    "sign_off_skill",
    "take_learning_back",
]
