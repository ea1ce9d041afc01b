"""The ``labtracker`` command, also as ``python -m labtracker``."""

from __future__ import annotations

import gc


def main() -> None:
    """Load the program and do what the command line asks."""
    # What loading makes stays: looking for garbage among it took a quarter of every start.
    gc.disable()
    from labtracker.cli import main as command  # noqa: PLC0415 (only once nobody looks for garbage)

    gc.freeze()
    gc.enable()
    command(prog_name="labtracker")


if __name__ == "__main__":
    main()
