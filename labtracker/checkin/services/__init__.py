"""Writes of check-in: uploads, corrections on the web, attendance, rebuilding."""

from __future__ import annotations

from labtracker.checkin.services.attending import Touched, refresh_attendance
from labtracker.checkin.services.following import (
    forget_after_roster,
    recognise_trainer,
    refresh_after_crew,
    refresh_after_merge,
    refresh_after_roster,
    refresh_after_sessions,
    refresh_after_tenure,
)
from labtracker.checkin.services.rebuilding import Rebuilt, rebuild
from labtracker.checkin.services.restamping import follow_crews
from labtracker.checkin.services.system import ensure_epoch, mint_epoch
from labtracker.checkin.services.web_events import record_web_event

__all__ = [
    "Rebuilt",
    "Touched",
    "ensure_epoch",
    "follow_crews",
    "forget_after_roster",
    "mint_epoch",
    "rebuild",
    "recognise_trainer",
    "record_web_event",
    "refresh_after_crew",
    "refresh_after_merge",
    "refresh_after_roster",
    "refresh_after_sessions",
    "refresh_after_tenure",
    "refresh_attendance",
]
