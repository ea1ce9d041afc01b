"""Files as they come in with a form and go out as downloads: what views of other slices call."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from flask import Response, request, send_file
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.attachments import queries
from labtracker.attachments.models import Attachment
from labtracker.attachments.rules import MOST_BYTES, MOST_PER_SUBJECT
from labtracker.attachments.services import Upload, Verdict
from labtracker.extensions import db


def files_sent(field: str = "files") -> list[Upload]:
    """The files of a form's field, of which no more are read than are ever kept with one subject.

    An empty field of a browser sends a file without name and content.
    """
    uploads: list[Upload] = []
    for sent in request.files.getlist(field):
        with sent.stream as stream:
            if sent.filename:
                is_read = len(uploads) < MOST_PER_SUBJECT
                # One byte too many is enough to be refused, whatever a file claims.
                uploads.append(Upload(sent.filename, stream.read(MOST_BYTES + 1) if is_read else None))
    return uploads


def download(attachment: Attachment) -> Response:
    """A file that the caller may see, to be saved and never shown: no browser may take it for a page."""
    data = db.session.execute(queries.bytes_of(attachment)).scalar_one()
    response = send_file(
        io.BytesIO(data),
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.name,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def removals(subject_kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    """Who took which file of a subject away, and when: entries of its history."""
    gone = db.session.scalars(queries.removed_from(subject_kind, subject_id)).unique()
    return [
        {
            "at": file.removed_at,
            "text": _("%(name)s was removed", name=file.name),
            "who": file.removed_by.name if file.removed_by else "",
        }
        for file in gone
    ]


def refusals(verdicts: list[Verdict]) -> list[str]:
    """One line for each file that was not kept: its name and why."""
    return [
        _("%(name)s: %(why)s", name=verdict.name, why=verdict.error.message)
        for verdict in verdicts
        if verdict.error is not None
    ]


def summary(verdicts: list[Verdict]) -> str:
    """What became of a batch, in a sentence or two; empty when nothing was kept and nothing was known."""
    new = sum(1 for verdict in verdicts if verdict.attachment is not None and not verdict.was_here)
    known = sum(1 for verdict in verdicts if verdict.was_here)
    said = []
    if new:
        said.append(ngettext("%(num)s file is attached.", "%(num)s files are attached.", new))
    if known:
        said.append(ngettext("%(num)s file was here already.", "%(num)s files were here already.", known))
    return " ".join(said)
