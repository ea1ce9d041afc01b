"""Commands about people, for support and scripts."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from labtracker.accounts.queries import person_with_email
from labtracker.accounts.rules import normal_email
from labtracker.accounts.services import Purpose, create_pairing_code, issue_link, record_audit
from labtracker.errors import DomainError
from labtracker.jobs.mail import public_url
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


@click.command()
@click.argument("email")
@with_appcontext
def link(email: str) -> None:
    """Print a link with which somebody chooses a new password.

    EMAIL is the address of whoever is locked out where no mail arrives. The link works once, for 15 minutes.
    """
    person = person_with_email(normal_email(email))
    if person is None or person.archived_at is not None:
        raise click.ClickException("Nobody who may sign in has this address.")
    now = utc_now()
    secret = issue_link(person, Purpose.PASSWORD, now=now)
    record_audit(None, "password_link_printed", "person", person.id, now)
    commit()
    click.echo(public_url("accounts.reset_password", secret=secret))
