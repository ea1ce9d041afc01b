"""Why a file is not kept, in one shape."""

from __future__ import annotations

from flask_babel import gettext as _

from labtracker.errors import DomainError

BUSY = "file_busy"


def refused(code: str, message: str) -> DomainError:
    """The refusal of a file, for the field of files."""
    return DomainError(f"file_{code}", message, field="files")


def busy() -> DomainError:
    """The refusal of a file for which nobody has time now."""
    words = _("Many pictures are being read now. Send this one again in a moment.")
    return DomainError(BUSY, words, field="files", status=503)
