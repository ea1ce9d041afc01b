"""A backup from beginning to end: snapshot, encryption, copies read back, what follows, rotation.

This is an edge, like a view: it commits. It does so between its steps, since none of them may hold the
database while a slow network is waited for; whatever breaks off leaves a backup that does not count.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app

from labtracker import __version__
from labtracker.backups import services
from labtracker.backups.encryption import encrypt
from labtracker.backups.errors import BackupError
from labtracker.backups.manifest import ENDING, Manifest, file_blocks, hash_of, write_manifest
from labtracker.backups.models import Backup
from labtracker.backups.queries import backups_on_targets, counted_backups, own_backups
from labtracker.backups.rules import Kept, backup_name, to_remove
from labtracker.backups.services import Copied, Made
from labtracker.backups.snapshots import database_kind, database_places, take_snapshot
from labtracker.backups.targets import Target, target_from, targets_from
from labtracker.extensions import db
from labtracker.web.edge import commit

# How far back to look for an older backup that is still whole.
MOST_RECHECKED = 5


@dataclass(slots=True)
class Outcome:
    """What a run came to. ``counted`` names the last two backups that count, the newest first."""

    name: str
    error: str | None = None
    made: Made | None = None
    copies: Sequence[Copied] = ()
    counted: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the backup was made and every target has a copy that was read back whole."""
        return self.error is None and all(copy.error is None for copy in self.copies)


def make_backup(clock: Callable[[], datetime]) -> Outcome:
    """Make, copy and verify a backup, and let phones forget what two of them hold. Commits.

    Raises BackupError when there is nowhere to copy it to; other failures are recorded and in the outcome.
    """
    config = current_app.config
    targets = targets_from(config)
    if not targets:
        raise BackupError("BACKUP_TARGETS is empty: say where backups shall go.")
    while services.close_next_day(now=clock()):
        commit()
    commit()
    now = clock()
    encrypted = bool(config["BACKUP_RECIPIENT"])
    name = backup_name(database_kind(), now, secrets.token_hex(4), encrypted=encrypted)
    backup_id = services.begin_backup(name, [target.name for target in targets], now=now)
    commit()
    outcome = Outcome(name)
    try:
        with work_folder(name) as folder:
            outcome.made = _make_file(folder / name, now)
            outcome.copies = [_copy(folder, outcome.made, name, now, target) for target in targets]
    except (BackupError, OSError) as error:
        outcome.error = str(error)
        services.fail_backup(backup_id, outcome.error, now=clock())
        commit()
        return outcome
    services.finish_backup(backup_id, outcome.made, outcome.copies, now=clock())
    commit()
    outcome.complaints += recheck_older(name, now=clock())
    services.settle_durable()
    commit()
    outcome.removed, complaints = rotate(now=clock())
    outcome.complaints += complaints
    outcome.counted = [backup.name for backup in db.session.scalars(counted_backups().limit(2))]
    commit()
    return outcome


def _make_file(path: Path, now: datetime) -> Made:
    recipient = current_app.config["BACKUP_RECIPIENT"]
    plain = path.with_suffix("") if recipient else path
    contents, proof = take_snapshot(plain)
    if recipient:
        encrypt(plain, path, recipient)
        plain.unlink()
    sha256, size = hash_of(file_blocks(path))
    manifest = Manifest(
        name=path.name,
        taken_at=now,
        version=__version__,
        migration=contents.migration,
        epoch=contents.epoch,
        frames=contents.frames,
        last_frame_id=contents.last_frame_id,
        size=size,
        sha256=sha256,
        head=contents.head,
    )
    write_manifest(manifest, path.parent)
    return Made(contents, proof, size, sha256)


def _copy(folder: Path, made: Made, name: str, now: datetime, target: Target) -> Copied:
    elsewhere = False
    try:
        elsewhere = target.is_elsewhere(database_places())
        target.sweep()
        target.put(folder / name, name)
        insist_on_hash(target, name, made.sha256)
        # The manifest comes last: until it is there nobody takes the file for a backup.
        target.put(folder / (name + ENDING), name + ENDING)
    except (BackupError, OSError) as error:
        return Copied(target.name, elsewhere, str(error)[:300])
    return Copied(target.name, elsewhere)


def insist_on_hash(target: Target, name: str, sha256: str | None) -> None:
    """Read a file back from its target. Raises BackupError when it is not what was written."""
    found, _size = hash_of(target.read(name))
    if found != sha256:
        raise BackupError(f"{target.name}: {name} is not what was written there.")


def recheck_older(newest: str, *, now: datetime) -> list[str]:
    """Read older backups back until one is whole, since two must be; says what is wrong."""
    complaints: list[str] = []
    older = db.session.scalars(own_backups().where(Backup.name != newest).limit(MOST_RECHECKED)).all()
    commit()
    for backup in older:
        targets = [copy.target for copy in backup.copies if copy.removed_at is None]
        checked = [recheck(backup, target) for target in targets]
        for copied in checked:
            services.record_copy(backup.id, copied, now=now)
        commit()
        complaints += [copied.error for copied in checked if copied.error]
        if any(copied.elsewhere and not copied.error for copied in checked):
            break
    return complaints


def recheck(backup: Backup, name: str) -> Copied:
    """Read one copy back and compare it with what was written."""
    elsewhere = False
    try:
        target = target_from(name, current_app.config)
        elsewhere = target.is_elsewhere(database_places())
        insist_on_hash(target, backup.name, backup.sha256)
    except (BackupError, OSError) as error:
        return Copied(name, elsewhere, str(error)[:300])
    return Copied(name, elsewhere)


def rotate(*, now: datetime) -> tuple[list[str], list[str]]:
    """Take away what nobody needs any more; gives the names, and what could not be taken away. Commits."""
    config = current_app.config
    counted = {backup.id for backup in db.session.scalars(counted_backups())}
    present = db.session.scalars(backups_on_targets()).all()
    commit()
    going = to_remove(
        [Kept(backup.name, backup.taken_at, backup.id in counted) for backup in present],
        newest=config["BACKUP_KEEP"],
        days=config["BACKUP_KEEP_DAYS"],
        now=now,
    )
    removed, complaints = [], []
    for backup in present:
        if backup.name not in going:
            continue
        gone = []
        for copy in backup.copies:
            try:
                target = target_from(copy.target, config)
                # The manifest first: what is half removed must not look like a backup.
                target.remove(backup.name + ENDING)
                target.remove(backup.name)
                gone.append(copy.target)
            except BackupError as error:
                complaints.append(str(error))
        services.record_removal(backup.id, gone, now=now)
        commit()
        removed.append(backup.name)
    return removed, complaints


@contextmanager
def work_folder(name: str) -> Iterator[Path]:
    """A folder of this run's own, for its owner's eyes only; what interrupted runs left goes after a day."""
    work = Path(current_app.config["INSTANCE_DIR"]) / "backup-work"
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in work.iterdir():
        if time.time() - old.stat().st_mtime > 24 * 3600:
            shutil.rmtree(old, ignore_errors=True)
    folder = work / name
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
