"""How long a worker may hold a job, and when a job that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a minute, doubling, at most six hours."""
    return min(timedelta(seconds=30) * 2 ** max(attempts - 1, 0), timedelta(hours=6))


def is_hopeless(attempts: int) -> bool:
    """Whether a job that failed so often is given up and left for a person to look at."""
    return attempts >= MOST_ATTEMPTS
