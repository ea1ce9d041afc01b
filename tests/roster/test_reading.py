"""Sheets of every kind become people, and what may not be kept is gone before anything else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labtracker.kit.ssn import looks_like_ssn
from labtracker.roster.reading import cells
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.dates import order_of, read_date, settle
from labtracker.roster.reading.delimited import read_text
from labtracker.roster.reading.headings import meaning_of
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.names import cased, split_name
from labtracker.roster.reading.rows import RowReading, read_rows
from labtracker.roster.reading.sheets import Line, Sheet
from labtracker.roster.reading.table import Table, find_table
from labtracker.roster.reading.verdicts import assess

TODAY = date(2026, 4, 13)


def table_of(text: str) -> Table:
    """The roster in a text."""
    return find_table([read_text(text)], today=TODAY)


def people_in(text: str, **settings: Any) -> list[RowReading]:
    """The rows of a text with its columns guessed."""
    table = table_of(text)
    return read_rows(table, guess_columns(table, today=TODAY), today=TODAY, **settings)


def names_in(text: str) -> list[tuple[str | None, str | None]]:
    """Given and family names of a text's rows."""
    return [(row.values["given_name"], row.values["family_name"]) for row in people_in(text)]


# --- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "given", "family"),
    [
        ("James Esquibel", "James", "Esquibel"),
        ("Miller, Robert", "Robert", "Miller"),
        ("Flores Jr., Ramon", "Ramon", "Flores Jr."),
        ("Ramon Flores, Jr.", "Ramon", "Flores Jr."),
        ("Flores, Jr., Ramon", "Ramon", "Flores Jr."),
        ("Ramon Flores III", "Ramon", "Flores III"),
        ("Mary Ann Keller", "Mary Ann", "Keller"),
        ("Iván de la O", "Iván", "de la O"),
        ("Ludwig van der Berg", "Ludwig", "van der Berg"),
        ("Zúñiga de la O, Iván", "Iván", "Zúñiga de la O"),
        ("王小明", "王小明", ""),
        ("محمد علي", "محمد", "علي"),
        ("Cher", "Cher", ""),
    ],
)
def test_whole_names_are_split(whole: str, given: str, family: str) -> None:
    assert split_name(whole) == (given, family)


@pytest.mark.parametrize(
    ("whole", "given", "family"),
    [
        ("Lucía Ibáñez Güell", "Lucía", "Ibáñez Güell"),
        ("María José Peña Ríos", "María José", "Peña Ríos"),
        ("José Ángel Núñez", "José Ángel", "Núñez"),
        ("Iván Zúñiga de la O", "Iván", "Zúñiga de la O"),
        ("José de la Cruz", "José", "de la Cruz"),
    ],
)
def test_spanish_names_end_in_two_surnames(whole: str, given: str, family: str) -> None:
    assert split_name(whole, two_surnames=True) == (given, family)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("KELLER", "Keller"),
        ("o'brien", "O'Brien"),
        ("ANA-LUZ DE LA CRUZ", "Ana-Luz de la Cruz"),
        ("FLORES III", "Flores III"),
        ("SMITH,JOHN", "Smith,John"),
        ("J.R. ORTIZ", "J.R. Ortiz"),
        ("McDonald", "McDonald"),
        ("JD", "JD"),
        ("ÑÁÑEZ", "Ñáñez"),
    ],
)
def test_names_in_one_case_are_written_as_on_a_card(typed: str, shown: str) -> None:
    assert cased(typed) == shown


