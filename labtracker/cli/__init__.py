"""The ``labtracker`` command."""

from __future__ import annotations

import click
from flask.cli import FlaskGroup

from labtracker.app import create_app
from labtracker.cli import backups, database, people, serving
from labtracker.labs import commands as labs
from labtracker.roster import commands as roster


class OwnCommands(FlaskGroup):
    """Our commands and nobody else's: libraries that bring commands for Flask's own tool are not asked."""

    def _load_plugin_commands(self) -> None:
        return None


@click.group(cls=OwnCommands, create_app=create_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """labtracker: deployments, check-in without signal, proof of attendance."""


@main.group("import")
def import_lists() -> None:
    """Bring in what exists already; every import has a dry run."""


for command in (*labs.COMMANDS, *roster.COMMANDS):
    import_lists.add_command(command)

for module in (database, people, serving, backups):
    for command in module.COMMANDS:
        main.add_command(command)
