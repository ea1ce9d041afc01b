"""A worker's transcript: every cohort they were in, what came of it, and the certificates; page and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import force_locale, format_decimal
from flask_babel import gettext as _

from labtracker.accounts.provider import provider_name
from labtracker.certificates.facts import Earned, earned_by
from labtracker.certificates.models import Certificate
from labtracker.certificates.queries import certificates_of, enrollments_of_worker, number_of
from labtracker.certificates.rules import CertificateState
from labtracker.certificates.words import STATES, attended_words, plain, skills_words, span_words
from labtracker.completion.rules import CompletionState
from labtracker.completion.words import STATES as COMPLETION_STATES
from labtracker.kit.time import local_day
from labtracker.roster.drawing.paper import Box, Ink, boxed_text, can_draw, fitted_text, new_document
from labtracker.roster.models import Worker
from labtracker.web.display import office_zone
from labtracker.web.language import LOCALES

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres of an upright letter sheet.
LEFT, WIDTH = 18.0, 180.0
TOP, ROW, ROWS = 58.0, 22.0, 9
BRAND: Ink = (14, 90, 79)
INK: Ink = (28, 32, 36)
MUTED: Ink = (84, 91, 100)


@dataclass(frozen=True)
class Line:
    """One cohort of a worker: the course, what was attended, what came of it."""

    earned: Earned
    certificate: Certificate | None

    @property
    def state(self) -> CompletionState:
        """Where the enrollment stands."""
        found = self.earned.completion
        return CompletionState(found.state) if found else CompletionState.IN_PROGRESS

    @property
    def completed_on(self) -> date | None:
        """The day of completion, if it is complete."""
        found = self.earned.completion
        return found.completed_on if found else None

    @property
    def credited_minutes(self) -> int:
        """Credited minutes so far."""
        return self.earned.completion.credited_minutes if self.earned.completion else 0

    @property
    def attended(self) -> str:
        """How much of the course was attended, in words."""
        return attended_words(Decimal(self.credited_minutes), self.earned.cohort.contact_hours)

    @property
    def days(self) -> str:
        """The days of the training, in words."""
        return span_words(self.earned.first_on, self.earned.last_on)

    def skills_in(self, language: str) -> list[str]:
        """The skills signed off so far, with their levels, in the language being spoken."""
        return skills_words(self.earned.skills_shown(), language)

    @property
    def number(self) -> str | None:
        """The certificate's number, if there is one."""
        return number_of(self.certificate) if self.certificate else None


def transcript_of(worker: Worker) -> list[Line]:
    """A worker's cohorts, the latest first."""
    earned = earned_by(enrollments_of_worker(worker.id))
    found = certificates_of([one.enrollment.id for one in earned])
    lines = [Line(one, found.get(one.enrollment.id)) for one in earned]
    return sorted(lines, key=lambda line: (line.earned.last_on, line.earned.enrollment.id), reverse=True)


def total_minutes(lines: list[Line]) -> int:
    """All credited minutes together."""
    return sum(line.credited_minutes for line in lines)


def transcript_pdf(worker: Worker, lines: list[Line], *, language: str, made_at: datetime) -> bytes:
    """The transcript as PDF in a language (``en`` or ``es``)."""
    with force_locale(LOCALES[language]):
        pdf = new_document(title=_("Transcript"), language=language, made_at=made_at)
        pages = [lines[first : first + ROWS] for first in range(0, len(lines), ROWS)] or [[]]
        for number, rows in enumerate(pages):
            pdf.add_page()
            _draw_head(pdf, worker, lines, made_at)
            for place, line in enumerate(rows):
                _draw_line(pdf, line, TOP + place * ROW, language)
            page = _("Page %(number)s of %(all)s", number=number + 1, all=len(pages))
            fitted_text(pdf, page, LEFT, 265, width=WIDTH, size=8, ink=MUTED)
        return bytes(pdf.output())


def _draw_head(pdf: FPDF, worker: Worker, lines: list[Line], made_at: datetime) -> None:
    fitted_text(pdf, provider_name(), LEFT, 14, width=WIDTH, size=11, bold=True, ink=BRAND)
    fitted_text(pdf, _("Transcript"), LEFT, 21, width=WIDTH, size=20, bold=True, ink=INK)
    name = worker.name if can_draw(worker.name) else _("Name: please write it here") + " " + "_" * 30
    boxed_text(pdf, name, Box(LEFT, 33, WIDTH, 8), size=15, bold=True, ink=INK)
    as_of = plain(local_day(made_at, office_zone()))
    hours = format_decimal(round(Decimal(total_minutes(lines)) / 60, 1).normalize())
    said = _("%(hours)s contact hours attended in all. As known on %(day)s.", hours=hours, day=as_of)
    fitted_text(pdf, said, LEFT, 42, width=WIDTH, size=10, ink=MUTED)


def _draw_line(pdf: FPDF, line: Line, y: float, language: str) -> None:
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.15)
    pdf.line(LEFT, y - 3, LEFT + WIDTH, y - 3)
    title = line.earned.cohort.course.title_in(language)
    fitted_text(pdf, title, LEFT, y, width=WIDTH * 0.62, size=12, bold=True, ink=INK)
    fitted_text(pdf, result_words(line), LEFT + WIDTH * 0.65, y, width=WIDTH * 0.35, size=11, ink=INK)
    details = f"{line.days} · {line.attended}"
    fitted_text(pdf, details, LEFT, y + 6.5, width=WIDTH, size=10, ink=MUTED)
    fitted_text(pdf, certificate_words(line), LEFT, y + 11.5, width=WIDTH, size=10, ink=MUTED)
    if skills := line.skills_in(language):
        said = _("Skills shown: %(names)s", names="; ".join(skills))
        fitted_text(pdf, said, LEFT, y + 16.5, width=WIDTH, size=8, ink=MUTED)


def result_words(line: Line) -> str:
    """What came of it, with the day of completion."""
    if line.state is CompletionState.COMPLETE and line.completed_on:
        return _("completed on %(day)s", day=plain(line.completed_on))
    return str(COMPLETION_STATES[line.state])


def certificate_words(line: Line) -> str:
    """The certificate's number and what it is worth; nothing where there is none."""
    if line.certificate is None:
        return ""
    if line.certificate.state is CertificateState.VALID:
        return _("Certificate %(number)s", number=line.number)
    return _(
        "Certificate %(number)s, %(state)s", number=line.number, state=str(STATES[line.certificate.state])
    )