@pytest.mark.parametrize("given", ["A" + 79 * "b", "A" + 80 * "b"])
def test_each_part_of_a_whole_name_may_have_eighty_letters(given: str) -> None:
    family = "C" + 79 * "d"
    expected = (given, family) if len(given) == 80 else (None, None)
    assert names_in(f"Name,Hire date\n{given} {family},2020-05-25\n") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ana \t Luz\u200b ", ("Ana Luz", None)),
        ("\u202eAna", ("Ana", None)),
        ("Ana 🎉", ("Ana", None)),
        ("X", ("X", None)),
        ("Ab" * 40, ("Ab" * 40, None)),
        ("Ab" * 41, (None, "name_too_long")),
        ("🎉🙂", (None, "name_without_letters")),
        ("123", (None, "name_without_letters")),
        ("=HYPERLINK(1)", (None, "name_formula")),
        ("+cmd|x", (None, "name_formula")),
        ("@SUM(A1)", (None, "name_formula")),
        ("-2+cmd", (None, "name_formula")),
        ("<script>alert(1)</script>", (None, "name_characters")),
        ("n/a", (None, None)),
        ("-", (None, None)),
        ("Null", ("Null", None)),
        ("אבגד הוז", ("אבגד הוז", None)),
    ],
)
def test_a_name_is_kept_or_refused(text: str, expected: tuple[str | None, str | None]) -> None:
    assert cells.clean_name(text) == expected


# --- the other cells --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("719-555-0100", "+17195550100"),
        ("(719) 555 0100", "+17195550100"),
        ("7195550100.0", "+17195550100"),
        ("+52 656 123 4567", "+526561234567"),
        ("+52 1 656 123 4567", "+526561234567"),
        ("52 (656) 123-4567", "+526561234567"),
        ("011 52 656 123 4567", "+526561234567"),
        ("55 1234 5678", "+525512345678"),
        ("cel. 33-1234-5678", "+523312345678"),
        ("551 234 5678", "+15512345678"),
        ("001 719 555 0100", "+17195550100"),
        ("719.555.0100 x12", "+17195550100"),
        ("719-555-0100 / 719-555-0101", "+17195550100"),
        ("cell 719-555-0100", "+17195550100"),
    ],
)
def test_phones_become_e164(text: str, expected: str) -> None:
    assert cells.clean_phone(text) == (expected, None)


@pytest.mark.parametrize("text", ["12", "719-555-01", "call the office 7195550100", "0000000000"])
def test_other_phones_are_refused(text: str) -> None:
    assert cells.clean_phone(text) == (None, "phone_invalid")


@pytest.mark.parametrize("blank", ["", "n/a", "N/A", "none", "-", "—", "ninguno", "s/n", "?"])
def test_cells_that_say_nothing_are_empty(blank: str) -> None:
    for clean in (cells.clean_phone, cells.clean_email, cells.clean_number):
        assert clean(blank) == (None, None)


def test_mails_are_lowered_and_checked() -> None:
    assert cells.clean_email(" Ana.Vigil@Steel.EXAMPLE ") == ("ana.vigil@steel.example", None)
    assert cells.clean_email("mailto:ana@x.example") == ("ana@x.example", None)
    for wrong in ("ana", "ana@", "ana@@x.example", "a b@x.example", "ana@x.example; bo@x.example"):
        assert cells.clean_email(wrong) == (None, "email_invalid")


@given(
    st.integers(0, 999),
    st.integers(0, 99),
    st.integers(0, 9999),
    st.sampled_from("- ./–‑"),
    st.text("ab ,;", max_size=5),
)
def test_no_shape_of_three_two_four_digits_escapes(a: int, b: int, c: int, mark: str, around: str) -> None:
    assert looks_like_ssn(f"{around}{a:03}{mark}{b:02}{mark}{c:04}{around}")


# --- dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-01-13", date(2018, 1, 13)),
        ("2018/1/13", date(2018, 1, 13)),
        ("20180113", date(2018, 1, 13)),
        ("2018-01-13 00:00:00", date(2018, 1, 13)),
        ("2018-01-13T08:30:00Z", date(2018, 1, 13)),
        ("1/13/2018 12:00:00 AM", date(2018, 1, 13)),
        ("01/13/18", date(2018, 1, 13)),
        ("13.01.2018", date(2018, 1, 13)),
        ("January 13, 2018", date(2018, 1, 13)),
        ("Jan. 13th, 2018", date(2018, 1, 13)),
        ("13 de enero de 2018", date(2018, 1, 13)),
        ("13-ene-18", date(2018, 1, 13)),
        ("13JAN2018", date(2018, 1, 13)),
        ("Sat, Jan 13 2018", date(2018, 1, 13)),
        ("3/3/2018", date(2018, 3, 3)),
        ("1/13/'98", date(1998, 1, 13)),
        ("5/29/85", date(1985, 5, 29)),
        ("29 feb 2024", date(2024, 2, 29)),
    ],
)
def test_usual_ways_to_write_a_day(text: str, expected: date) -> None:
    assert settle(read_date(text, today=TODAY), None, today=TODAY) == (expected, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("13/13/2024", "date_impossible"),
        ("31/02/2020", "date_impossible"),
        ("2023-02-29", "date_impossible"),
        ("June 2019", "date_incomplete"),
        ("06/2019", "date_incomplete"),
        ("2019", "date_incomplete"),
        ("soon", "date_invalid"),
        ("43895", "date_invalid"),
        ("13 2018", "date_incomplete"),
        ("1/13/1899", "date_implausible"),
        ("03/04/2019", "date_ambiguous"),
    ],
)
def test_what_is_no_day_says_why(text: str, code: str) -> None:
    assert settle(read_date(text, today=TODAY), None, today=TODAY) == (None, code)


