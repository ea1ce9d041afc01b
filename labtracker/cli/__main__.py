"""``python -m labtracker.cli`` is the ``labtracker`` command."""

from labtracker.cli import main

main(prog_name="labtracker")
