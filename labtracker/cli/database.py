"""Commands about the database: make it, bring it up to date, say how things stand."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from labtracker.accounts import services as accounts
from labtracker.checkin import services as checkin
from labtracker.checkin.models import SystemState
from labtracker.checkin.services.system import mint_epoch
from labtracker.cli import backups
from labtracker.cli.group import OTHER_TABLES, first_line
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import public_url
from labtracker.jobs.queries import unfinished_counts
from labtracker.kit.time import utc_now
from labtracker.web import health
from labtracker.web.edge import commit


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database's tables up to date.

    Run it after every update, with the service stopped and a backup made. On tables that are up to date it
    changes nothing.
    """
    before = health.report()[0]["migration"]
    upgrade()
    after = health.report()[0]["migration"]
    click.echo(f"The tables were up to date ({after})." if before == after else f"The tables are at {after}.")


@click.command()
@click.option("--provider", metavar="NAME", help="The training provider; otherwise PROVIDER_NAME.")
@with_appcontext
def init(provider: str | None) -> None:
    """Ready an empty database and print its first link.

    The link works once, within a day. Where nobody has used it yet, init may be run again for a new one.
    """
    upgrade()
    now = utc_now()
    begin_history()
    try:
        name = provider or current_app.config["PROVIDER_NAME"] or "labtracker"
        secret = accounts.begin_first_day(name, now=now)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    commit()
    click.echo("The database is ready. Start the service with: labtracker serve")
    click.echo("Then open this link to become its administrator (once, within a day):")
    click.echo(public_url("accounts.first_administrator", secret=secret))


def begin_history() -> None:
    """Give a database its epoch, by which phones notice that another one took its place."""
    if db.session.get(SystemState, 1) is None:
        mint_epoch(now=utc_now())


@click.command()
@with_appcontext
def doctor() -> None:
    """Say what is well and what is not.

    Looks at database, background work, mail, address and backups. Ends with status 1 when the database cannot
    be used as it is.
    """
    usable, sentence = _database()
    findings = [(usable, sentence)]
    if usable:
        findings += [_work(), _people(), backups.finding()]
    findings += [_mail(), _address()]
    for fine, sentence in findings:
        click.echo(f"{'ok  ' if fine else 'look'}  {sentence}")
    if not usable:
        raise click.exceptions.Exit(1)


@click.command()
@with_appcontext
def rebuild() -> None:
    """Work attendance out again from what phones sent.

    Events and attendance are thrown away and computed anew from the records as they arrived; the records
    themselves are never touched.
    """
    done = checkin.rebuild(now=utc_now())
    commit()
    click.echo(f"{done.frames} records read, {done.events} events, {done.sessions} sessions.")


def _database() -> tuple[bool, str]:
    report, status = health.report()
    if status == 200:
        return True, f"database: {report['database']}, tables up to date ({report['migration']})"
    if report["status"] == "migration_needed":
        found = report["migration"] or "none"
        return False, f"database: {report['database']}, tables: {found}. {OTHER_TABLES}"
    try:
        with db.engine.connect():
            return False, "database: it was away a moment ago"
    except DBAPIError as error:
        return False, f"database: not reachable: {first_line(error)}"


def _work() -> tuple[bool, str]:
    overdue, given_up = db.session.execute(unfinished_counts(utc_now())).one()
    fine = not overdue and not given_up
    return fine, f"background work: {overdue} waiting past their time, {given_up} given up"


def _people() -> tuple[bool, str]:
    begun = db.session.execute(sa.select(sa.func.count()).select_from(SystemState)).scalar_one()
    if not begun:
        return False, "first day: not begun; run: labtracker init"
    return True, "first day: begun"


def _mail() -> tuple[bool, str]:
    config = current_app.config
    if config["SMTP_HOST"]:
        return True, f"mail: sent through {config['SMTP_HOST']} port {config['SMTP_PORT']}"
    return False, "mail: SMTP_HOST is empty, so mail stays in the outbox and nobody receives it"


def _address() -> tuple[bool, str]:
    url = current_app.config["PUBLIC_URL"]
    if not url.startswith("https://"):
        return False, f"address: {url}, phones elsewhere need HTTPS for camera and offline"
    if not current_app.config["TRUST_PROXY"]:
        return False, f"address: {url}; behind a proxy set TRUST_PROXY=1, or all visitors look like one"
    return True, f"address: {url}, by way of {current_app.config['TRUST_PROXY']} proxy"
