"""Conflicts as a refusal: one sentence each, and the data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from labtracker.errors import DomainError
from labtracker.scheduling.rules.conflicts import Conflict, WayOut
from labtracker.scheduling.wording.conflicts import conflict_words, way_out_words

# A session that is typed into another year clashes with everything that lies between.
MOST_SAID = 4


class ConflictError(DomainError):
    """A placement that cannot be, with everything that stands in its way."""

    def __init__(self, conflicts: Sequence[Conflict], zone: str) -> None:
        said = [conflict_words(conflict, zone) for conflict in conflicts[:MOST_SAID]]
        if len(conflicts) > MOST_SAID:
            said.append(_("And %(count)s more.", count=len(conflicts) - MOST_SAID))
        super().__init__(
            "conflict",
            " ".join(said),
            status=409,
            conflicts=[conflict_as_dict(conflict, zone) for conflict in conflicts],
        )
        self.conflicts = tuple(conflicts)

    @property
    def other_day(self) -> date | None:
        """The day that a way out of the first conflict names, if one does."""
        return next((way.first_on for way in self.conflicts[0].ways_out if way.first_on), None)


def refuse_conflicts(conflicts: Sequence[Conflict], zone: str) -> None:
    """Refuse if any of the conflicts blocks."""
    blocking = [conflict for conflict in conflicts if conflict.blocks]
    if blocking:
        raise ConflictError(blocking, zone)


def conflict_as_dict(conflict: Conflict, zone: str) -> dict[str, Any]:
    """A conflict as JSON: kind, parties, overlap, words, ways out."""
    overlap = conflict.overlap
    return {
        "kind": conflict.kind.value,
        "blocks": conflict.blocks,
        "party": {"kind": conflict.party.kind, "id": str(conflict.party.id), "name": conflict.party.name},
        "other": {
            "kind": conflict.other.kind,
            "id": str(conflict.other.id) if conflict.other.id else None,
            "name": conflict.other.name,
        }
        if conflict.other
        else None,
        "about": conflict.about.name if conflict.about else None,
        "overlap": [overlap.starts_at.isoformat(), overlap.ends_at.isoformat()] if overlap else None,
        "message": conflict_words(conflict, zone),
        "ways_out": [_way_out_as_dict(way) for way in conflict.ways_out],
    }


def _way_out_as_dict(way: WayOut) -> dict[str, Any]:
    return {
        "kind": way.kind.value,
        "message": way_out_words(way),
        "party": str(way.party.id) if way.party else None,
        "replaces": str(way.replaces.id) if way.replaces else None,
        "first_on": way.first_on.isoformat() if way.first_on else None,
        "miles": way.miles,
        "miles_more": way.miles_more,
    }
