"""A folder: on another disk, a network share, a stick."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from labtracker.backups.errors import BackupError

BLOCK = 1 << 20
UNFINISHED = ".unfinished"
# A copy that nobody has written to for so long will not be finished any more.
STALE_SECONDS = 24 * 3600


def _for_the_owner(path: Path) -> BinaryIO:
    """A file to write that nobody else reads, not even before it is whole."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class FolderTarget:
    """Files are written aside and renamed when they are whole and on the disk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = Path(name)

    def is_elsewhere(self, database_at: Sequence[Path]) -> bool:
        """Whether the folder lies on another device than each of these paths."""
        self._insist()
        own = _device_of(self.folder)
        return all(own != _device_of(path) for path in database_at)

    def put(self, path: Path, name: str) -> None:
        """Copy a file here under its name, all or nothing."""
        self._insist()
        aside = self.folder / (name + UNFINISHED)
        try:
            with path.open("rb") as source, _for_the_owner(aside) as copy:
                shutil.copyfileobj(source, copy, BLOCK)
                copy.flush()
                os.fsync(copy.fileno())
            aside.replace(self.folder / name)
            sync_folder(self.folder)
        except OSError as error:
            raise BackupError(f"{self.name}: the copy could not be written: {error.strerror}.") from error

    def read(self, name: str) -> Iterator[bytes]:
        """The file's bytes, from the disk as far as the system can be asked to forget what it has read."""
        self._insist()
        try:
            with (self.folder / name).open("rb") as file:
                if hasattr(os, "posix_fadvise"):
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                while block := file.read(BLOCK):
                    yield block
        except FileNotFoundError as error:
            raise BackupError(f"{self.name}: {name} is not there.") from error
        except OSError as error:
            raise BackupError(f"{self.name}: {name} cannot be read: {error.strerror}.") from error

    def names(self) -> list[str]:
        """Names of the whole files."""
        self._insist()
        files = (path.name for path in self.folder.iterdir() if path.is_file())
        return sorted(name for name in files if not name.endswith(UNFINISHED))

    def remove(self, name: str) -> None:
        """Take a file away."""
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise BackupError(f"{self.name}: {name} cannot be removed: {error.strerror}.") from error

    def sweep(self) -> None:
        """Take away copies of ours that were begun long ago and never finished."""
        self._insist()
        for path in self.folder.glob(f"labtracker-*{UNFINISHED}"):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink(missing_ok=True)

    def _insist(self) -> None:
        # Never made: an empty mount point that takes backups is how they end on the same disk unseen.
        if not self.folder.is_dir():
            raise BackupError(f"{self.name}: there is no such folder. Is its disk connected?")


def sync_folder(folder: Path) -> None:
    """Bring a rename in this folder onto the disk, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _device_of(path: Path) -> int:
    return path.stat().st_dev
