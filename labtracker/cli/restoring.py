"""``labtracker restore``: a backup takes the database's place, and a new history begins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.engine import URL

from labtracker import __version__
from labtracker.app import create_app
from labtracker.backups import services
from labtracker.backups.errors import BackupError
from labtracker.backups.fetching import (
    Fetched,
    fetch,
    known_epochs,
    manifests_on,
    of_the_same_history,
    opened,
)
from labtracker.backups.manifest import Manifest
from labtracker.backups.places import Place, place_of
from labtracker.backups.running import make_backup, work_folder
from labtracker.backups.snapshots import database_kind, database_url
from labtracker.backups.targets import Target, target_from, targets_from
from labtracker.checkin import services as checkin
from labtracker.cli.backups import tell
from labtracker.config import SETTINGS
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit


@click.command()
@click.argument("name", required=False)
@click.option("--from", "source", help="Where to look: a folder's full path, or s3://bucket/path.")
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Key file.")
@click.option(
    "--replace", is_flag=True, help="Also when the present database holds records; it is kept aside."
)
@with_appcontext
def restore(name: str | None, source: str | None, identity: Path | None, replace: bool) -> None:
    """Bring back a backup; without NAME, list what there is.

    NAME is one of those listed, or a file. The service must be stopped. The present database is renamed,
    never overwritten. Ends with a new epoch, by which phones send again what the backup lacks, and with a
    new backup.
    """
    try:
        targets = [target_from(source, current_app.config)] if source else targets_from(current_app.config)
        if name is None:
            _list(targets)
            return
        _restore(name, targets, identity, replace=replace, now=utc_now())
        _back_up()
    except BackupError as error:
        raise click.ClickException(str(error)) from error


def _list(targets: list[Target]) -> None:
    found = manifests_on(targets)
    for manifest, target in found:
        click.echo(
            f"{manifest.taken_at:%Y-%m-%d %H:%M} UTC  {manifest.frames:>8} records  {manifest.name}  {target}"
        )
    if not found:
        raise BackupError("There is no backup on any target. Look elsewhere with --from.")


def _restore(
    name: str, targets: list[Target], identity: Path | None, *, replace: bool, now: datetime
) -> None:
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    place = place_of(database_url())
    _insist_free(place, replace)
    with work_folder(f"restore-{stamp}") as folder:
        fetched = fetch(name, targets, folder)
        if fetched.manifest is None:
            click.echo("There is no manifest beside this file, so its hash cannot be compared.", err=True)
        _insist_known(fetched.manifest)
        plain = opened(fetched, database_kind(), identity, folder)
        everywhere = [*{one.name: one for one in (*targets, *targets_from(current_app.config))}.values()]
        epochs = known_epochs(everywhere) | ({old} if (old := place.epoch()) else set())
        draft = place.fill(plain, stamp)
        epoch = _begin_anew(draft, fetched, of_the_same_history(fetched.manifest, everywhere), epochs, now)
    kept = place.exchange(stamp)
    if kept:
        click.echo(f"The database that was here is kept as {kept}")
    click.echo(f"{name} is in place, with epoch {epoch}. Start the service; phones send what it lacks.")


def _insist_free(place: Place, replace: bool) -> None:
    # Our own connections count too.
    db.session.remove()
    db.engine.dispose()
    place.insist_unused()
    records = place.records()
    if records != 0 and not replace:
        held = "cannot be read" if records is None else f"holds {records} records"
        raise BackupError(
            f"The present database {held}. "
            "With --replace it is renamed and kept, and the backup takes its place."
        )


def _insist_known(manifest: Manifest | None) -> None:
    folder = current_app.extensions["migrate"].directory
    known = {script.revision for script in ScriptDirectory(str(folder)).walk_revisions()}
    if manifest is not None and manifest.migration not in known:
        raise BackupError(
            f"This backup was made by labtracker {manifest.version}, which is newer. Install that one first."
        )


def _begin_anew(
    draft: URL, fetched: Fetched, superseded: list[tuple[Manifest, str]], epochs: set[UUID], now: datetime
) -> UUID:
    settings = {setting.name: current_app.config[setting.name] for setting in SETTINGS}
    app = create_app(**{**settings, "DATABASE_URL": draft.render_as_string(hide_password=False)})
    manifest = fetched.manifest
    with app.app_context():
        upgrade()
        same = manifest is not None and (manifest.version, manifest.migration) == (__version__, _head())
        if not same:
            checkin.rebuild(now=now)
        epoch = services.take_over(manifest, fetched.target, superseded, known_epochs=epochs, now=now)
        commit()
        db.session.remove()
        # Closing the last connection moves everything from the log into the file.
        db.engine.dispose()
    return epoch


def _head() -> str | None:
    return ScriptDirectory(str(current_app.extensions["migrate"].directory)).get_current_head()


def _back_up() -> None:
    if not current_app.config["BACKUP_TARGETS"]:
        click.echo("BACKUP_TARGETS is empty, so no new backup is made. Phones keep everything.", err=True)
        return
    outcome = make_backup(utc_now)
    tell(outcome)
    if not outcome.is_good:
        raise BackupError("The restore is complete, but the new backup is not. Run: labtracker backup")
