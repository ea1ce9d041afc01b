"""Any file becomes sheets, or a reason in words; none of them hurts the server."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
import zipfile
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

import openpyxl
import pytest

from labtracker.roster.reading import workbook
from labtracker.roster.reading.cells import FORMULA
from labtracker.roster.reading.delimited import read_delimited, read_text
from labtracker.roster.reading.files import read_sheets
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import MAX_FILE_BYTES, MAX_ROWS


def book(rows: list[list[object]], **sheets: list[list[object]]) -> bytes:
    """A workbook with a first sheet of these rows and more sheets by name."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for name, others in sheets.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def packed(**parts: bytes) -> bytes:
    """A zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "picture"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 30, "picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        (b"%PDF-1.4 \xe2\xe3", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "old_excel"),
        (b"{\\rtf1\\ansi Name}", "other_office"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 30, "archive"),
        (b"<!DOCTYPE html><table><tr><td>Name</td></tr></table>", "web_page"),
        (b"<?xml version='1.0'?><Workbook/>", "web_page"),
        (bytes(range(256)) * 8, "not_text"),
        (packed(**{"roster.csv": b"Name\nAna Vigil\n"}), "archive"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other_office"),
        (packed(**{"[Content_Types].xml": b"", "word/document.xml": b""}), "other_office"),
        (packed(**{"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<y"}), "damaged"),
        (b"PK\x03\x04 and then nothing of the kind", "damaged"),
        (b"x" * (MAX_FILE_BYTES + 1), "too_big"),
    ],
)
def test_what_is_no_sheet_says_what_it_is(data: bytes, code: str) -> None:
    with pytest.raises(RosterFileError) as refusal:
        read_sheets(data)
    assert refusal.value.code == code
    assert len(refusal.value.message) > 15


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(workbook.subprocess, "run", lambda *a, **k: started.append(a))
    parts = {"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}
    for bomb in (
        packed(**parts, **{"xl/worksheets/sheet1.xml": b"0" * (60 * 1024 * 1024)}),
        packed(**parts, **{"xl/sharedStrings.xml": b"0" * (3 * 1024 * 1024)}),
        packed(**parts, **{f"xl/media/{number}": b"" for number in range(1_001)}),
    ):
        with pytest.raises(RosterFileError) as refusal:
            read_sheets(bomb)
        assert refusal.value.code == "bomb"
    assert started == []


def test_the_process_that_opens_workbooks_dies_at_its_memory_limit() -> None:
    process = str(Path(workbook.__file__).with_name("workbook_process.py"))
    program = (
        f"import runpy; runpy.run_path({process!r})['limit_this_process']()\n"
        "try:\n    bytearray(900 * 1024 * 1024)\nexcept MemoryError:\n    print('stopped')"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "stopped"


def test_entities_in_a_workbook_do_not_expand() -> None:
    good = zipfile.ZipFile(io.BytesIO(book([["Name"], ["Ana Vigil"]])))
    parts = {name: good.read(name) for name in good.namelist()}
    entities = ['<!ENTITY a "aaaaaaaaaa">']
    for level in range(9):
        inner = f"&{chr(97 + level)};" * 10
        entities.append(f'<!ENTITY {chr(98 + level)} "{inner}">')
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("Ana Vigil", "&j;")
    parts["xl/worksheets/sheet1.xml"] = f"<!DOCTYPE w [{''.join(entities)}]>{sheet}".encode()
    with pytest.raises(RosterFileError) as refusal:
        read_sheets(packed(**parts))
    assert refusal.value.code in ("damaged", "too_slow")


def test_a_workbook_names_no_file_of_the_server() -> None:
    good = zipfile.ZipFile(io.BytesIO(book([["Name"], ["Ana Vigil"]])))
    parts = {name: good.read(name) for name in good.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("Ana Vigil", "&own;")
    outside = f'<!DOCTYPE w [<!ENTITY own SYSTEM "{Path(__file__).as_uri()}">]>'
    parts["xl/worksheets/sheet1.xml"] = (outside + sheet).encode()
    with pytest.raises(RosterFileError) as refusal:
        read_sheets(packed(**parts))
    assert refusal.value.code == "damaged"


def test_a_workbook_slower_than_the_limit_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SECONDS", 0.01)
    with pytest.raises(RosterFileError) as refusal:
        read_sheets(book([["Name"], ["Ana Vigil"]]))
    assert refusal.value.code == "too_slow"


def test_cells_of_a_workbook_become_what_a_person_reads() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["=A2&B2", 7195550100, 12.0, 0.5, True, "text", "=1+1"])
    sheet["C1"].number_format = "00000"
    target = io.BytesIO()
    made.save(target)
    (only,) = read_sheets(target.getvalue())
    assert only.lines[0].cells == [FORMULA, "7195550100", "00012", "0.5", "TRUE", "text", FORMULA]


def test_blank_rows_keep_the_numbers_of_the_others() -> None:
    (only,) = read_sheets(book([["Name"], [], [None, ""], ["Ana Vigil"]]))
    assert [line.number for line in only.lines] == [1, 4]
    sheet = read_delimited(b"Name\n\n , \nAna Vigil\n")
    assert [line.number for line in sheet.lines] == [1, 4]


@pytest.mark.slow
def test_a_million_empty_rows_are_passed_over() -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    sheet.append(["Name"])
    sheet.append(["Ana Vigil"])
    for _ in range(60_000):
        sheet.append([])
    sheet.append(["far below"])
    target = io.BytesIO()
    made.save(target)
    (only,) = read_sheets(target.getvalue())
    assert [line.number for line in only.lines] == [1, 2]


def test_rows_without_anything_in_them_are_never_held_together() -> None:
    data = b"Name,Email\nAna Vigil,\n" + b",\n" * 300_000 + b"Bo Li,\n"
    tracemalloc.start()
    try:
        (only,) = read_sheets(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [line.number for line in only.lines] == [1, 2, 300_003]
    # As lists they took sixty times as much as the file.
    assert peak < 20 * len(data)


def test_more_text_than_any_roster_has_is_refused_before_it_is_kept() -> None:
    other = [sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(7_000)]
    for data in (
        # The workbook keeps this text once; who reads it would keep it seven thousand times.
        book([["Name", "Notes"], *([name, "x" * 2_000] for name in other)]),
        b"Name,Email\n" + b"x," * 250_000,
        b"Name,Email\n" + (b"x" + b"," * 190 + b"\n") * 6_000,
    ):
        with pytest.raises(RosterFileError) as refusal:
            read_sheets(data)
        assert refusal.value.code == "too_much_text"


def test_too_many_rows_and_columns_are_said() -> None:
    for data, code in (
        (b"Name\n" + b"Ana Vigil\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"Name" + b",x" * 300 + b"\n", "too_many_columns"),
        (book([["Name"], ["x"] * 250]), "too_many_columns"),
    ):
        with pytest.raises(RosterFileError) as refusal:
            read_sheets(data)
        assert refusal.value.code == code


TEXT = "Apellidos;Nombre\nPeña Ríos;María José\nZúñiga;Óscar\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp850"],
)
def test_every_usual_encoding_is_understood(encoding: str) -> None:
    sheet = read_delimited(TEXT.encode(encoding))
    assert [line.cells for line in sheet.lines] == [row.split(";") for row in TEXT.splitlines()]


def test_other_scripts_in_old_encodings_are_understood() -> None:
    text = "Name,Phone\n" + "Ольга Иванова,7195550100\nПётр Кузнецов,7195550101\n" * 5
    assert read_delimited(text.encode("cp1251")).lines[1].cells[0] == "Ольга Иванова"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_delimiter_and_line_end_is_understood(delimiter: str, end: str) -> None:
    rows = [["Name", "Mail"], ["Ana Vigil", "ana@x.example"], ["Bo, Lee; | \t\n Jr", "bo@x.example"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert [line.cells for line in read_text(text).lines] == rows


def test_quotes_inside_quotes_and_quotes_that_never_end() -> None:
    assert read_text('Name,Title\n"Ana ""La Jefa"" Vigil",x\n').lines[1].cells[0] == 'Ana "La Jefa" Vigil'
    endless = 'Name,Title\n"Ana Vigil,x\n' + "Bo Lee,y\n" * 12
    assert len(read_text(endless).lines) == 14


def test_a_declared_delimiter_and_zeros_kept_by_a_formula_are_understood() -> None:
    sheet = read_text('sep=;\r\nName;No.\r\nAna, Vigil;="007"\r\n')
    assert sheet.lines[1].cells == ["Ana, Vigil", "007"]


def test_few_workbooks_are_read_at_once_and_who_waits_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "AT_ONCE", BoundedSemaphore(1))
    monkeypatch.setattr(workbook, "WAIT_SECONDS", 0.0)
    assert workbook.read_workbook(book([["Name"], ["Ana Ruiz"]]))
    with workbook.AT_ONCE, pytest.raises(RosterFileError) as refusal:
        workbook.read_workbook(book([["Name"], ["Ana Ruiz"]]))
    assert refusal.value.code == "busy"
    assert workbook.read_workbook(book([["Name"], ["Ana Ruiz"]]))
