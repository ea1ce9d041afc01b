"""The small file beside each backup: without it there is no backup, with it one is enough to begin anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from labtracker.backups.errors import BackupError
from labtracker.backups.rules import NAME
from labtracker.backups.targets import Target

ENDING = ".json"
MOST_BYTES = 100_000


class Manifest(msgspec.Struct, frozen=True):
    """What a backup is, in words that need no database."""

    name: str
    taken_at: datetime
    version: str
    migration: str
    epoch: UUID | None
    frames: int
    last_frame_id: int
    size: int
    sha256: str
    # The last closed day of the inbox, and its hash.
    head: tuple[str, str] | None = None
    format: int = 1


def write_manifest(manifest: Manifest, folder: Path) -> Path:
    """The manifest as a file, ready to be copied beside its backup."""
    path = folder / (manifest.name + ENDING)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return path


def read_manifest(target: Target, name: str) -> Manifest:
    """A backup's manifest from a target. Raises BackupError when it is not there or not readable."""
    raw = b""
    for block in target.read(name + ENDING):
        raw += block
        if len(raw) > MOST_BYTES:
            break
    return decode_manifest(raw, f"{target.name}: {name + ENDING}")


def decode_manifest(raw: bytes, source: str) -> Manifest:
    """A manifest from its bytes; ``source`` names it where it cannot be read."""
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{source} cannot be understood.") from error


def backups_on(target: Target) -> list[str]:
    """Names of the complete backups on a target, the oldest first."""
    names = {*target.names()}
    return sorted(name for name in names if NAME.fullmatch(name) and name + ENDING in names)


def hash_of(blocks: Iterator[bytes]) -> tuple[str, int]:
    """SHA-256 in hex, and the number of bytes."""
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def file_blocks(path: Path) -> Iterator[bytes]:
    """A local file in pieces."""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block
