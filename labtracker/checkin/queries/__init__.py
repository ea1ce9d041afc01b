"""Named reads of check-in."""

from __future__ import annotations

from labtracker.checkin.queries.consents import given_elsewhere
from labtracker.checkin.queries.decisions import decisions_on
from labtracker.checkin.queries.events import standing_consents, standing_events

__all__ = ["decisions_on", "given_elsewhere", "standing_consents", "standing_events"]
