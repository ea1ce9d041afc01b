"""Why a file is not kept, in one shape."""

from __future__ import annotations

from labtracker.errors import DomainError


def refused(code: str, message: str) -> DomainError:
    """The refusal of a file, for the field of files."""
    return DomainError(f"file_{code}", message, field="files")
