"""The ``labtracker`` command."""

from __future__ import annotations

import click
from flask.cli import FlaskGroup
from flask_migrate import upgrade

from labtracker.app import create_app
from labtracker.labs import commands as labs
from labtracker.roster import commands as roster


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """labtracker: deployments, check-in without signal, proof of attendance."""


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    upgrade()


@main.group("import")
def import_lists() -> None:
    """Bring in what exists already; every import has a dry run."""


for command in (*labs.COMMANDS, *roster.COMMANDS):
    import_lists.add_command(command)


if __name__ == "__main__":
    main()
