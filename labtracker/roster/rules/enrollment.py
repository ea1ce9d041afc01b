"""Where an enrollment can stand."""

from __future__ import annotations

from enum import StrEnum


class EnrollmentStatus(StrEnum):
    """A worker is enrolled in a cohort or has left it; what they attended stands in ``attendance``."""

    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"
