"""The one way in which a backup or a restore fails that somebody can do something about."""

from __future__ import annotations


class BackupError(Exception):
    """Says in a sentence what went wrong, for the person who runs the command."""
