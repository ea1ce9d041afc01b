"""Commands about backups: make one, bring one back, check that nothing was tampered with."""

from __future__ import annotations

import sys
from datetime import date

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from labtracker.backups import services
from labtracker.backups.errors import BackupError
from labtracker.backups.fetching import manifests_on
from labtracker.backups.queries import own_backups, standing
from labtracker.backups.rules import is_overdue
from labtracker.backups.running import Outcome, make_backup
from labtracker.backups.targets import targets_from
from labtracker.checkin.models import SystemState
from labtracker.extensions import db
from labtracker.kit.time import utc_now

PROOFS = {
    "opened": "the snapshot was opened and checked",
    "restored": "the dump was restored into a scratch database and counted",
    "listed": "the dump was read to its end and counted",
}


@click.command()
@with_appcontext
def backup() -> None:
    """Copy the database to every target and read the copies back.

    The targets stand in BACKUP_TARGETS. Ends with 0 when all is well, with 1 when a copy is missing or not
    whole.
    """
    try:
        outcome = make_backup(utc_now)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    tell(outcome)
    sys.exit(0 if outcome.is_good else 1)


@click.command()
@with_appcontext
def audit() -> None:
    """Check that no past day's records were changed.

    The inbox's daily hashes are worked out again and compared with what backups remember. Ends with 1, and
    names the day, when a day's records are not the ones that arrived.
    """
    days, deviations = services.audit_days()
    heads = services.heads_of_days()
    epoch = db.session.scalar(sa.select(SystemState.epoch))
    own = {backup.name for backup in db.session.scalars(own_backups())}
    db.session.rollback()
    remembered = 0
    for deviation in deviations:
        click.echo(f"{deviation.day}: {deviation.why}", err=True)
    for manifest, target in manifests_on(targets_from(current_app.config)):
        if manifest.head is None or not (manifest.epoch == epoch or manifest.name in own):
            continue
        day, found = manifest.head
        remembered += 1
        if heads.get(day) != found:
            deviations.append(services.Deviation(date.fromisoformat(day), "a backup remembers another hash"))
            click.echo(f"{day}: {manifest.name} on {target} remembers another hash of this day", err=True)
    click.echo(f"{days} days, {remembered} backups compared, {len(deviations)} deviations")
    sys.exit(1 if deviations else 0)


def tell(outcome: Outcome) -> None:
    """Say what a run came to."""
    if outcome.made is None:
        click.echo(f"No backup: {outcome.error}", err=True)
        return
    made = outcome.made
    click.echo(f"{outcome.name}: {made.contents.frames} records, {made.size} bytes; {PROOFS[made.proof]}")
    for copy in outcome.copies:
        if copy.error:
            click.echo(f"  no good copy: {copy.error}", err=True)
        elif copy.elsewhere:
            click.echo(f"  {copy.target}: read back, whole")
        else:
            click.echo(f"  {copy.target}: read back, whole; but on the database's own disk, and dies with it")
    for complaint in outcome.complaints:
        click.echo(f"  look: {complaint}", err=True)
    if outcome.removed:
        click.echo(f"  no longer kept: {len(outcome.removed)}")
    click.echo(f"  {_claim(outcome.counted)}")


def _claim(counted: list[str]) -> str:
    if len(counted) < 2:
        return f"Phones keep everything: {len(counted)} of 2 verified backups elsewhere."
    return f"Phones may forget what is in both {counted[1]} and {counted[0]}."


def finding() -> tuple[bool, str]:
    """The doctor's line about backups: whether all is well, and the sentence."""
    config = current_app.config
    if not config["BACKUP_TARGETS"]:
        return False, (
            "backups: none are made, BACKUP_TARGETS is empty; "
            "phones keep every check-in until two verified ones exist"
        )
    now = utc_now()
    state = standing()
    if state.good is None:
        why = f" ({state.last.error})" if state.last and state.last.error else ""
        return False, f"backups: none has succeeded yet{why}; run: labtracker backup"
    hours = (now - state.good.taken_at).total_seconds() / 3600
    sentence = f"backups: the last good one is {hours:.0f} hours old, {state.good.frames} records"
    if state.last and state.last.name != state.good.name:
        return False, f"{sentence}; the newest try: {state.last.error or 'still being made, or interrupted'}"
    if is_overdue(state.good.taken_at, None, every_hours=config["BACKUP_EVERY"], now=now):
        return False, f"{sentence}; one is overdue"
    if len(state.counted) < 2:
        return (
            False,
            f"{sentence}; {len(state.counted)} of 2 elsewhere, so phones keep everything",
        )
    return True, sentence
