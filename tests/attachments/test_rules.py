"""What a file is and what it is called, whatever its name and its sender say."""

from __future__ import annotations

import pytest

from labtracker.attachments.rules import LONGEST_NAME, MediaType, Unread, is_whole_pdf, kept_name, type_of
from tests.attachments.files import HEIC, HTML, PDF, SVG, picture


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), MediaType.JPEG),
        (picture("PNG"), MediaType.PNG),
        (picture("WEBP"), MediaType.WEBP),
        (PDF, MediaType.PDF),
        (b"", Unread.EMPTY),
        (HEIC, Unread.HEIC),
        (SVG, Unread.WEB_PAGE),
        (b"\xef\xbb\xbf  \n" + HTML, Unread.WEB_PAGE),
        (b"PK\x03\x04 a workbook", Unread.OFFICE),
        (picture("GIF"), Unread.OTHER),
        (picture("BMP"), Unread.OTHER),
        (picture("AVIF"), Unread.OTHER),
        (b"MZ\x90", Unread.OTHER),
        (b" " + PDF, Unread.OTHER),
    ],
)
def test_content_says_what_a_file_is(data: bytes, kind: MediaType | Unread) -> None:
    assert type_of(data) is kind


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (PDF, True),
        (PDF.rstrip(), True),
        (PDF + b"\r\n\x00", True),
        (PDF[:-20], False),
        (PDF.replace(b"101", b"9999999"), False),
        (PDF.replace(b" obj", b" Obj"), False),
        (b"%PDF-" + HTML, False),
        (PDF + HTML, False),
    ],
)
def test_a_pdf_is_whole_or_it_is_none(data: bytes, whole: bool) -> None:
    assert is_whole_pdf(data) is whole


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Gate 3.JPEG", "Gate 3.jpg"),
        ("C:\\Users\\emil\\Pictures\\IMG_1.png", "IMG_1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("página año 鋼.webp", "página año 鋼.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.jpg"),
        ('a"b\r\nSet-Cookie: x.jpg', "a b Set-Cookie x.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("...", "photo.jpg"),
        ("", "photo.jpg"),
        ("plan.v2.final.html", "plan.v2.final.jpg"),
    ],
)
def test_names_are_kept_for_people_and_for_nothing_else(given: str, kept: str) -> None:
    assert kept_name(given, ".jpg", "photo") == kept


def test_a_name_stays_short() -> None:
    assert len(kept_name("鋼" * 500 + ".jpg", ".jpg", "photo")) == LONGEST_NAME
