"""Reads of a worker's timeline, and who may make them."""

from __future__ import annotations

from labtracker.timelines.queries.facts import timeline_of
from labtracker.timelines.queries.shapes import Fact, Group
from labtracker.timelines.queries.sight import Sight, frame_seen, sight_of

__all__ = ["Fact", "Group", "Sight", "frame_seen", "sight_of", "timeline_of"]
