"""A certificate on paper: letter paper lying, one page, with the code that opens its public page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _

from labtracker.certificates.addresses import check_url
from labtracker.certificates.models import Certificate
from labtracker.certificates.queries import number_of
from labtracker.certificates.words import hours_words, plain, skills_words, span_words
from labtracker.kit.time import local_day
from labtracker.roster.drawing.paper import (
    LETTER_LYING,
    Box,
    Ink,
    boxed_text,
    can_draw,
    fitted_text,
    new_document,
    place_qr,
)
from labtracker.web.display import office_zone
from labtracker.web.language import LOCALES

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres of a sheet of 279.4 by 215.9, and the house's colours for light paper.
LEFT, WIDTH = 30.0, 225.0
BAR = 9.0
QR_SIZE, QR_LEFT, QR_TOP = 38.0, 217.0, 152.0
FACTS_TOP, FACT_WIDTH = 138.0, 58.0
REMARKS = Box(LEFT, 171.0, QR_LEFT - LEFT - 8, 21.0)
BRAND: Ink = (14, 90, 79)
INK: Ink = (28, 32, 36)
MUTED: Ink = (84, 91, 100)


@dataclass(frozen=True)
class CertificateWords:
    """Everything that is written on one certificate, in one language."""

    title: str
    opening: str
    name: str
    write_name: str
    verb: str
    course: str
    award: str
    remarks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    provider: str
    check: str
    url: str


def certificate_pdf(certificate: Certificate, *, language: str, made_at: datetime) -> bytes:
    """The PDF of a certificate in a language (``en`` or ``es``).

    A name that the font cannot draw leaves a line for writing it by hand.
    """
    return certificates_pdf([(certificate, language)], made_at=made_at)


def certificates_pdf(papers: Sequence[tuple[Certificate, str]], *, made_at: datetime) -> bytes:
    """Several certificates, a page for each in its language, in one PDF to print."""
    pages = [words_on(certificate, language) for certificate, language in papers]
    pdf = new_document(title=pages[0].title, language=papers[0][1], made_at=made_at, paper=LETTER_LYING)
    for words in pages:
        pdf.add_page()
        _draw_page(pdf, words)
    return bytes(pdf.output())


def _draw_page(pdf: FPDF, words: CertificateWords) -> None:
    _draw_frame(pdf)
    fitted_text(pdf, words.provider, LEFT, 22, width=WIDTH, size=15, bold=True, ink=BRAND)
    fitted_text(pdf, words.title, LEFT, 36, width=WIDTH, size=32, bold=True, ink=INK)
    fitted_text(pdf, words.opening, LEFT, 60, width=WIDTH, size=13, ink=MUTED)
    _draw_name(pdf, words)
    fitted_text(pdf, words.verb, LEFT, 94, width=WIDTH, size=13, ink=MUTED)
    lines = fitted_text(pdf, words.course, LEFT, 102, width=WIDTH, size=22, lines=2, bold=True, ink=INK)
    fitted_text(pdf, words.award, LEFT, 103 + lines * 9.5, width=WIDTH, size=13, ink=INK)
    _draw_facts(pdf, words.facts)
    _draw_remarks(pdf, words.remarks)
    place_qr(pdf, words.url.upper(), QR_LEFT, QR_TOP, QR_SIZE)
    fitted_text(pdf, words.check, LEFT, 194, width=WIDTH, size=9, ink=MUTED)
    fitted_text(pdf, words.url, LEFT, 199, width=WIDTH, size=9, ink=MUTED)


def words_on(certificate: Certificate, language: str) -> CertificateWords:
    """What is written on a certificate, in a language."""
    with force_locale(LOCALES[language]):
        return _words(certificate, language)


def _words(certificate: Certificate, language: str) -> CertificateWords:
    issued_on = local_day(certificate.issued_at, office_zone())
    skills = skills_words(certificate.skills, language)
    remarks = []
    if certificate.attendance_only:
        remarks.append(_("Awarded for attendance alone: no assessment and no skills were asked for."))
    if skills:
        remarks.append(_("Skills shown: %(names)s", names="; ".join(skills)))
    return CertificateWords(
        title=_("Certificate of completion"),
        opening=_("This certifies that"),
        name=certificate.name,
        write_name=_("Name: please write it here"),
        verb=_("has completed the course"),
        course=certificate.title_in(language),
        award=certificate.award or "",
        remarks=tuple(remarks),
        facts=(
            (_("Attended"), hours_words(certificate)),
            (_("Training"), span_words(certificate.first_on, certificate.last_on)),
            (_("Completed on"), plain(certificate.completed_on)),
            (_("Issued"), plain(issued_on)),
            (_("Number"), number_of(certificate)),
        ),
        provider=certificate.provider,
        check=_("Whether this certificate is still valid stands at the address in the code:"),
        url=check_url(certificate),
    )


def _draw_frame(pdf: FPDF) -> None:
    pdf.set_fill_color(*BRAND)
    pdf.rect(0, 0, BAR, pdf.h, style="F")
    pdf.set_draw_color(*BRAND)
    pdf.set_line_width(0.4)
    pdf.line(LEFT, FACTS_TOP - 6, LEFT + WIDTH, FACTS_TOP - 6)


def _draw_name(pdf: FPDF, words: CertificateWords) -> None:
    if can_draw(words.name):
        boxed_text(pdf, words.name, Box(LEFT, 69, WIDTH, 23), size=38, bold=True, ink=BRAND)
        return
    pdf.set_draw_color(*INK)
    pdf.set_line_width(0.3)
    pdf.line(LEFT, 84, LEFT + WIDTH * 0.7, 84)
    fitted_text(pdf, words.write_name, LEFT, 85, width=WIDTH, size=9, ink=MUTED)


def _draw_remarks(pdf: FPDF, remarks: tuple[str, ...]) -> None:
    """Skills above all: of a long course they are many, and each counts."""
    top = REMARKS.y
    for number, remark in enumerate(remarks):
        share = (REMARKS.y + REMARKS.height - top) / (len(remarks) - number)
        top += 1 + boxed_text(pdf, remark, Box(REMARKS.x, top, REMARKS.width, share), size=10, ink=INK)


def _draw_facts(pdf: FPDF, facts: tuple[tuple[str, str], ...]) -> None:
    for number, (label, value) in enumerate(facts):
        x = LEFT + (number % 3) * (FACT_WIDTH + 4)
        y = FACTS_TOP + (number // 3) * 16
        fitted_text(pdf, label, x, y, width=FACT_WIDTH, size=9, ink=MUTED)
        fitted_text(pdf, value, x, y + 4.5, width=FACT_WIDTH, size=12, bold=True, ink=INK)
