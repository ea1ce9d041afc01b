"""Where backups go: folders and S3-compatible stores, behind one face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from labtracker.backups.errors import BackupError
from labtracker.backups.targets.folder import FolderTarget


class Target(Protocol):
    """A place for files that only ever appear whole. Every method raises BackupError when it cannot."""

    name: str

    def is_elsewhere(self, database_at: Sequence[Path]) -> bool:
        """Whether what lies here outlives the devices that hold these paths of the database."""

    def put(self, path: Path, name: str) -> None:
        """Copy a file to the target; under ``name`` there is the whole file or nothing."""

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, as the target gives them back."""

    def names(self) -> list[str]:
        """Names of all whole files, sorted."""

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no error."""

    def sweep(self) -> None:
        """Take away what broken copies left behind."""


def target_from(name: str, config: Mapping[str, Any]) -> Target:
    """The target that a name from BACKUP_TARGETS stands for.

    Raises BackupError when it is neither a folder's full path nor an s3 address.
    """
    if name.startswith("s3://"):
        from labtracker.backups.targets.s3 import S3Target  # noqa: PLC0415 (5 MB, for who has a bucket)

        return S3Target(name, config)
    if "://" in name or not Path(name).is_absolute():
        raise BackupError(f"{name} is no target: give a folder's full path, or s3://bucket/path.")
    return FolderTarget(name)


def targets_from(config: Mapping[str, Any]) -> list[Target]:
    """Every target that the settings name."""
    return [target_from(name, config) for name in config["BACKUP_TARGETS"]]
