"""Builds the demo's database, step by step."""

from __future__ import annotations

from datetime import datetime

from labtracker.demo.people import build_cast


def build(now: datetime, seed: int = 1) -> None:
    """Fill an empty, migrated database with the demo's data; flushes, the caller commits."""
    build_cast(now)
