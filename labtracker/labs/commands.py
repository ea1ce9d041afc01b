"""Commands of this slice: import lists from CSV files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.csv_table import UnreadableTableError, decode
from labtracker.kit.time import utc_now
from labtracker.labs.services import apply_import, try_import
from labtracker.labs.services.imports import Outcome, unreadable
from labtracker.web.edge import commit


def import_command(kind: str) -> click.Command:
    """The command that imports one kind of list."""

    @click.command(kind, help=f"Import {kind} from a CSV FILE.\n\nThe same file twice changes nothing.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
    @click.option("--as", "email", metavar="EMAIL", help="Act as this person; otherwise as administrator.")
    @with_appcontext
    def command(file: Path, dry_run: bool, as_json: bool, email: str | None) -> None:
        run = try_import if dry_run else apply_import
        try:
            outcome = run(kind, decode(file.read_bytes()), actor=_actor(email), now=utc_now())
        except UnreadableTableError as error:
            _give_up("unreadable_file", unreadable(error.code), as_json)
        except DomainError as error:
            _give_up(error.code, error.message, as_json)
        if not dry_run:
            commit()
        _tell(outcome, as_json, dry_run)
        sys.exit(1 if outcome.counts["error"] else 0)

    return command


COMMANDS = tuple(import_command(kind) for kind in ("labs", "courses", "worksites"))


def _actor(email: str | None) -> Person:
    query = sa.select(Person).join(Membership, Membership.person_id == Person.id)
    query = query.where(Membership.ended_at.is_(None), Person.archived_at.is_(None))
    if email:
        query = query.where(sa.func.lower(Person.email) == email.lower())
    else:
        query = query.where(Membership.role == Role.ADMINISTRATOR)
    found = db.session.scalars(query.order_by(Person.created_at).limit(1)).first()
    if found is None or not found.has(Role.COORDINATOR):
        raise DomainError("no_such_person", "There is no such administrator or coordinator.")
    return found


def _tell(outcome: Outcome, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps({"ok": True, "dry_run": dry_run, **outcome.as_dict()}, ensure_ascii=False))
        return
    for verdict in outcome.verdicts:
        more = "; ".join(verdict.problems or verdict.changed)
        click.echo(f"line {verdict.line}: {verdict.verdict}: {verdict.name}{': ' + more if more else ''}")
    click.echo(", ".join(f"{count} {name}" for name, count in outcome.counts.items()))
    if dry_run:
        click.echo("dry run: nothing was written")


def _give_up(code: str, message: str, as_json: bool) -> NoReturn:
    if as_json:
        errors = [{"code": code, "message": message, "field": None}]
        click.echo(json.dumps({"ok": False, "errors": errors}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    sys.exit(2)
