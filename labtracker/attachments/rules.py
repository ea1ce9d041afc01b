"""What a file is by its content, how large it may be, and what it is called. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum

MOST_BYTES = 10 * 1000 * 1000
MOST_PER_SUBJECT = 20
MEGABYTE = 1000 * 1000
# What an organization may attach within a day, and a trainer: three visits with every photo that fits.
MOST_A_DAY = 60
DAY = timedelta(days=1)
LONGEST_SIDE = 2000
# A photo of a good phone has 12 to 50 million pixels; what claims more is no photo of a site.
MOST_PIXELS = 64_000_000
LONGEST_NAME = 120
# A picture is told in ten scans or so, and the notes about it in a hundred pieces at most.
MOST_PIECES = 300


class MediaType(StrEnum):
    """The kinds of content that are read; what is kept is a JPEG, a PNG or a PDF."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


class Unread(StrEnum):
    """Kinds of content that are not read, as far as people can be told what to do instead."""

    EMPTY = "empty"
    HEIC = "heic"
    WEB_PAGE = "web_page"
    OFFICE = "office"
    OTHER = "other"


ENDINGS = {MediaType.JPEG: ".jpg", MediaType.PNG: ".png", MediaType.PDF: ".pdf"}

_BEGINNINGS: tuple[tuple[bytes, MediaType | Unread], ...] = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"%PDF-", MediaType.PDF),
    (b"PK\x03\x04", Unread.OFFICE),
    (b"\xd0\xcf\x11\xe0", Unread.OFFICE),
    (b"{\\rtf", Unread.OFFICE),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_PDF_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_NEVER_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]")


def type_of(data: bytes) -> MediaType | Unread:
    """What the bytes of a file are, whatever it is called and whatever the browser says of it."""
    if not data:
        return Unread.EMPTY
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Unread.HEIC
    start = data[:600].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return Unread.WEB_PAGE if start.startswith(b"<") else Unread.OTHER


def is_laborious_jpeg(data: bytes) -> bool:
    """Whether reading a JPEG would take minutes: its picture, or its notes, come in thousands of pieces.

    Inside a scan these marks never stand, so counting them is enough, and no trick of order hides any.
    """
    return max(data.count(b"\xff\xda"), data.count(b"\xff\xe1")) > MOST_PIECES


def is_whole_pdf(data: bytes) -> bool:
    """Whether a PDF has its head, objects, and an end that says where its table lies inside it.

    A file that was cut off on its way has no such end; what follows the end, as in a file that is two
    things at once, is none of a PDF's either.
    """
    end = _PDF_END.search(data[-2048:].rstrip(b"\x00"))
    is_head = re.match(rb"%PDF-[12]\.\d", data) is not None
    return is_head and end is not None and 0 < int(end.group(1)) < len(data) and b" obj" in data


def kept_name(name: str, ending: str, fallback: str) -> str:
    """A file's name as people gave it, without folders, control signs and tricks, with the true ending.

    ``fallback`` is the name, without ending, of a file that has none worth keeping.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Marks that turn the direction of writing make an ending look like another one.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"})
    plain = " ".join(_NEVER_IN_NAMES.sub(" ", plain).split())
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", plain).strip(". ")
    return f"{stem[: LONGEST_NAME - len(ending)].rstrip('. ') or fallback}{ending}"
