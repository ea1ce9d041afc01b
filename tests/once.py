"""What is costly to make is made once in a run, by whichever process comes first; the others wait for it."""

from __future__ import annotations

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def made_once(file: Path, make: Callable[[], T]) -> T:
    """What ``make`` gives, pickled into a file that all processes of the run know."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            draft = file.with_suffix(".draft")
            draft.write_bytes(pickle.dumps(make()))
            draft.replace(file)
    made: T = pickle.loads(file.read_bytes())
    return made
