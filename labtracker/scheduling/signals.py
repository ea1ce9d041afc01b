"""The one word that the calendar says to slices above it."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after somebody came onto a crew, with ``person_ids``, ``session_ids`` (those
# of the deployment, past ones included) and ``now``. The sender is nobody. Leaving a crew says nothing:
# what somebody did there stands.
crew_changed = Namespace().signal("crew_changed")
