"""Where an enrollment can stand."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class EnrollmentStatus(StrEnum):
    """A worker is enrolled in a cohort or has left it; what they attended stands in ``attendance``."""

    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


def is_expected(withdrawn_on: date | None, day: date) -> bool:
    """Whether somebody on a roster is expected on a day: until the day before they left."""
    return withdrawn_on is None or day < withdrawn_on
