"""Commands about backups: make one, bring one back, check that nothing was tampered with."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from labtracker.backups.errors import BackupError
from labtracker.backups.queries import standing
from labtracker.backups.rules import is_overdue
from labtracker.backups.running import Outcome, make_backup
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
        return False, f"{sentence}; the newest try failed: {state.last.error or 'it was interrupted'}"
    if is_overdue(state.good.taken_at, None, every_hours=config["BACKUP_EVERY"], now=now):
        return False, f"{sentence}; one is overdue"
    if len(state.counted) < 2:
        return (
            False,
            f"{sentence}; {len(state.counted)} of 2 elsewhere, so phones keep everything",
        )
    return True, sentence
