"""States and kinds of the calendar."""

from __future__ import annotations

from enum import StrEnum


class DeliveryMode(StrEnum):
    """Where a cohort is trained; campus is the comparison group."""

    EMPLOYER_SITE = "employer_site"
    RURAL_HUB = "rural_hub"
    CAMPUS = "campus"


class BookingStatus(StrEnum):
    """Where a booking request stands. ``underway`` and ``done`` are derived, never stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class DeploymentStatus(StrEnum):
    """Tentative and confirmed deployments block calendars; cancelled ones do not."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
