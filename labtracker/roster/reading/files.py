"""From the bytes of any file to sheets, or to the reason why it is no roster."""

from __future__ import annotations

from labtracker.roster.reading.delimited import read_delimited
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import MAX_FILE_BYTES, Sheet
from labtracker.roster.reading.workbook import read_workbook

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x89PNG", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"{\\rtf", "other_office"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
)


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a file, whatever it is called. Raises RosterFileError."""
    if len(data) > MAX_FILE_BYTES:
        raise RosterFileError("too_big")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise RosterFileError("empty")
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return read_workbook(data)
    kind = _kind_of(data)
    if kind is not None:
        raise RosterFileError(kind)
    return [read_delimited(data)]


def _kind_of(data: bytes) -> str | None:
    for beginning, kind in _BEGINNINGS:
        # Two letters alone may begin a text; a bitmap says its own length right after them.
        if beginning == b"BM" and int.from_bytes(data[2:6], "little") != len(data):
            continue
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "picture"
    if data[4:8] == b"ftyp":
        return "picture"
    start = data[:600].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<svg", b"<head", b"<meta")):
        return "web_page"
    return None
