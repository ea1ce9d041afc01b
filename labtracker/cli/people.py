"""Commands about people, for support and scripts."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from labtracker.accounts.queries import person_with_email
from labtracker.accounts.rules import normal_email
from labtracker.accounts.services import create_pairing_code
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit


@click.command()
@click.argument("email")
@with_appcontext
def pair(email: str) -> None:
    """Print a code that pairs one phone of a trainer.

    EMAIL is the trainer's address. The code works once, in the next ten minutes.
    """
    person = person_with_email(normal_email(email))
    if person is None:
        raise click.ClickException("Nobody has this address. A trainer needs an account before a phone.")
    try:
        code = create_pairing_code(actor=person, now=utc_now())
    except DomainError as error:
        raise click.ClickException(error.message) from error
    commit()
    click.echo(code)
