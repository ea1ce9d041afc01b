"""The one word that rosters say to slices above them."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after enrollments are flushed, with ``enrollment_ids``: those that are new,
# withdrawn, or back on the roster. The sender is nobody.
enrollments_changed = Namespace().signal("enrollments_changed")
