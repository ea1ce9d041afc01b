"""What undoing an import takes back of one worker, and what stays because it has been used since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kept(StrEnum):
    """Why something stays that an import brought."""

    MERGED = "merged"
    SESSION_BEGAN = "session_began"
    COHORT_CLOSED = "cohort_closed"
    LEFT = "left"
    RECORDED = "recorded"
    CERTIFICATE = "certificate"
    OVERRIDE = "override"
    RELEASED = "released"
    USED = "used"
    CHANGED = "changed"
    BADGE_REPLACED = "badge_replaced"
    OTHER_ROSTER = "other_roster"


@dataclass(frozen=True)
class Standing:
    """What has become of one worker since an import: of their enrollment, badge and facts of it.

    ``enrolled`` and ``has_badge`` say whether the import's own are still there. ``enrollment_uses``,
    ``badge_uses`` and ``worker_uses`` are why each has been used. ``other_enrollments`` counts those that the
    import did not bring. ``facts_changed``: somebody changed a new worker's facts. ``fields`` are the
    known worker's, by name: before the import, after it, and now.
    """

    is_new: bool
    is_there: bool = True
    enrolled: bool = False
    enrollment_uses: frozenset[Kept] = frozenset()
    has_badge: bool = False
    badge_uses: frozenset[Kept] = frozenset()
    worker_uses: frozenset[Kept] = frozenset()
    other_enrollments: int = 0
    facts_changed: bool = False
    was_archived: bool = False
    fields: Mapping[str, tuple[Any, Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class TakenBack:
    """What an undoing takes back of one worker, and what stays, each with why.

    ``restored`` are the fields that become what they were; ``kept_fields`` were changed since.
    """

    enrollment: bool = False
    badge: bool = False
    worker: bool = False
    archives: bool = False
    restored: tuple[str, ...] = ()
    kept_fields: tuple[str, ...] = ()
    stays: tuple[Kept, ...] = ()

    @property
    def something(self) -> bool:
        """Whether anything is taken back."""
        return bool(self.enrollment or self.badge or self.worker or self.archives or self.restored)


def take_back(now: Standing) -> TakenBack:
    """Decide about one worker: nothing that was used since goes, nor what that needs."""
    if not now.is_there:
        return TakenBack(stays=(Kept.MERGED,))
    stays = set(now.enrollment_uses) if now.enrolled else set()
    enrollment = now.enrolled and not now.enrollment_uses
    enrollments_left = now.other_enrollments + (now.enrolled and not enrollment)
    badge = now.has_badge and not now.badge_uses and not enrollments_left
    if now.has_badge and now.badge_uses:
        stays |= now.badge_uses
    if enrollments_left and not stays and (now.is_new or now.has_badge):
        stays.add(Kept.OTHER_ROSTER)
    worker = now.is_new and not now.worker_uses and not enrollments_left and not now.facts_changed
    worker = worker and badge == now.has_badge
    if now.is_new:
        stays |= now.worker_uses | ({Kept.CHANGED} if now.facts_changed else set())
    restored = tuple(name for name, (_before, after, is_now) in now.fields.items() if is_now == after)
    kept_fields = tuple(name for name in now.fields if name not in restored)
    return TakenBack(
        enrollment=enrollment,
        badge=badge,
        worker=worker,
        archives=now.was_archived and not enrollments_left,
        restored=restored,
        kept_fields=kept_fields,
        stays=tuple(sorted(stays, key=list(Kept).index)),
    )
