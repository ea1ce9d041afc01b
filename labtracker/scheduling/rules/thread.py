"""What employer and coordinators write to each other: limits, kinds of files, whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

LONGEST_MESSAGE = 4000
# What all people of one employer may write within a day: each message is a mail to every coordinator.
MOST_MESSAGES_A_DAY = 40
BOOKING_FILES = "booking"
MESSAGE_FILES = "booking_message"


class FileKind(StrEnum):
    """What a file of a booking shows."""

    SITE_PHOTO = "site_photo"
    INSURANCE = "insurance"
    OTHER = "other"


def working_days_since(first: date, today: date, holidays: Mapping[date, str]) -> int:
    """How many working days have passed since a day: the day itself counts as none."""
    return sum(
        1
        for step in range(1, (today - first).days + 1)
        if (day := first + timedelta(days=step)).isoweekday() < 6 and day not in holidays
    )
