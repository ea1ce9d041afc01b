"""A worker's transcript, as a page and on paper."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.certificates import queries
from labtracker.certificates.addresses import written_secret
from labtracker.certificates.transcript import (
    certificate_words,
    result_words,
    total_minutes,
    transcript_of,
    transcript_pdf,
)
from labtracker.certificates.views.blueprint import as_pdf, blueprint
from labtracker.kit.time import utc_now
from labtracker.roster.models import Worker
from labtracker.web.edge import load
from labtracker.web.language import LANGUAGES, language

READERS = (Role.COORDINATOR, Role.EMPLOYER)


@blueprint.get("/workers/<uuid:worker_id>/transcript")
@roles(*READERS)
def transcript(worker_id: UUID) -> str:
    """Everything a worker was trained in, with hours, results and certificates."""
    worker = _worker(worker_id)
    lines = transcript_of(worker)
    return render_template(
        "certificates/transcript.html",
        worker=worker,
        lines=lines,
        results={line.earned.enrollment.id: result_words(line) for line in lines},
        papers={
            line.earned.enrollment.id: (certificate_words(line), written_secret(line.certificate))
            for line in lines
            if line.certificate
        },
        total=total_minutes(lines),
    )


@blueprint.get("/workers/<uuid:worker_id>/transcript.pdf")
@roles(*READERS)
def transcript_paper(worker_id: UUID) -> ResponseReturnValue:
    """A worker's transcript as PDF."""
    worker = _worker(worker_id)
    wish = request.args.get("language")
    spoken = wish if wish in LANGUAGES else language()
    document = transcript_pdf(worker, transcript_of(worker), language=spoken, made_at=utc_now())
    return as_pdf(document, "transcript")


def _worker(worker_id: UUID) -> Worker:
    return load(queries.workers_told_of_to(current_actor()).where(Worker.id == worker_id))
