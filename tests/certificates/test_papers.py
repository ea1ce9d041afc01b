"""Certificates and transcripts on paper: what they say in both languages, and that their code reads back."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf
import pytest
from zxingcpp import read_barcodes

from labtracker.certificates import queries, services
from labtracker.certificates.addresses import check_url
from labtracker.certificates.drawing import certificate_pdf
from labtracker.certificates.models import Certificate
from labtracker.certificates.transcript import ROWS, Line, transcript_of, transcript_pdf
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from tests.cast import Cast
from tests.certificates.builders import completed_cohort, issued
from tests.completion.builders import LATER
from tests.roster.paper import painted

# What a PDF says and shows is the same on either database.
pytestmark = pytest.mark.one_database


@pytest.fixture
def ana(cast: Cast) -> Enrollment:
    return completed_cohort(cast)[1][0]


@pytest.fixture
def one(cast: Cast, ana: Enrollment) -> Certificate:
    return issued(cast, ana)


def reader(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader(document).pages).split())


def test_it_says_who_what_when_and_where_to_check_in_both_languages(one: Certificate) -> None:
    english = text_of(certificate_pdf(one, language="en", made_at=LATER))
    for words in (
        "Sangre Community College",
        "Certificate of completion",
        "Ana Archuleta",
        "Welding basics",
        "24 of 24 contact hours",
        "Lock-out and tag-out",
        queries.number_of(one),
        check_url(one),
    ):
        assert words in english
    spanish = text_of(certificate_pdf(one, language="es", made_at=LATER))
    for words in ("Certificado de terminación", "Soldadura básica", "Bloqueo y etiquetado", "Ana Archuleta"):
        assert words in spanish
    assert "contact hours" not in spanish


def test_it_is_one_page_lying_in_its_language(one: Certificate) -> None:
    paper = reader(certificate_pdf(one, language="es", made_at=LATER))
    (page,) = paper.pages
    assert page.mediabox.width > page.mediabox.height
    assert paper.trailer["/Root"]["/Lang"] == "es"


def test_the_code_drawn_on_it_opens_its_page(one: Certificate) -> None:
    (page,) = painted(certificate_pdf(one, language="en", made_at=LATER))
    (found,) = read_barcodes(page)
    secret = found.text.rpartition("/")[2]
    assert found.text.startswith("HTTP://127.0.0.1:8000/C/")
    assert queries.certificate_with_secret(secret) is one


def test_twenty_skills_stand_on_it_to_the_last(one: Certificate) -> None:
    one.skills = [{"title": f"Skill number {number} of this long course"} for number in range(20)]
    words = text_of(certificate_pdf(one, language="en", made_at=LATER))
    assert "Skill number 19 of this long course" in words
    assert "…" not in words
    db.session.rollback()


@pytest.mark.parametrize(
    "name", ["Li", "W" * 80 + " " + "M" * 80, "Мария Kovács-Nuñez", "李 小龍", "محمد", "🦊 Fox"]
)
def test_any_name_fits_or_leaves_a_line_for_the_pen(one: Certificate, name: str) -> None:
    one.name = name
    words = text_of(certificate_pdf(one, language="en", made_at=LATER))
    drawable = name[0] in "LWМ"
    assert ("please write it here" in words) is not drawable
    assert name.replace(" ", "") in words.replace(" ", "") or not drawable
    db.session.rollback()


def test_a_transcript_names_every_course_and_what_became_of_its_certificate(
    cast: Cast, ana: Enrollment, one: Certificate
) -> None:
    (line,) = transcript_of(ana.worker)
    english = text_of(transcript_pdf(ana.worker, [line], language="en", made_at=LATER))
    for words in ("Transcript", "Ana Archuleta", "Welding basics", "completed on", queries.number_of(one)):
        assert words in english
    services.revoke_certificate(one, reason="x", actor=cast.cora, now=LATER + timedelta(days=1))
    spanish = text_of(transcript_pdf(ana.worker, transcript_of(ana.worker), language="es", made_at=LATER))
    for words in ("Soldadura básica", "revocado"):
        assert words in spanish


def test_a_long_transcript_goes_on_with_the_name_on_every_page(ana: Enrollment) -> None:
    (line,) = transcript_of(ana.worker)
    many: list[Line] = [line] * (ROWS + 1)
    paper = reader(transcript_pdf(ana.worker, many, language="en", made_at=LATER))
    assert ["Ana Archuleta" in page.extract_text() for page in paper.pages] == [True, True]
    assert len(reader(transcript_pdf(ana.worker, [], language="en", made_at=LATER)).pages) == 1
