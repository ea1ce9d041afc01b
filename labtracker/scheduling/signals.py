"""What the calendar says to slices above it."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after somebody came onto a crew, with ``person_ids``, ``session_ids`` (those
# of the deployment, past ones included) and ``now``. The sender is nobody. Leaving a crew says nothing:
# what somebody did there stands.
crew_changed = Namespace().signal("crew_changed")

# Sent inside the transaction, after sessions were added or one was moved, with ``spans`` (pairs of beginning
# and end, where it was and where it is), ``cohort_ids`` and ``now``. The sender is nobody.
sessions_changed = Namespace().signal("sessions_changed")
