"""Holds the process in which the simulated phones live, and hands their questions to the wire."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from labtracker import config


class Ask(NamedTuple):
    """What a phone puts on the wire."""

    phone: int
    path: str
    method: str
    headers: dict[str, str]
    body: str | None


class Reply(NamedTuple):
    """What comes back over the wire."""

    status: int
    type: str
    body: str


LOST = "lost"  # the phone hears that there is no signal
SILENT = "silent"  # the phone waits, and dies waiting

Wire = Callable[[Ask], Reply | str]


class PhoneFailedError(Exception):
    """The client's own code threw where it must not."""


class Host:
    """Phones in a Node process; ``client`` is a folder with other scripts in the place of static/js."""

    def __init__(self, client: Path | None = None) -> None:
        environment = {**os.environ, **({"SIMULATED_CLIENT": str(client)} if client else {})}
        self.wire: Wire = lambda _ask: LOST
        self._number = 0
        self._early: dict[int, Any] = {}
        self._process = subprocess.Popen(
            [config.ROOT / "tools" / "node", Path(__file__).with_name("phones.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=environment,
            cwd=config.ROOT,
        )

    def call(self, does: str, **more: Any) -> Any:
        """Have something done, and answer the wire meanwhile; gives what came of it.

        May be called again from within the wire, so that much happens while a phone waits.
        """
        self._number += 1
        number = self._number
        self._say({"id": number, "does": does, **more})
        while number not in self._early:
            self._hear()
        told = self._early.pop(number)
        if "failed" in told:
            raise PhoneFailedError(f"{does} {more}: {told['failed']}")
        return told["gives"]

    def _hear(self) -> None:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise PhoneFailedError("the process of the phones ended")
        told = json.loads(line)
        if "wire" not in told:
            self._early[told["id"]] = told
            return
        reply = self.wire(Ask(told["phone"], told["path"], told["method"], told["headers"], told["body"]))
        if isinstance(reply, Reply):
            self._say({"wire": told["wire"], **reply._asdict()})
        elif reply == LOST:
            self._say({"wire": told["wire"], "lost": True})

    def _say(self, line: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()
