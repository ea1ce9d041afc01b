"""What rosters say to slices above them."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after enrollments are flushed, with ``enrollment_ids``: those that are new,
# withdrawn, or back on the roster; and ``now``. The sender is nobody.
enrollments_changed = Namespace().signal("enrollments_changed")

# Sent inside the transaction before enrollments are deleted, because the import that brought them is undone,
# with ``enrollment_ids``: what was worked out of them goes first. Nothing was recorded of any. The sender is
# nobody.
enrollments_leaving = Namespace().signal("enrollments_leaving")

# Sent inside the transaction when two records became one person's, or no longer are, with ``worker_ids`` and
# ``now``: what was recorded of them belongs to other enrollments than before. ``joined`` maps an enrollment
# that was set aside to the one that holds in its place; ``parted`` are those that stand for themselves again.
# The sender is nobody.
workers_merged = Namespace().signal("workers_merged")
