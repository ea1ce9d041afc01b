"""What an office does on its first day, one step after the other; each slice names its own steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask


@dataclass(frozen=True)
class Step:
    """One step: what to do, why, where, and whether the data says that it is done."""

    label: Any
    hint: Any
    endpoint: str
    is_done: Callable[[], bool]
    order: int


def add_steps(app: Flask, steps: Iterable[Step]) -> None:
    """Add a slice's steps to the first day's list."""
    app.extensions.setdefault("labtracker_first_steps", []).extend(steps)


def steps(app: Flask) -> list[Step]:
    """All steps in order."""
    known: list[Step] = app.extensions.get("labtracker_first_steps", [])
    return sorted(known, key=lambda step: step.order)


def all_done(app: Flask) -> bool:
    """Whether the first day lies behind: every step is done."""
    return all(step.is_done() for step in steps(app))
