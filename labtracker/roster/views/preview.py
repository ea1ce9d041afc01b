"""What the page of an import shows: rows with their verdicts, what has to be settled, what taking does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _

from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.roster import queries, services
from labtracker.roster.models import RosterImport, Worker
from labtracker.roster.reading.cells import FORMULA
from labtracker.roster.reading.dates import read_date
from labtracker.roster.reading.headings import FIELDS, NAME_FIELDS
from labtracker.roster.reading.messages import FIELD_WORDS, notice_message
from labtracker.roster.reading.table import letter_of
from labtracker.roster.reading.verdicts import Assessed, counted
from labtracker.roster.rules.importing import is_under_way
from labtracker.roster.rules.majority import Majority, majority_of
from labtracker.roster.rules.matching import Verdict
from labtracker.roster.views.blueprint import today_at
from labtracker.scheduling.models import Cohort
from labtracker.web.filters import Choice
from labtracker.web.pagination import page_of_rows, url_with

PER_PAGE = 50
# From so many rows to correct on, what is wrong is also said once for all of them.
MANY = 5
# What wants somebody comes before what goes in by itself.
_FIRST = {"review": 0, "error": 1, "ready": 2}


def page_of_import(
    staged: RosterImport,
    *,
    refusal: str = "",
    fields: Mapping[int, str] | None = None,
    refused: Sequence[tuple[int, str]] = (),
) -> str:
    """The page of an upload, or of how far its rows have come that go in just now.

    With a ``refusal``: the columns as they were chosen and why they cannot be so. ``refused`` names row and
    field of what was typed and could not be kept.
    """
    cohort = staged.cohort
    steps = queries.applications_of(staged)
    if steps and is_under_way(steps[0].asked_at, steps[0].done_at, utc_now()):
        return render_template("roster/going_in.html", staged=staged, cohort=cohort, step=steps[0])
    rows = services.waiting_rows(staged, today=today_at(cohort))
    show = request.args.get("show", "")
    shown = [row for row in rows if not show or group_of(row) == show]
    shown.sort(key=lambda row: (_FIRST[group_of(row)], row.number))
    page = page_of_rows(shown, PER_PAGE)
    chosen = fields or {int(place): field for place, field in staged.columns["fields"].items()}
    return render_template(
        "roster/preview.html",
        staged=staged,
        cohort=cohort,
        counts=counted(rows),
        page=page,
        steps=steps,
        is_open=cohort.closed_out_at is None and cohort.cancelled_at is None,
        filters=_filters(rows, show),
        known=_known_names(page.rows),
        written=_names_as_written(staged),
        texts=_texts_to_correct(staged, page.rows),
        corrected={row["row"] for row in staged.rows if row.get("typed")},
        refused=set(refused),
        notices=[_worded(notice) for notice in staged.notices],
        faults=_faults(rows),
        columns=_columns(staged, chosen),
        field_labels=FIELD_WORDS,
        refusal=refusal,
        two_readings=_date_of_two_readings(staged, rows),
        has_names=any(field in NAME_FIELDS for field in staged.columns["fields"].values()),
        taken_rows=sum("cells" not in row for row in staged.rows),
        majority=_majority(staged, rows),
        **_seats(cohort, rows),
    )


def group_of(row: Assessed) -> str:
    """Whether a row is ``ready``, wants a look (``review``) or has to be corrected (``error``)."""
    return "ready" if row.is_ready else str(row.verdict)


def _seats(cohort: Cohort, rows: Sequence[Assessed]) -> dict[str, Any]:
    """What becomes of the seats when the ready rows go in, and whether they change anything at all."""
    elsewhere = queries.enrolled_in_sisters(cohort)
    settled = queries.enrolled_worker_ids(cohort) | elsewhere.keys()
    ready = [row for row in rows if row.is_ready and not row.is_repeat]
    coming = sum(row.person not in settled for row in ready)
    after = queries.enrolled_count(cohort) + coming
    free = [
        (sister, sister.seats - queries.enrolled_count(sister)) for sister in queries.open_sisters(cohort)
    ]
    return {
        "elsewhere": elsewhere,
        "seats_after": after,
        "seats_free": [(sister, seats) for sister, seats in free if seats > 0],
        "nothing_new": not coming and all(row.verdict is Verdict.SAME for row in ready),
    }


def _filters(rows: Sequence[Assessed], show: str) -> list[Choice]:
    choices = (
        ("", _("All rows")),
        ("ready", _("Ready")),
        ("review", _("To look at")),
        ("error", _("To correct")),
    )
    sizes = Counter(map(group_of, rows)) + Counter({"": len(rows)})
    return [
        Choice(f"{label} · {sizes[key]}", url_with(show=key or None, page=None), key == show)
        for key, label in choices
        if sizes[key] or not key
    ]


def _known_names(rows: Sequence[Assessed]) -> dict[str, Worker]:
    ids = {candidate for row in rows for candidate in row.candidates}
    found = db.session.scalars(sa.select(Worker).where(Worker.id.in_(ids)))
    return {str(worker.id): worker for worker in found}


def _texts_to_correct(staged: RosterImport, rows: Sequence[Assessed]) -> dict[int, dict[str, str]]:
    """For each of these rows that does not simply go in what stands in it, ready to be typed anew."""
    wanted = {row.number for row in rows if row.verdict in (Verdict.REVIEW, Verdict.ERROR)}
    return {
        row["row"]: services.texts_of(staged, row)
        for row in staged.rows
        if "cells" in row and (row["row"] in wanted or row.get("typed"))
    }


def _names_as_written(staged: RosterImport) -> dict[int, str]:
    """For each row what stands in its columns of names, so that one that cannot be read can be found."""
    places = [int(place) for place, field in staged.columns["fields"].items() if "name" in field]
    return {
        row["row"]: " ".join(
            cell
            for place, cell in enumerate(row["cells"])
            if place in places and cell.strip() and cell != FORMULA
        )[:80]
        for row in staged.rows
        if "cells" in row
    }


def _faults(rows: Sequence[Assessed]) -> list[tuple[int, dict[str, Any]]]:
    """How often each thing is wrong among the rows to correct, the most frequent first."""
    wrong = [row for row in rows if row.verdict is Verdict.ERROR]
    if len(wrong) < MANY:
        return []
    found = [message for row in wrong for message in row.messages()]
    sizes = Counter((message["column"], message["message"]) for message in found)
    return [
        (size, {"column": column, "message": message}) for (column, message), size in sizes.most_common(8)
    ]


def _worded(notice: Mapping[str, Any]) -> str:
    return notice_message(notice["code"], **{key: value for key, value in notice.items() if key != "code"})


def _columns(staged: RosterImport, chosen: Mapping[int, str]) -> list[dict[str, Any]]:
    dropped = set(staged.columns["dropped"])
    examples = [row["cells"] for row in staged.rows if "cells" in row][:30]
    return [
        {
            "place": place,
            "label": heading or letter_of(place),
            "field": chosen.get(place, ""),
            "example": next((cells[place] for cells in examples if place < len(cells) and cells[place]), ""),
            "choices": FIELDS,
        }
        for place, heading in enumerate(staged.columns["headings"])
        if place not in dropped
        and (heading or any(place < len(cells) and cells[place] for cells in examples))
    ]


def _date_of_two_readings(
    staged: RosterImport, rows: Sequence[Assessed]
) -> tuple[str, tuple[date, date]] | None:
    """A hire date of the file that can be read in two ways: as written, and with month or day first."""
    unsure = {row.number for row in rows if any(p["code"] == "date_ambiguous" for p in row.problems)}
    for row in staged.rows:
        if row["row"] in unsure:
            text = services.texts_of(staged, row)["hired_on"]
            either = read_date(text, today=today_at(staged.cohort)).either
            if either is not None:
                return text, either
    return None


def _majority(staged: RosterImport, rows: Sequence[Assessed]) -> Majority | None:
    """The six-month test as it would be with the ready rows on the roster; none while no row is ready."""
    if not any(row.is_ready for row in rows):
        return None
    cohort = staged.cohort
    first = queries.first_session(cohort)
    on = local_day(first.starts_at, cohort.worksite.zone) if first else today_at(cohort)
    hired: dict[UUID | int, Any] = {
        row.worker_id: row.worker.hired_on for row in queries.enrolled_of_employer(cohort, staged.employer_id)
    }
    elsewhere = queries.enrolled_in_sisters(cohort)
    for row in rows:
        if row.is_ready and not row.is_repeat and row.person not in elsewhere:
            key = row.person or row.number
            hired[key] = row.values.get("hired_on") or hired.get(key)
    return majority_of(hired.values(), on)
