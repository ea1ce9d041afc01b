"""The cast that stands ready is the cast that was built: what objects say, the database says too."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labtracker.changes import current_stamp
from labtracker.extensions import db
from tests.cast import Cast, build_cast
from tests.emptying import empty_tables, written_tables


def columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(row).mapper.column_attrs}


def counts() -> dict[str, int]:
    tables = [db.metadata.tables[name] for name in written_tables(db.metadata)]
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables}


def test_objects_and_rows_say_the_same(cast: Cast) -> None:
    for row in vars(cast).values():
        before = columns(row)
        db.session.refresh(row)
        assert columns(row) == before
    assert cast.tom.memberships[0].organization is cast.college
    assert [skill.code for skill in cast.welding.skills] == ["LOTO", "FILLET"]


def test_no_row_is_missing(cast: Cast) -> None:
    standing, stamp = counts(), current_stamp(db.session)
    db.session.rollback()
    db.session.remove()
    empty_tables(db.engine, db.metadata)
    build_cast()
    db.session.commit()
    assert counts() == standing
    assert current_stamp(db.session) == stamp
