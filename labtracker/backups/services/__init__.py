"""Named writes of backups: what was made, what phones may forget, the inbox's daily hashes."""

from __future__ import annotations

from labtracker.backups.services.days import Deviation, audit_days, close_next_day, heads_of_days
from labtracker.backups.services.recording import (
    Copied,
    Made,
    begin_backup,
    fail_backup,
    finish_backup,
    record_copy,
    record_removal,
    settle_durable,
)
from labtracker.backups.services.taking_over import take_over

__all__ = [
    "Copied",
    "Deviation",
    "Made",
    "audit_days",
    "begin_backup",
    "close_next_day",
    "fail_backup",
    "finish_backup",
    "heads_of_days",
    "record_copy",
    "record_removal",
    "settle_durable",
    "take_over",
]
