"""When an import goes in by itself in the background, and when it has been given up."""

from __future__ import annotations

from datetime import datetime, timedelta

# So many rows are taken while somebody waits for the page; more go in behind it.
MOST_AT_ONCE = 500
# An import takes seconds. One that is older than this and not done has been given up.
LONGEST_RUN = timedelta(hours=1)


def goes_behind(rows: int) -> bool:
    """Whether so many rows are more than somebody should wait for."""
    return rows > MOST_AT_ONCE


def is_under_way(asked_at: datetime, done_at: datetime | None, now: datetime) -> bool:
    """Whether rows are still going in; the rest may be taken anew once they are not."""
    return done_at is None and now - asked_at < LONGEST_RUN
