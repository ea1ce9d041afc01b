"""Servers and commands that start at once: forked from a process that has read the whole program already.

``python -m tests.browser.nursery`` reads wishes, a line of JSON each: ``{"serve": port, "settings", "log"}``
is answered by the number of the new process, ``{"kill": number}`` by the same number once it is gone, and
``{"command": [word, ...], "settings", "log"}`` by the exit code of the command once it is done.
At the end of its input it ends all that it started.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, NoReturn

import sqlalchemy as sa
import waitress
from flask import Flask

from labtracker import cli, config
from labtracker.app import create_app
from labtracker.web import service_worker
from labtracker.web.assets import style

THREADS = 8


class Nursery:
    """The process from which servers are forked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(config.ROOT)},
            cwd=config.ROOT,
            text=True,
        )

    def ask(self, **wish: Any) -> int:
        """Tell it a wish, and wait for the number that it answers."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it and all that it started."""
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()


def _move_in(settings: dict[str, str], log: str) -> None:
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(settings)


def _serve(port: int) -> NoReturn:
    waitress.serve(create_app(), host="127.0.0.1", port=port, threads=THREADS)
    os._exit(0)


def _obey(words: list[str]) -> NoReturn:
    code: Any = 1
    try:
        cli.main(words, standalone_mode=True)
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    os._exit(code or 0)


def _read_all(app: Flask) -> None:
    """Read what every process reads once, so that those forked from here need not."""
    sa.orm.configure_mappers()
    with app.test_request_context():
        service_worker.script()
        style()


def _kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)


def main() -> None:
    """Fulfil wishes until there are no more."""
    _read_all(create_app())
    alive: set[int] = set()
    for line in sys.stdin:
        wish = json.loads(line)
        if "kill" in wish:
            number = wish["kill"]
            _kill(number)
            alive.discard(number)
        else:
            number = os.fork()
            if not number:
                _move_in(wish["settings"], wish["log"])
                _obey(wish["command"]) if "command" in wish else _serve(wish["serve"])
            if "command" in wish:
                number = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
            else:
                alive.add(number)
        print(number, flush=True)
    for number in alive:
        with suppress(ProcessLookupError):
            _kill(number)


if __name__ == "__main__":
    main()
