"""``labtracker certificates``: issuing to a cohort, the key that signs, checking a credential."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import click
from flask.cli import with_appcontext

from labtracker.certificates import queries, services, signing
from labtracker.certificates.addresses import issuer, key_url
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit

LARGEST_CREDENTIAL = 100_000


@click.command()
@click.argument("cohort_id", metavar="COHORT", type=click.UUID)
@with_appcontext
def issue(cohort_id: UUID) -> None:
    """Issue certificates to everybody in a cohort who completed.

    COHORT is the id in the page's address. Whoever had a certificate before is left out. A running
    `labtracker work` or `serve` does the work.
    """
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise click.ClickException("There is no cohort with this id.")
    try:
        run = services.ask_for_certificates(cohort, actor=None, now=utc_now())
    except DomainError as error:
        raise click.ClickException(error.message) from error
    commit()
    click.echo(f"{run.total} certificates are being issued.")


@click.command()
@with_appcontext
def keys() -> None:
    """List the keys that sign credentials, the newest first."""
    for row in queries.signing_keys():
        state = f"retired {row.retired_at:%Y-%m-%d}" if row.retired_at else "signs"
        click.echo(f"{key_url(row.key_id)}  made {row.made_at:%Y-%m-%d}  {state}")


@click.command("new-key")
@with_appcontext
def new_key() -> None:
    """Make a new key that signs from now on. Older ones stay published, and what they signed stays good."""
    made = services.rotate_key(now=utc_now())
    commit()
    click.echo(key_url(made.key_id))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Check a digital credential: who signed it, and whether it was revoked since.

    FILE is a credential.jwt. Ends with status 1 if it is not ours, was changed, or is good no longer.
    """
    token = file.read_bytes()[:LARGEST_CREDENTIAL].decode("ascii", "replace").strip()
    try:
        claims = signing.verify(token, [row.public_jwk for row in queries.signing_keys()])
    except signing.SignatureError:
        raise click.ClickException("None of our keys signed this, or it was changed since.") from None
    ended = {one.urn for one in queries.ended_credentials()}
    if claims.get("id") in ended:
        raise click.ClickException("We signed this, and it was revoked or replaced since.")
    click.echo(json.dumps({"issuer": issuer().name, "credential": claims}, ensure_ascii=False, indent=1))


COMMANDS = (issue, keys, new_key, verify)
