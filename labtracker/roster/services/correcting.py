"""Rows of an import corrected where they are shown: what is typed stands in place of the file's cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.extensions import db
from labtracker.kit.ssn import looks_like_ssn
from labtracker.roster.models import RosterImport
from labtracker.roster.reading import cells
from labtracker.roster.reading.headings import FIELDS, NAME_FIELDS
from labtracker.roster.reading.sheets import MAX_CELL
from labtracker.roster.services.enrolling import refuse_if_closed
from labtracker.roster.services.locking import hold_import

# What a row may say besides a name, also where the file has no column for it.
ALWAYS = ("email", "phone", "employee_number", "hired_on", "job_title", "language")


@dataclass
class Corrections:
    """What became of what was typed: rows that are other than before, and what could not be kept.

    ``refused`` names row and field of everything that looks like a Social Security number.
    """

    rows: set[int] = field(default_factory=set)
    refused: list[tuple[int, str]] = field(default_factory=list)


def correctable_fields(staged: RosterImport) -> list[str]:
    """The fields of a row that can be typed anew: those of the file's columns, and what else a worker has."""
    known = {name for name in staged.columns["fields"].values() if name in FIELDS}
    names = known if known.intersection(NAME_FIELDS) else known | {"given_name", "family_name"}
    return [name for name in FIELDS if name in names or name in ALWAYS]


def texts_of(staged: RosterImport, row: Mapping[str, Any]) -> dict[str, str]:
    """What a row says in each field that can be corrected: as it was typed, or else as the file has it."""
    return dict.fromkeys(correctable_fields(staged), "") | _file_texts(staged, row) | row.get("typed", {})


def correct_rows(
    staged: RosterImport,
    *,
    typed: Mapping[int, Mapping[str, str]],
    decisions: Mapping[int, str],
    actor: Person,
    now: datetime,
) -> Corrections:
    """Keep what was typed in place of cells, and what was decided, for rows that wait.

    Whatever looks like a Social Security number is not kept, and the cell stays as it was. Text that is the
    file's own again takes a correction back; an empty decision takes a decision back.
    """
    cohort, _employer = hold_import(staged, now)
    refuse_if_closed(cohort)
    done = Corrections()
    open_fields = set(correctable_fields(staged))
    rows = []
    for row in staged.rows:
        if "cells" in row:
            fields = {name: text for name, text in typed.get(row["row"], {}).items() if name in open_fields}
            row = _corrected(staged, row, fields, done)
            row = _decided(row, decisions.get(row["row"]))
        rows.append(row)
    staged.rows = rows
    db.session.flush()
    if done.rows:
        record_audit(actor, "roster_corrected", "roster_import", staged.id, now, rows=len(done.rows))
    return done


def _corrected(
    staged: RosterImport, row: dict[str, Any], fields: Mapping[str, str], done: Corrections
) -> dict[str, Any]:
    from_file, before = _file_texts(staged, row), texts_of(staged, row)
    said = dict(row.get("typed", {}))
    for name, text in fields.items():
        text = _one_line(text)
        if text == _one_line(before[name]):
            continue
        if looks_like_ssn(text):
            done.refused.append((row["row"], name))
        elif text == _one_line(from_file.get(name, "")):
            said.pop(name, None)
            done.rows.add(row["row"])
        else:
            said[name] = text
            done.rows.add(row["row"])
    kept = {key: value for key, value in row.items() if key != "typed"}
    return {**kept, "typed": said} if said else kept


def _decided(row: dict[str, Any], decision: str | None) -> dict[str, Any]:
    if decision is None:
        return row
    kept = {key: value for key, value in row.items() if key != "decision"}
    return {**kept, "decision": decision[:40]} if decision else kept


def _file_texts(staged: RosterImport, row: Mapping[str, Any]) -> dict[str, str]:
    own = row["cells"]
    places = {int(place): name for place, name in staged.columns["fields"].items() if name in FIELDS}
    return {
        name: "" if own[place] == cells.FORMULA else own[place]
        for place, name in places.items()
        if place < len(own)
    }


def _one_line(text: str) -> str:
    # What a browser sends of a cell of several lines comes back in one.
    return " ".join(text.replace(cells.FORMULA, "").split())[:MAX_CELL]
