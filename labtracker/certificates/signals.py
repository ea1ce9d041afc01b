"""What certificates say to slices above them."""

from __future__ import annotations

from blinker import Namespace

# Sent inside the transaction, after certificates are flushed, with ``certificate_ids`` and ``now``. The
# sender is nobody.
certificates_issued = Namespace().signal("certificates_issued")
