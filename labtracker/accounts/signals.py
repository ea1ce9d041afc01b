"""What accounts say to slices above them."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction when somebody was archived, with ``person_id`` and ``now``: whatever opens to
# them by a secret of its own closes for good. The sender is nobody.
person_archived = Namespace().signal("person_archived")
