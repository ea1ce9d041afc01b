"""The ``labtracker`` command."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo

from labtracker import __version__
from labtracker.app import create_app
from labtracker.certificates import commands as certificates
from labtracker.cli import backups, database, people, restoring, serving
from labtracker.cli.group import Commands
from labtracker.labs import commands as labs
from labtracker.roster import commands as roster


@click.group(cls=Commands, context_settings={"obj": ScriptInfo(create_app=create_app)})
@click.version_option(__version__, prog_name="labtracker")
def main() -> None:
    """Plan visits of mobile labs, check workers in without signal, prove attendance.

    Settings are environment variables; the README lists them. To look around: labtracker demo.
    To begin for real: labtracker init, then labtracker serve.
    """


@click.group("import", cls=Commands)
def import_lists() -> None:
    """Bring in what exists already; every import has a dry run."""


@click.group("certificates", cls=Commands)
def certificates_group() -> None:
    """Issue certificates, keep their key, check a credential."""


for command in (*labs.COMMANDS, *roster.COMMANDS):
    import_lists.add_command(command)
for command in certificates.COMMANDS:
    certificates_group.add_command(command)

for command in (
    serving.demo,
    database.init,
    serving.serve,
    database.doctor,
    backups.backup,
    restoring.restore,
    backups.audit,
    database.migrate,
    serving.work,
    people.pair,
    people.link,
    import_lists,
    certificates_group,
    database.rebuild,
):
    main.add_command(command)