def test_a_workbooks_count_of_days_is_a_date_and_the_future_is_asked_about() -> None:
    assert read_date("43113", today=TODAY, has_serials=True).day == date(2018, 1, 13)
    assert settle(read_date("2027-01-13", today=TODAY), None, today=TODAY) == (
        date(2027, 1, 13),
        "date_in_future",
    )


def test_a_columns_order_is_what_its_unambiguous_days_agree_on() -> None:
    def order(*texts: str) -> str | None:
        return order_of(read_date(text, today=TODAY) for text in texts)

    assert order("03/04/2019", "28/11/2019", "January 5, 2020") == "dmy"
    assert order("03/04/2019", "11/28/2019") == "mdy"
    assert order("28/11/2019", "11/28/2019") is None
    assert order("03/04/2019", "2020-05-06") is None
    assert order("31/02/2020", "13/13/2020", "03/04/2019") is None


def test_dates_of_two_readings_wait_until_somebody_says_which() -> None:
    text = "Name,Hire date\nAna Vigil,03/04/2019\nBo Lee,05/06/2020\n"
    rows = assess(people_in(text))
    assert [str(row.verdict) for row in rows] == ["review", "review"]
    assert [row.options for row in rows] == [(), ()]
    settled = people_in(text, date_order="dmy")
    assert [row.values["hired_on"] for row in settled] == [date(2019, 4, 3), date(2020, 6, 5)]


# --- headings and columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("First Name", "given_name"),
        ("LAST_NAME", "family_name"),
        ("Apellido paterno", "family_name"),
        ("Apellido materno", "second_family_name"),
        ("Nombre y apellidos", "full_name"),
        ("E-mail Address", "email"),
        ("Correo electrónico", "email"),
        ("Nº de empleado", "employee_number"),
        ("Employee #", "employee_number"),
        ("Emp. ID", "employee_number"),
        ("Hire date (mm/dd/yyyy)", "hired_on"),
        ("Fecha de ingreso", "hired_on"),
        ("Teléfono celular", "phone"),
        ("Puesto", "job_title"),
        ("SSN", "ssn"),
        ("Social Security #", "ssn"),
        ("Número de Seguro Social", "ssn"),
        ("Employee SSN (last 4)", "ssn"),
        ("D.O.B.", "birth_date"),
        ("Fecha de Nacimiento", "birth_date"),
        ("Employee birth date", "birth_date"),
        ("FERPA release signed?", "release"),
        ("Consentimiento", "release"),
        ("Hourly wage", "private"),
        ("Shift", None),
        ("Notes", None),
        ("", None),
    ],
)
def test_headings_are_known_in_both_languages(heading: str, field: str | None) -> None:
    assert meaning_of(heading) == field


@pytest.mark.parametrize(
    "heading",
    ["Language", "Preferred language", "Lang.", "Pref. Language", "Native language", "Speaks", "Idioma",
     "Idioma preferido", "Idioma de preferencia", "Lengua materna", "Idioma (inglés/español)"],
)  # fmt: skip
def test_a_column_of_languages_is_known_by_its_heading(heading: str) -> None:
    table = table_of(f"Name,{heading}\nAna Diaz,Spanish\nBo Lee,English\n")
    columns = guess_columns(table, today=TODAY)
    assert columns == {0: "full_name", 1: "language"}
    assert [row.values["language"] for row in read_rows(table, columns, today=TODAY)] == ["es", "en"]


