"""Lists from CSV files: dry run, verdicts, the same file twice, files that are no lists."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from labtracker.accounts.models import Person
from labtracker.cli import main
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.csv_table import UnreadableTableError, decode, read_table
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.labs.services import apply_import, try_import
from labtracker.labs.services.import_rows import KINDS
from tests.cast import Cast

LABS = """name,seats,Home ZIP,generator,courses,length_ft,color
Robotics lab,6,81501,yes,WLD-101; ele-110,48,blue
Welding lab,8,81004,no,WLD-101,53,red
,4,81004,no,,,
Broken lab,many,00000,no,,,
Odd lab,4,81004,no,XYZ-1,,
"""
COURSES = """code;title;title_es;contact_hours;minimum_percent;assessment_required;skills
ROB-1;Robot cells;Celdas robóticas;16;75%;no;"STOP: Emergency stop | Paro de emergencia; HOME: Homing*"
ROB-2;Robot lines;;8;;;STOP: Emergency stop; HOME: Homing
"""
SITES = """organization,name,address,zip,pad_length_ft
Plains Dairy,North lot,1 County Road 9,81052,60
plains dairy,Milking barn lot,9 County Road 7,81052,
Nobody Inc,Yard,1 Road,81052,
Steel Works,Gate 9,2 Mill Road,80000,
"""


def verdicts(outcome: object) -> list[str]:
    return [verdict.verdict for verdict in outcome.verdicts]  # type: ignore[attr-defined]


def test_a_second_row_of_one_name_is_named_and_left_out(cast: Cast, now: datetime) -> None:
    text = "code,title,contact_hours\nNEW-1,First,8\nnew-1,Second,30\n,Nameless,4\n,Nameless too,4\n"
    done = apply_import("courses", text, actor=cast.cora, now=now)
    assert verdicts(done) == ["new", "error", "error", "error"]
    assert done.verdicts[1].problems == ("The same as on line 2.",)
    assert "line 4" not in str(done.verdicts[3].problems)
    course = db.session.scalars(sa.select(Course).where(Course.code == "NEW-1")).one()
    assert course.title == "First"


def test_the_examples_that_can_be_downloaded_can_be_imported(
    cast: Cast, signed_in_as: Callable[[Person], FlaskClient], now: datetime
) -> None:
    cora = signed_in_as(cast.cora)
    cast.college.name = "Your Community College"
    db.session.commit()
    for kind in ("courses", "labs", "worksites"):
        page = cora.get(f"/imports/{kind}").text
        assert f'href="/static/examples/{kind}.csv"' in page
        with cora.get(f"/static/examples/{kind}.csv") as answer:
            example = answer.text
        columns = example.splitlines()[0].split(",")
        assert sorted(columns) == sorted(KINDS[kind].columns)
        done = apply_import(kind, example, actor=cast.cora, now=now)
        assert not [verdict.problems for verdict in done.verdicts if verdict.problems]
        assert done.ignored_columns == ()


def test_a_dry_run_says_what_the_import_then_does(cast: Cast, now: datetime) -> None:
    tried = try_import("labs", LABS, actor=cast.cora, now=now)
    assert verdicts(tried) == ["new", "same", "error", "error", "error"]
    assert tried.ignored_columns == ("color",)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Lab)) == 2
    done = apply_import("labs", LABS, actor=cast.cora, now=now)
    assert [verdict.as_dict() for verdict in done.verdicts] == [
        verdict.as_dict() for verdict in tried.verdicts
    ]
    lab = db.session.scalars(sa.select(Lab).where(Lab.name == "Robotics lab")).one()
    assert (lab.seats, lab.has_generator, lab.home_city) == (6, True, "Grand Junction")
    assert {course.code for course in lab.courses} == {"WLD-101", "ELE-110"}
    problems = [" ".join(verdict.problems) for verdict in done.verdicts[2:]]
    assert "name: Please fill this in." in problems[0]
    assert "seats:" in problems[1]
    assert "There is no course XYZ-1." in problems[2]
    assert [verdict.line for verdict in done.verdicts] == [2, 3, 4, 5, 6]
    again = apply_import("labs", LABS, actor=cast.cora, now=now)
    assert verdicts(again)[:2] == ["same", "same"]


def test_courses_with_skills_come_in_and_change(cast: Cast, now: datetime) -> None:
    outcome = apply_import("courses", COURSES, actor=cast.cora, now=now)
    assert verdicts(outcome) == ["new", "error"]
    assert outcome.verdicts[1].problems == ("This row has more cells than the header: HOME: Homing.",)
    course = db.session.scalars(sa.select(Course).where(Course.code == "ROB-1")).one()
    assert [(skill.code, skill.title_es, skill.required) for skill in course.skills] == [
        ("STOP", "Paro de emergencia", True),
        ("HOME", None, False),
    ]
    assert (float(course.minimum_share), course.assessment_required) == (0.75, False)
    shorter = "code,contact_hours\nrob-1,12\nWLD-101,24\n"
    changed = apply_import("courses", shorter, actor=cast.cora, now=now)
    assert verdicts(changed) == ["updated", "same"]
    assert changed.verdicts[0].changed == ("contact_hours",)
    assert len(course.skills) == 2
    assert course.title == "Robot cells"


def test_worksites_need_an_organization_that_exists(cast: Cast, now: datetime) -> None:
    outcome = apply_import("worksites", SITES, actor=cast.cora, now=now)
    assert verdicts(outcome) == ["new", "same", "error", "error"]
    assert "There is no organization “Nobody Inc”" in outcome.verdicts[2].problems[0]
    assert "There is no ZIP code 80000." in outcome.verdicts[3].problems[0]
    site = db.session.scalars(sa.select(Worksite).where(Worksite.name == "North lot")).one()
    assert (site.is_rural, site.pad_length_ft, site.organization) == (True, 60, cast.dairy)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable_file"),
        ("\n\n", "unreadable_file"),
        ("seats,zip\n4,81004\n", "column_missing"),
        ("name\n" + "a\n" * 2001, "unreadable_file"),
    ],
)
def test_files_that_are_no_list(cast: Cast, now: datetime, text: str, code: str) -> None:
    with pytest.raises(DomainError) as error:
        try_import("labs", text, actor=cast.cora, now=now)
    assert error.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        "name;seats\nMañana;4\n".encode(),
        "name;seats\r\nMañana;4\r\n".encode("utf-8-sig"),
        "name\tseats\nMañana\t4\n".encode("utf-16"),
        "name,seats\rMañana,4\r".encode("cp1252"),
    ],
)
def test_any_usual_encoding_is_read(data: bytes) -> None:
    table = read_table(decode(data))
    assert table.columns == ("name", "seats")
    assert table.rows[0].cells == {"name": "Mañana", "seats": "4"}


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00\x00", b"x" * 1_000_001])
def test_pictures_and_giants_are_not_read(data: bytes) -> None:
    with pytest.raises(UnreadableTableError):
        read_table(decode(data))


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        code = "" if read_table(decode(data)).columns else "no columns"
    except UnreadableTableError as error:
        code = error.code
    assert code in {"", "too_large", "not_text", "not_a_table", "empty", "too_many_rows"}


def test_the_page_shows_verdicts_first_and_writes_when_told(
    cast: Cast, signed_in_as: Callable[[Person], FlaskClient]
) -> None:
    cora = signed_in_as(cast.cora)
    upload = {"file": (io.BytesIO(SITES.encode()), "sites.csv")}
    shown = cora.post("/imports/worksites", data=upload, content_type="multipart/form-data")
    assert shown.status_code == 200
    assert "1 new, 0 updated, 1 unchanged, 2 left out." in shown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Worksite)) == 3
    done = cora.post("/imports/worksites", data={"content": SITES, "apply": "1"})
    assert done.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Worksite)) == 4
    nothing = cora.post("/imports/worksites", data={}, content_type="multipart/form-data")
    assert nothing.status_code == 422
    assert "Please choose a file." in nothing.text
    picture = {"file": (io.BytesIO(b"\x89PNG\x00\x00"), "photo.csv")}
    refused = cora.post("/imports/labs", data=picture, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "This is not a text file." in refused.text
    assert signed_in_as(cast.tom).post("/imports/labs", data={"content": LABS}).status_code == 403


def test_the_command_does_the_same(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "labs.csv"
    file.write_text(LABS)
    runner = app.test_cli_runner()
    dry = runner.invoke(main.commands["import"], ["labs", str(file), "--dry-run", "--json"])  # type: ignore[attr-defined]
    answer = json.loads(dry.output)
    assert dry.exit_code == 1
    assert answer["counts"] == {"new": 1, "updated": 0, "same": 1, "error": 3}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Lab)) == 2
    wet = runner.invoke(main.commands["import"], ["labs", str(file), "--as", cast.cora.email])  # type: ignore[attr-defined]
    assert "line 2: new: Robotics lab" in wet.output
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Lab)) == 3
    stranger = runner.invoke(main.commands["import"], ["labs", str(file), "--as", cast.tom.email, "--json"])  # type: ignore[attr-defined]
    assert stranger.exit_code == 2
    assert json.loads(stranger.output)["errors"][0]["code"] == "no_such_person"


def test_gate_hours_come_in_and_stay_when_a_list_is_silent_of_them(cast: Cast, now: datetime) -> None:
    head = "organization,name,address,zip"
    site = "Plains Dairy,Milking barn lot,9 County Road 7,81052"
    text = f"{head},gate_opens,gate_closes\n{site},07:30,15:00\n"
    assert verdicts(apply_import("worksites", text, actor=cast.cora, now=now)) == ["updated"]
    silent = apply_import("worksites", f"{head},notes\n{site},Mind the dog\n", actor=cast.cora, now=now)
    assert verdicts(silent) == ["updated"]
    assert (cast.dairy_site.gate_opens, cast.dairy_site.gate_closes) == (time(7, 30), time(15))


def test_a_row_says_what_a_lab_needs_of_a_site(cast: Cast, now: datetime) -> None:
    text = "name,pad_width_ft,surface,needs\nWelding lab,20,concrete; Gravel,restrooms; drain\n"
    assert verdicts(apply_import("labs", text, actor=cast.cora, now=now)) == ["updated"]
    assert cast.welding_lab.needs == {
        "drain": True, "restrooms": True, "pad_width_ft": 20, "surface": ["concrete", "gravel"],
    }  # fmt: skip
    assert verdicts(apply_import("labs", text, actor=cast.cora, now=now)) == ["same"]
    wrong = apply_import("labs", "name,surface,needs\nWelding lab,moss,castle\n", actor=cast.cora, now=now)
    assert verdicts(wrong) == ["error"]
