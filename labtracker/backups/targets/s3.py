"""A bucket of an S3-compatible store: files appear there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from labtracker.backups.errors import BackupError

PATIENCE = timedelta(minutes=2)


class S3Target:
    """A bucket, or a path in it. Keys and the store's address come from the settings, not from the name."""

    def __init__(self, name: str, config: Mapping[str, Any]) -> None:
        self.name = name
        parts = urlsplit(name)
        settings: dict[str, Any] = {"bucket": parts.netloc, "region": config["BACKUP_S3_REGION"]}
        endpoint = config["BACKUP_S3_ENDPOINT"]
        if endpoint:
            settings["endpoint"] = endpoint
        if config["BACKUP_S3_KEY"]:
            settings["access_key_id"] = config["BACKUP_S3_KEY"]
            settings["secret_access_key"] = config["BACKUP_S3_SECRET"]
        try:
            self.store = S3Store(
                prefix=parts.path.strip("/") or None,
                client_options={"allow_http": endpoint.startswith("http://"), "connect_timeout": "10s"},
                retry_config={"max_retries": 4, "retry_timeout": PATIENCE},
                **settings,
            )
        except BaseError as error:
            raise BackupError(f"{name} is no target: {_short(error)}") from error

    def is_elsewhere(self, _database_at: Sequence[Path]) -> bool:
        """A store on the network outlives our disk."""
        return True

    def put(self, path: Path, name: str) -> None:
        """Upload a file; large ones go in parts, and appear when the last part is there."""
        try:
            obstore.put(self.store, name, path)
        except FileNotFoundError as error:
            raise BackupError(f"{self.name}: there is no such bucket.") from error
        except (BaseError, OSError) as error:
            raise BackupError(f"{self.name}: the copy could not be written: {_short(error)}") from error

    def read(self, name: str) -> Iterator[bytes]:
        """Download a file."""
        try:
            for block in obstore.get(self.store, name).stream():
                yield bytes(block)
        except FileNotFoundError as error:
            raise BackupError(f"{self.name}: {name} is not there.") from error
        except (BaseError, OSError) as error:
            raise BackupError(f"{self.name}: {name} cannot be read: {_short(error)}") from error

    def names(self) -> list[str]:
        """Names of the files directly below the target's path."""
        try:
            listed = obstore.list_with_delimiter(self.store)
        except (BaseError, OSError) as error:
            raise BackupError(f"{self.name}: cannot be listed: {_short(error)}") from error
        return sorted(one["path"].rsplit("/", 1)[-1] for one in listed["objects"])

    def remove(self, name: str) -> None:
        """Take a file away."""
        try:
            obstore.delete(self.store, name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise BackupError(f"{self.name}: {name} cannot be removed: {_short(error)}") from error

    def sweep(self) -> None:
        """Unfinished parts are invisible here; a rule of the bucket removes them (docs/backups.md)."""


def _short(error: Exception) -> str:
    # The store's answers are long, and may quote addresses with signatures in them.
    return str(error).strip().splitlines()[0].split("?", 1)[0][:160]