@pytest.mark.parametrize(
    ("cell", "language"),
    [("Spanish", "es"), ("ESPAÑOL", "es"), ("es", "es"), ("Español / inglés", "es"), ("inglés", "en"),
     ("English (some Spanish)", "en"), ("en-US", "en"), ("Vietnamese", None), ("no English", None),
     ("poco inglés", None), ("-", None)],
)  # fmt: skip
def test_languages_are_read_in_either(cell: str, language: str | None) -> None:
    assert cells.clean_language(cell) == (language, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name\nVigil, Ana\nLee, Bo\n", [("Ana", "Vigil"), ("Bo", "Lee")]),
        ("Name;Mail\nVigil, Ana;a@x.example\n", [("Ana", "Vigil")]),
        ("Nombre,Apellidos\nAna,Vigil Peña\n", [("Ana", "Vigil Peña")]),
        ("Nombre,Teléfono\nAna Vigil Peña,7195550100\n", [("Ana", "Vigil Peña")]),
        ("Name,Surname\nAna,Vigil\n", [("Ana", "Vigil")]),
        ("Last First,Phone\nVigil Ana,7195550100\n", [("Ana", "Vigil")]),
        ("Primer apellido,Segundo apellido,Nombre\nVigil,Peña,Ana\n", [("Ana", "Vigil Peña")]),
        ("First,MI,Last,Suffix\nAna,B,Vigil,Jr\n", [("Ana B", "Vigil Jr")]),
        ("Steel Works roster\n\nShift 2\nFirst name,Last name\nAna,Vigil\n", [("Ana", "Vigil")]),
        (
            "Ana Vigil,719-555-0100,a@x.example\nBo Lee,719-555-0101,b@x.example\n",
            [("Ana", "Vigil"), ("Bo", "Lee")],
        ),
        (
            "Ana,Vigil,719-555-0100\nBo,Lee,719-555-0101\nIda,Baca,719-555-0102\n",
            [("Ana", "Vigil"), ("Bo", "Lee"), ("Ida", "Baca")],
        ),
        ("Human being,Ring me at\nAna Vigil,719-555-0100\n", [("Ana", "Vigil")]),
        ("Name,Phone\nAna Vigil,1\nName,Phone\nBo Lee,2\nTOTAL:,2\n", [("Ana", "Vigil"), ("Bo", "Lee")]),
    ],
)
def test_rosters_of_many_forms_give_their_people(text: str, expected: list[tuple[str, str]]) -> None:
    assert names_in(text) == expected


def test_columns_without_headings_are_named_by_their_letters() -> None:
    table = table_of(
        "Ana Vigil,719-555-0100,a@x.example,3/14/2019\nBo Lee,719-555-0101,b@x.example,4/20/2020\n"
    )
    columns = guess_columns(table, today=TODAY)
    assert {field: table.label(place) for place, field in columns.items()} == {
        "full_name": "A",
        "phone": "B",
        "email": "C",
        "hired_on": "D",
    }
    assert {"code": "no_header"} in table.notices


def test_of_two_phone_columns_the_fuller_one_is_taken() -> None:
    table = table_of("Name,Phone,Cell\nAna Vigil,,7195550100\nBo Lee,7195550101,7195550102\n")
    assert guess_columns(table, today=TODAY)[2] == "phone"


def test_the_sheet_with_people_is_found_and_others_are_named() -> None:
    notes = Sheet("Read me", [Line(1, ["Questions: call HR, name and phone below"])])
    first = Sheet(
        "Crew A", [Line(1, ["Name", "Phone", "Email"]), Line(2, ["Ana Vigil"]), Line(3, ["Bo Lee"])]
    )
    second = Sheet("Crew B", [Line(1, ["Name", "Phone", "Email"]), Line(2, ["Ida Baca"])])
    table = find_table([notes, second, first], today=TODAY)
    assert table.sheet == "Crew A"
    assert {"code": "other_sheets", "sheet": "Crew A", "others": "Crew B"} in table.notices
    assert find_table([notes, second, first], today=TODAY, sheet="Crew B").lines[0].cells == ["Ida Baca"]
    with pytest.raises(RosterFileError) as refusal:
        find_table([first], today=TODAY, sheet="Crew X")
    assert refusal.value.code == "no_such_sheet"


