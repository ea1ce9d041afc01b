"""Lists of labs, courses and worksites from a CSV file, row by row.

A dry run is the real thing, taken back: what it says of each row is what the import will do. A row is found
again by its name (its code, for a course), so the same file twice changes nothing. A column that is not
there, or a cell left empty, leaves what is stored as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.csv_table import Table, TableRow, UnreadableTableError, read_table
from labtracker.labs.services.import_rows import KINDS, RowProblemError, Target


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row: ``new``, ``same``, ``updated`` (with the fields) or ``error`` (with words)."""

    line: int
    name: str
    verdict: str
    problems: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The verdict for programs."""
        return {
            "line": self.line,
            "name": self.name,
            "verdict": self.verdict,
            "problems": list(self.problems),
            "changed": list(self.changed),
        }


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    kind: str
    verdicts: list[Verdict] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows got which verdict."""
        counted = Counter(verdict.verdict for verdict in self.verdicts)
        return {name: counted[name] for name in ("new", "updated", "same", "error")}

    @property
    def writes(self) -> int:
        """How many rows change something."""
        return self.counts["new"] + self.counts["updated"]

    def as_dict(self) -> dict[str, Any]:
        """The outcome for programs."""
        return {
            "kind": self.kind,
            "counts": self.counts,
            "ignored_columns": list(self.ignored_columns),
            "rows": [verdict.as_dict() for verdict in self.verdicts],
        }


def try_import(kind: str, text: str, *, actor: Person, now: datetime) -> Outcome:
    """What importing a text would do; nothing is kept."""
    attempt = db.session.begin_nested()
    try:
        return apply_import(kind, text, actor=actor, now=now)
    finally:
        attempt.rollback()
        db.session.expire_all()


def apply_import(kind: str, text: str, *, actor: Person, now: datetime) -> Outcome:
    """Import a text: good rows go in, bad ones are named and left out."""
    target = KINDS[kind]
    table = _table(text, target)
    verdicts = list(_verdicts(table, target, actor, now))
    return Outcome(
        kind, verdicts, tuple(name for name in table.columns if name not in target.columns and name)
    )


def _table(text: str, target: Target) -> Table:
    try:
        table = read_table(text)
    except UnreadableTableError as error:
        raise DomainError("unreadable_file", unreadable(error.code), field="file") from error
    missing = [name for name in target.needed if name not in table.columns]
    if missing:
        words = _("The file needs these columns: %(names)s.", names=", ".join(missing))
        raise DomainError("column_missing", words, field="file", columns=missing)
    return table


def unreadable(code: str) -> str:
    """Why a file cannot be read, in words."""
    reasons = {
        "too_large": _("This file is larger than 1 MB."),
        "too_many_rows": _("This file has more than 2,000 rows. Please split it."),
        "not_text": _("This is not a text file. Save the spreadsheet as CSV and try again."),
        "not_a_table": _(
            "This file could not be read as a table. Save the spreadsheet as CSV and try again."
        ),
        "empty": _("This file is empty."),
    }
    return reasons[code]


def _verdicts(table: Table, target: Target, actor: Person, now: datetime) -> Iterator[Verdict]:
    lines: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        name = target.name_of(row.cells)
        first = lines.setdefault(_key(row, target), row.line)
        try:
            if first != row.line:
                raise RowProblemError(_("The same as on line %(line)s.", line=first))
            with db.session.begin_nested():
                verdict, changed = _write_row(row, target, actor, now)
        except RowProblemError as error:
            yield Verdict(row.line, name, "error", error.problems)
        except DomainError as error:
            yield Verdict(row.line, name, "error", (error.message,))
        else:
            yield Verdict(row.line, name, verdict, (), changed)


def _key(row: TableRow, target: Target) -> tuple[str, ...]:
    """What a row is found again by; rows without it are each a problem of their own."""
    named = tuple(row.cells.get(column, "").casefold() for column in target.needed)
    return named if all(named) else (*named, str(row.line))


def _write_row(row: TableRow, target: Target, actor: Person, now: datetime) -> tuple[str, tuple[str, ...]]:
    if row.surplus:
        words = _("This row has more cells than the header: %(cells)s.", cells="; ".join(row.surplus))
        raise RowProblemError(words)
    existing = _existing(target.find(row.cells, actor))
    details = target.details(row.cells, existing, actor)
    if existing is None:
        target.add(details, actor=actor, now=now)
        return "new", ()
    changed = target.change(existing, details, version=None, actor=actor, now=now)
    return ("updated", tuple(changed)) if changed else ("same", ())


def _existing(query: sa.Select[Any]) -> Any:
    return db.session.execute(query.limit(1)).unique().scalar_one_or_none()
