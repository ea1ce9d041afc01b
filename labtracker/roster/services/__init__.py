"""Writes of the roster: workers, enrollments, imports, badges, releases."""

from __future__ import annotations

from labtracker.roster.services.adding import enroll_by_hand
from labtracker.roster.services.applying import apply_import, ask_to_apply, is_large, take_at_once
from labtracker.roster.services.badges import (
    issue_badge,
    record_printing,
    reissue_badge,
    restore_badge,
    revoke_badges,
    why_not_back,
)
from labtracker.roster.services.correcting import Corrections, correct_rows, correctable_fields, texts_of
from labtracker.roster.services.enrolling import (
    enroll,
    enroll_walk_in,
    enroll_who_came,
    re_enroll,
    refuse_if_closed,
    withdraw,
)
from labtracker.roster.services.importing import (
    discard_waiting,
    settle_columns,
    stage_import,
    table_from_file,
    table_from_text,
    waiting_rows,
)
from labtracker.roster.services.majorities import fix_majorities
from labtracker.roster.services.merging import merge_walk_in, settle_walk_in, undo_merge
from labtracker.roster.services.releasing import Given, record_release, settle_releases, withdraw_release
from labtracker.roster.services.same_person import (
    CHOICES,
    Taken,
    link_workers,
    merge_duplicates,
    tell_apart,
)
from labtracker.roster.services.taking import Outcome, take_rows
from labtracker.roster.services.undoing import (
    Undoing,
    UndoneRow,
    undo_application,
    what_undoing_takes,
)
from labtracker.roster.services.workers import (
    WorkerFacts,
    add_worker,
    archive_worker,
    change_worker,
    restore_worker,
)

__all__ = [
    "CHOICES",
    "Corrections",
    "Given",
    "Outcome",
    "Taken",
    "Undoing",
    "UndoneRow",
    "WorkerFacts",
    "add_worker",
    "apply_import",
    "archive_worker",
    "ask_to_apply",
    "change_worker",
    "correct_rows",
    "correctable_fields",
    "discard_waiting",
    "enroll",
    "enroll_by_hand",
    "enroll_walk_in",
    "enroll_who_came",
    "fix_majorities",
    "is_large",
    "issue_badge",
    "link_workers",
    "merge_duplicates",
    "merge_walk_in",
    "re_enroll",
    "record_printing",
    "record_release",
    "refuse_if_closed",
    "reissue_badge",
    "restore_badge",
    "restore_worker",
    "revoke_badges",
    "settle_columns",
    "settle_releases",
    "settle_walk_in",
    "stage_import",
    "table_from_file",
    "table_from_text",
    "take_at_once",
    "take_rows",
    "tell_apart",
    "texts_of",
    "undo_application",
    "undo_merge",
    "waiting_rows",
    "what_undoing_takes",
    "why_not_back",
    "withdraw",
    "withdraw_release",
]
