"""What accounts say to slices above them."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after somebody was archived or restored, or a role began or ended, with
# ``person_id``, ``since`` (from when on that holds) and ``now``. The sender is nobody.
tenure_changed = Namespace().signal("tenure_changed")
