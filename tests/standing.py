"""The cast, standing ready: built once for a database, and back for each test at a small part of the cost."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import sqlalchemy as sa

from labtracker.changes import Counter
from labtracker.extensions import db
from tests.cast import Cast, build_cast
from tests.emptying import empty_tables, run_all, written_tables

# How each database writes a value as it would stand in a statement.
LITERALS = {"sqlite": 'quote("{}")', "postgresql": 'quote_nullable("{}"::text)'}


@dataclass(frozen=True)
class Standing:
    """What building the cast had written, as statements, and the cast as its builder gave it."""

    statements: tuple[str, ...]
    people: bytes

    def enter(self) -> Cast:
        """The cast in the database session, its rows committed: just as after building it."""
        with db.engine.begin() as connection:
            run_all(connection, self.statements)
        cast: Cast = pickle.loads(self.people)
        db.session.add_all(vars(cast).values())
        return cast


def stand_ready() -> Standing:
    """Build the cast in an empty database, remember all that was written, and empty it again."""
    cast = build_cast()
    db.session.commit()
    tables = [db.metadata.tables[name] for name in written_tables(db.metadata)]
    with db.engine.connect() as connection:
        statements = tuple(filter(None, (_insert(connection, table) for table in tables)))
    people = pickle.dumps(cast)
    db.session.remove()
    empty_tables(db.engine, db.metadata)
    return Standing(statements, people)


def _insert(connection: sa.Connection, table: sa.Table) -> str:
    """What writes a table's rows again, asking the clock where the model does; empty without rows."""
    literal = LITERALS[connection.dialect.name]
    names = [column.name for column in table.columns]
    values = [
        "'CURRENT_TIMESTAMP'" if _is_clock(column) else literal.format(column.name)
        for column in table.columns
    ]
    found = connection.exec_driver_sql(f'SELECT {", ".join(values)} FROM "{table.name}"').all()
    rows = ", ".join(f"({', '.join(row)})" for row in found)
    columns = ", ".join(f'"{name}"' for name in names)
    # Who was there before the cast has counted already.
    further = " ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value"
    also = further if table is Counter.__table__ else ""
    return f'INSERT INTO "{table.name}" ({columns}) VALUES {rows}{also}' if rows else ""


def _is_clock(column: sa.Column[object]) -> bool:
    return bool(column.default and column.default.is_clause_element)
