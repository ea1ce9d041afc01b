"""Named reads of feeds: what somebody may subscribe to, and the events that a feed tells."""

from labtracker.feeds.queries.events import events_of
from labtracker.feeds.queries.subjects import (
    feeds_of,
    grants_of,
    subject_named,
    subjects_for,
)

__all__ = ["events_of", "feeds_of", "grants_of", "subject_named", "subjects_for"]
