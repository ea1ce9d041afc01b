"""Kinds of mail that people may do without. Mails that let somebody in are none of these."""

from __future__ import annotations

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is about, as people choose it."""

    BOOKINGS = "bookings"
    SESSIONS = "sessions"
    MESSAGES = "messages"
    REMINDERS = "reminders"
