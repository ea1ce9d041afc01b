"""The group of all commands: its help lists ours alone, and what goes wrong is said in a sentence."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError

from labtracker.config import SettingError

# PostgreSQL's codes for a table and for a column that does not exist.
UNDEFINED = {"42P01", "42703"}
OTHER_TABLES = (
    "The database's tables are not those of this version. "
    "Run: labtracker migrate  (for an empty database: labtracker init)"
)


class Commands(click.Group):
    """Our commands in the order in which one meets them, and their failures without a traceback.

    What a command refuses it says itself; here stands what can befall all of them: a setting that cannot be
    meant, a database that is away, tables of another version. Anything else is a defect and stays loud.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of their registration, which is that of the first days."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; explain what it could not help."""
        try:
            return super().invoke(ctx)
        except SettingError as error:
            raise click.ClickException(str(error)) from error
        except DBAPIError as error:
            explanation = explained(error)
            if explanation is None:
                raise
            raise click.ClickException(explanation) from error


def explained(error: DBAPIError) -> str | None:
    """What a failure of the database means to whoever runs the commands; None for a defect of ours."""
    words = first_line(error)
    state = getattr(error.orig, "sqlstate", None)
    if state in UNDEFINED or words.startswith(("no such table", "no such column")):
        return OTHER_TABLES
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {words}"
    return None


def first_line(error: DBAPIError) -> str:
    """What the database's driver said, without its hints; never the statement or its values."""
    return (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
