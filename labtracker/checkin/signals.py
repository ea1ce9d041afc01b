"""The one word that the intake says to slices above it."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after events and attendance are written, with ``enrollment_ids`` and
# ``session_ids`` (sets of ids that the new events concern) and ``now``. The sender is nobody.
events_stored = Namespace().signal("events_stored")