# --- what may never be kept -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("SSN", ["x", "y", "z"]),
        ("Whatever", ["123-45-6789", "900-00-0001", "000-12-3456"]),
        ("Number", ["123456789", "987654321", "000123456"]),
        ("Employee #", ["123456789", "987654321", "12"]),
        ("Seguro social", ["1", "2", "3"]),
    ],
)
def test_a_column_of_social_security_numbers_is_dropped_and_its_rows_stay(
    heading: str, values: list[str]
) -> None:
    table = table_of(f"Name,{heading}\nAna Vigil,{values[0]}\nBo Lee,{values[1]}\nIda Baca,{values[2]}\n")
    assert [notice["code"] for notice in table.notices] == ["ssn_removed"]
    assert [line.cells for line in table.lines] == [["Ana Vigil", ""], ["Bo Lee", ""], ["Ida Baca", ""]]
    assert names_in(f"Name,{heading}\nAna Vigil,{values[0]}\n") == [("Ana", "Vigil")]


def test_a_stray_number_blanks_its_cell_and_is_not_repeated() -> None:
    text = "Name,Title,Note\nAna Vigil,Welder,her ssn is 123-45-6789\nBo Lee,Fitter,ok\nIda Baca,Fitter,ok\n"
    table = table_of(text)
    (row, *_others) = people_in(text)
    assert row.problems == [{"code": "ssn_removed", "column": "Note"}]
    assert not row.is_refused
    assert "6789" not in repr(table)


def test_a_heading_that_is_a_number_itself_is_not_shown() -> None:
    assert "6789" not in repr(table_of("Name,123-45-6789\nAna Vigil,x\n"))


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("DOB", "birth_date_removed"),
        ("Date", "birth_date_removed"),
        ("FERPA release", "release_ignored"),
        ("Hourly rate", "column_ignored"),
    ],
)
def test_other_private_columns_are_dropped_and_said(heading: str, code: str) -> None:
    table = table_of(f"Name,{heading}\nAna Vigil,5/14/1985\nBo Lee,6/15/1990\n")
    assert table.notices == [{"code": code, "column": heading}]
    assert "1985" not in repr(table.lines)


def test_formulas_are_neither_evaluated_nor_kept() -> None:
    text = 'Name,Phone,Title\n"=HYPERLINK(""http://x.example"",""Ana"")",719-555-0100,=1+1\nBo Lee,,+cmd\n'
    table = table_of(text)
    assert "HYPERLINK" not in repr(table)
    first, second = people_in(text)
    assert first.is_refused
    assert first.values["given_name"] is None
    assert {"code": "formula_removed", "column": "Title"} in second.problems
    assert not second.is_refused


def test_rows_name_their_problems_without_repeating_what_is_wrong() -> None:
    text = "Name,Email,Phone,Hire date\n🙂🙂,nope@,12,31/31/2020\n,ana@x.example,,\nCher,,,\n"
    rows = assess(people_in(text + "R2 D2,,,2030-01-01\n"))
    assert [
        (row.number, str(row.verdict), [problem["code"] for problem in row.problems]) for row in rows
    ] == [
        (2, "error", ["name_without_letters", "email_invalid", "phone_invalid", "date_impossible"]),
        (3, "error", ["name_missing"]),
        (4, "review", ["single_name"]),
        (5, "review", ["name_digits", "date_in_future"]),
    ]
    said = " ".join(message["message"] for row in rows for message in row.messages())
    for refused in ("🙂", "nope", "31/31", "2030"):
        assert refused not in said


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), min_size=1, max_size=8))
def test_no_text_whatever_breaks_the_reading(rows: list[list[str]]) -> None:
    try:
        table = table_of("Name,SSN,Email,Hire date\n" + "\n".join(",".join(row) for row in rows))
    except RosterFileError:
        return
    for row in assess(read_rows(table, guess_columns(table, today=TODAY), today=TODAY)):
        assert row.messages() is not None
