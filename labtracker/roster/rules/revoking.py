"""Why a badge stops being good, and when one that was stopped may be good again."""

from __future__ import annotations

from enum import StrEnum


class BadgeReason(StrEnum):
    """Why somebody stops a badge."""

    LOST = "lost"
    COPIED = "copied"
    DAMAGED = "damaged"
    LEFT = "left"
    OTHER = "other"


class BadgeChange(StrEnum):
    """What was done about a badge."""

    REVOKED = "revoked"
    REPLACED = "replaced"
    RESTORED = "restored"


class Obstacle(StrEnum):
    """Why a badge cannot be brought back."""

    NOT_REVOKED = "not_revoked"
    COPIED = "badge_was_copied"
    HAS_ANOTHER = "has_another_badge"


def why_not_restored(
    *, is_revoked: bool, last_reason: BadgeReason | None, holds_another: bool
) -> Obstacle | None:
    """Why a badge stays revoked; None where it may be brought back.

    A lost badge may be found again, and a hand may slip. One that was copied stays where somebody else may
    hold the copy; and nobody has two.
    """
    if not is_revoked:
        return Obstacle.NOT_REVOKED
    if last_reason is BadgeReason.COPIED:
        return Obstacle.COPIED
    return Obstacle.HAS_ANOTHER if holds_another else None
