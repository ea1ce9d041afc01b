"""Finding a backup, bringing it here, opening it: everything before the database itself is touched."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from labtracker.backups.encryption import decrypt
from labtracker.backups.errors import BackupError
from labtracker.backups.manifest import (
    ENDING,
    Manifest,
    backups_on,
    decode_manifest,
    file_blocks,
    hash_of,
    read_manifest,
)
from labtracker.backups.rules import Kind
from labtracker.backups.targets import Target

SEALED = b"age-encryption.org/"
BEGINNINGS: dict[Kind, bytes] = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A backup as a local file; without a manifest its hash could not be compared."""

    path: Path
    manifest: Manifest | None
    target: str | None


def fetch(name: str, targets: Sequence[Target], folder: Path) -> Fetched:
    """The backup of this name from the first target that has a whole copy, or the file of this path.

    Raises BackupError when there is none, or when what is there is not what was written.
    """
    file = Path(name)
    if file.is_file():
        return _local(file)
    complaints = []
    for target in targets:
        try:
            manifest = read_manifest(target, name)
            path = folder / name
            with path.open("wb") as copy:
                for block in target.read(name):
                    copy.write(block)
            _insist(path, manifest, target.name)
            return Fetched(path, manifest, target.name)
        except BackupError as error:
            complaints.append(str(error))
    raise BackupError(" ".join(complaints) or f"There is no file {name}, and no target to look for it.")


def _local(file: Path) -> Fetched:
    beside = file.with_name(file.name + ENDING)
    if not beside.is_file():
        return Fetched(file, None, None)
    manifest = decode_manifest(beside.read_bytes(), str(beside))
    _insist(file, manifest, str(file.parent))
    return Fetched(file, manifest, None)


def _insist(path: Path, manifest: Manifest, source: str) -> None:
    if hash_of(file_blocks(path))[0] != manifest.sha256:
        raise BackupError(f"{source}: {path.name} is damaged: its hash is not the one that was written down.")


def opened(fetched: Fetched, kind: Kind, identity: Path | None, folder: Path) -> Path:
    """The backup in the clear. Raises BackupError when it is sealed without a key, or of another kind."""
    path = fetched.path
    if _begins(path, SEALED):
        if identity is None:
            raise BackupError("This backup is encrypted. Give the key file: --identity KEYFILE")
        path = folder / "opened"
        decrypt(fetched.path, path, identity)
    if not _begins(path, BEGINNINGS[kind]):
        raise BackupError(f"This is no backup of a database of the kind that DATABASE_URL names ({kind}).")
    if path == fetched.path and path.parent != folder:
        # Somebody's own file is only read.
        path = Path(shutil.copyfile(path, folder / "opened"))
    return path


def _begins(path: Path, beginning: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(beginning)) == beginning


def of_the_same_history(restored: Manifest | None, targets: Sequence[Target]) -> list[tuple[Manifest, str]]:
    """Later backups of the history that a restore ends, wherever they lie."""
    if restored is None:
        return []
    found = []
    for manifest, target in manifests_on(targets):
        later = manifest.taken_at > restored.taken_at and manifest.name != restored.name
        if later and manifest.epoch == restored.epoch:
            found.append((manifest, target))
    return found


def known_epochs(targets: Sequence[Target]) -> set[UUID]:
    """Every epoch that a backup on these targets remembers."""
    return {manifest.epoch for manifest, _target in manifests_on(targets) if manifest.epoch is not None}


def manifests_on(targets: Sequence[Target]) -> list[tuple[Manifest, str]]:
    """Every manifest that can be read, the oldest first; targets out of reach are passed over."""
    found = []
    for target in targets:
        try:
            names = backups_on(target)
        except BackupError:
            continue
        for name in names:
            try:
                found.append((read_manifest(target, name), target.name))
            except BackupError:
                continue
    return sorted(found, key=lambda one: (one[0].taken_at, one[0].name))
