"""The one word that the intake says to slices above it."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after events and attendance are written, with ``session_ids`` (a set: what the
# new events tell of) and ``enrollment_ids`` (a set: whose credited or scheduled minutes changed, or of whom
# something else than coming and going was told), and ``now``. The sender is nobody.
events_stored = Namespace().signal("events_stored")
