"""Workbooks: looked at from outside first, then opened in a process that may not use much."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from threading import BoundedSemaphore

from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import Line, Sheet

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_PARTS = 1_000
SECONDS = 25
# Each may take much memory: so few are opened at once, and whoever waits longer is asked to come again.
AT_ONCE = BoundedSemaphore(2)
WAIT_SECONDS = 20.0
CHILD = Path(__file__).with_name("workbook_process.py")


def read_workbook(data: bytes) -> list[Sheet]:
    """The sheets of an XLSX file.

    Raises RosterFileError with the reason when it is none, or dangerous, or when too many are being read.
    """
    _inspect(data)
    answer = json.loads(_opened(data))
    if "refused" in answer:
        raise RosterFileError(answer["refused"])
    return [
        Sheet(
            name=sheet["name"],
            hidden=sheet["hidden"],
            has_serials=True,
            lines=[Line(number, cells) for number, cells in sheet["lines"]],
        )
        for sheet in answer["sheets"]
    ]


def _opened(data: bytes) -> bytes:
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise RosterFileError("busy")
    try:
        # Isolated mode: the process sees neither this one's environment nor its folder.
        finished = subprocess.run(  # noqa: S603 (our own interpreter on our own file)
            [sys.executable, "-I", str(CHILD)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise RosterFileError("too_slow") from None
    finally:
        AT_ONCE.release()
    if finished.returncode != 0:
        raise RosterFileError("too_slow" if finished.returncode in (3, -9, -24, -11, -6) else "damaged")
    return finished.stdout


def _inspect(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise RosterFileError("damaged") from None
    names = {part.filename for part in parts}
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or total > MAX_RATIO * max(len(data), 1):
        raise RosterFileError("bomb")
    if "[Content_Types].xml" not in names:
        raise RosterFileError("other_office" if "mimetype" in names else "archive")
    if "xl/workbook.xml" not in names:
        raise RosterFileError("other_office")
    if any(part.flag_bits & 1 for part in parts):
        raise RosterFileError("old_excel")
