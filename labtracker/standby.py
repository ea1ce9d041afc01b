"""A PostgreSQL connection that takes a warning at a commit for a failure.

Where the database has a synchronous standby and the wait for it is cut off, PostgreSQL ends the commit with a
warning alone: what was to be kept is on this server and may be nowhere else. Nobody is told that it is safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.errors import Diagnostic
from sqlalchemy.engine import Dialect, Engine


class Heedful(psycopg.Connection[Any]):
    """A connection whose commits say yes only where the database has nothing to add."""

    def commit(self) -> None:
        """Commit. Raises OperationalError when the database warned of something meanwhile."""
        heard: list[str] = []

        def heed(notice: Diagnostic) -> None:
            if notice.severity_nonlocalized == "WARNING":
                heard.append(notice.message_primary or "")

        self.add_notice_handler(heed)
        try:
            super().commit()
        finally:
            self.remove_notice_handler(heed)
        if heard:
            raise psycopg.OperationalError(f"committed with a warning: {heard[0]}")


def heed_warnings(engine: Engine) -> None:
    """Let every connection of an engine be heedful."""

    @sa.event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _record: Any, arguments: Sequence[Any], options: dict[str, Any]
    ) -> psycopg.Connection[Any]:
        return Heedful.connect(*arguments, **options)
