"""Screens of imports: every row is shown, decided, taken; what waits can be corrected elsewhere."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.models import RosterImport, Worker
from labtracker.roster.reading.table import Table
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_cohort, make_worker, upload

SignIn = Callable[[Person], FlaskClient]


def test_an_upload_is_shown_then_taken_then_left(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.emil)
    sent = upload(browser, cohort, cast.steel.id)
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    assert "1 of 3 rows are ready." in page
    assert "held Social Security numbers" in page
    assert "6789" not in page
    assert "not a telephone number" in page
    assert 'name="row-4"' in page
    assert db.session.scalar(sa.select(sa.func.count(Worker.id))) == 0
    url = f"{sent.location}/application"
    taken = browser.post(url, data={"row-4": "new", "row-3": "new", "row-x": "1"}, follow_redirects=True).text
    assert "2 rows are in." in taken
    assert "0 of 1 rows are ready." in taken
    assert "Nothing was left to take." in browser.post(url, follow_redirects=True).text
    rest = browser.post(f"{sent.location}/remainder", follow_redirects=True).text
    assert "Ana Vigil" in rest
    assert "Cher" in rest
    assert "Bo Lee" not in rest
    assert "Everything is in" in browser.get(sent.location).text


@pytest.mark.one_database  # only SQLite has one place for a writer
def test_while_a_file_is_read_others_write(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, read = signed_in_as(cast.emil), services.table_from_file
    begun = []

    def read_while_another_writes(data: bytes, *, today: date) -> Table:
        other = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
        begun.append(other.execute("BEGIN IMMEDIATE"))
        other.execute("ROLLBACK")
        other.close()
        return read(data, today=today)

    monkeypatch.setattr(services, "table_from_file", read_while_another_writes)
    assert upload(browser, cohort, cast.steel.id).status_code == 303
    assert begun


def test_columns_and_the_order_of_dates_can_be_chosen(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    csv = b"Who,When\nAna Vigil,03/04/2019\nBo Lee,05/06/2020\n"
    sent = upload(browser, cohort, cast.steel.id, csv)
    page = browser.get(sent.location).text
    assert "read in two ways" in page
    data = {"column-0": "full_name", "column-1": "hired_on", "date_order": "dmy"}
    browser.post(f"{sent.location}/columns", data=data)
    assert "Apr 3, 2019" in browser.get(sent.location).text
    twice = browser.post(f"{sent.location}/columns", data={"column-0": "phone", "column-1": "phone"})
    assert twice.status_code == 422
    assert "Two columns cannot be the same thing." in twice.text
    assert twice.text.count('<option value="phone" selected>') == 2
    page = browser.post(f"{sent.location}/columns", data={"column-0": ""}, follow_redirects=True).text
    assert "No column with names was recognized" in page
    assert "0 of 2 rows are ready" in page


def test_rows_can_be_pasted(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.cora)
    data = {"employer_id": str(cast.steel.id), "pasted": "Name\tPhone\nAna Vigil\t7195550100\n"}
    page = browser.post(f"/cohorts/{cohort.id}/roster/import", data=data, follow_redirects=True).text
    assert "1 of 1 rows are ready." in page


def test_files_that_are_no_rosters_are_refused_in_words(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    for data, words in (
        (b"\xff\xd8\xff\xe0photo", "This is a picture"),
        (b"PK\x03\x04zip", "damaged"),
        (b"", "The file is empty"),
    ):
        answer = upload(browser, cohort, cast.steel.id, data)
        assert answer.status_code == 422
        assert words in answer.text
    nothing = browser.post(f"/cohorts/{cohort.id}/roster/import", data={"employer_id": str(cast.steel.id)})
    assert "Choose a spreadsheet" in nothing.text
    huge = browser.post(
        f"/cohorts/{cohort.id}/roster/import",
        data=b"x" * (13 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert huge.status_code == 413
    assert f'href="/cohorts/{cohort.id}/roster/import"' in huge.text
    assert db.session.scalar(sa.select(sa.func.count(RosterImport.id))) == 0


def test_near_matches_are_offered_by_name(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    known = make_worker(cast, "Ana", "Vigil", employee_number="7")
    db.session.commit()
    browser = signed_in_as(cast.emil)
    sent = upload(browser, cohort, cast.steel.id, b"Name,Phone\nAna Vigil,7195550100\n")
    page = browser.get(sent.location).text
    assert f'value="{known.id}"' in page
    assert "the same as Ana Vigil" in page
    browser.post(f"{sent.location}/application", data={"row-2": str(known.id)})
    db.session.expire_all()
    assert known.phone == "+17195550100"


def test_a_name_typed_wrong_is_offered_and_two_of_one_file_are_told_apart(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    known = make_worker(cast, "Elena", "González", hired_on=date(2024, 3, 31))
    db.session.commit()
    browser = signed_in_as(cast.emil)
    rows = "Name,Hired\nElena Gonzales,2024-03-31\nRosa Baca,2020-01-15\nRosa Bacca,2020-01-15\n"
    page = browser.get(upload(browser, cohort, cast.steel.id, rows.encode()).location).text
    assert f'<option value="{known.id}">the same as Elena González (hired Mar 31, 2024)' in page
    assert "Row 3 may be the same person. Two people, or one?" in page
    assert '<option value="new">two people: take this row, too' in page


def test_too_many_people_for_the_seats_is_said_before_and_after(cast: Cast, signed_in_as: SignIn) -> None:
    small = make_cohort(cast, seats=1)
    browser = signed_in_as(cast.emil)
    sent = upload(browser, small, cast.steel.id, b"Name,Phone\nAna Vigil,\nBo Lee,\n")
    assert "2 people for 1 seats" in browser.get(sent.location).text
    browser.post(f"{sent.location}/application")
    assert "1 person more than there are seats" in browser.get(f"/cohorts/{small.id}/roster").text


def test_a_stranger_sees_no_ones_import(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    sent = upload(signed_in_as(cast.emil), cohort, cast.steel.id)
    assert signed_in_as(cast.stella).get(sent.location).status_code == 404
    assert signed_in_as(cast.tom).get(sent.location).status_code == 403
    assert signed_in_as(cast.cora).get(sent.location).status_code == 200


def test_what_wants_somebody_stands_first_and_is_summed_up(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    rows = ["Name,Phone,E-mail", *(f"Ana Vigil{letter},," for letter in "abcdef"), "Cher,,"]
    rows += [f"Bo Lee{letter},,nomail" for letter in "abcde"] + ["<script>x</script>,,"]
    page = browser.get(upload(browser, cohort, cast.steel.id, "\n".join(rows).encode()).location).text
    head, table = page.split('id="taking"')
    assert table.index("Cher") < table.index("Bo Leea") < table.index("Ana Vigila")
    assert "6 rows have to be corrected" in page
    assert re.search(r"5 × +<strong>E-mail:</strong> This is not an e-mail address\.", page)
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page
    assert 'form="taking"' in head


def test_the_order_of_dates_is_settled_by_one_press(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.emil)
    sent = upload(browser, cohort, cast.steel.id, b"Who,When\nAna Vigil,03/04/2019\nBo Lee,05/06/2020\n")
    page = browser.get(sent.location).text
    assert "What does 03/04/2019 mean?" in page
    form = re.search(r'<form class="row".*?</form>', page, re.DOTALL)
    assert form
    data = dict(re.findall(r'type="hidden" name="(column-\d+)" value="(\w*)"', form.group()))
    choices = dict(re.findall(r'name="date_order" value="(\w+)"><time datetime="([\d-]+)"', form.group()))
    assert choices == {"mdy": "2019-03-04", "dmy": "2019-04-03"}
    browser.post(f"{sent.location}/columns", data={**data, "date_order": "mdy"})
    page = browser.get(sent.location).text
    assert "Mar 4, 2019" in page
    assert "2 of 2 rows are ready." in page


def test_rows_that_wait_can_be_taken_away_and_brought_back_corrected(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    text = b"Name,SSN,Phone,Job\nAna Vigil,123-45-6789,7195550100,=1+1\nBo Lee,900-11-2222,+12,@x\nCher,,,\n"
    sent = upload(browser, cohort, cast.steel.id, text)
    answer = browser.get(f"{sent.location}/waiting.csv")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[:3] for row in rows] == [
        ["Name", "Phone", "Job"],
        ["Bo Lee", "'+12", "'@x"],
        ["Cher", "", ""],
    ]
    assert "not a telephone number" in rows[1][3]
    assert not re.search(r"6789|2222", answer.text)
    again = upload(browser, cohort, cast.steel.id, answer.data.replace(b"'+12", b"719-555-0101"))
    assert "1 of 2 rows are ready." in browser.get(again.location).text
    url = f"{again.location}/waiting.csv"
    assert [signed_in_as(one).get(url).status_code for one in (cast.stella, cast.tom)] == [404, 403]
    assert browser.post(url).status_code == 405


def test_people_without_a_seat_go_to_the_bookings_other_cohorts(
    cast: Cast, signed_in_as: SignIn, now: datetime
) -> None:
    first, second = make_cohort(cast, seats=2), make_cohort(cast, seats=2, name="Steel B")
    second.booking = first.booking
    stranger = make_cohort(cast, seats=9, name="Steel C")
    stays = services.enroll(make_worker(cast, "Eva", "Baca", hired_on=None), second, now=now)
    db.session.commit()
    browser = signed_in_as(cast.emil)
    csv_file = b"Name,Phone\nAna Vigil,\nBo Lee,\nCy Poe,\nDi Roe,\nEva Baca,\n"
    sent = upload(browser, first, cast.steel.id, csv_file)
    page = browser.get(sent.location).text
    assert "4 people for 2 seats" in page
    assert "Steel B: 1 free seat" in page
    assert "Steel C" not in page
    assert "Is in Steel B already, and stays there." in page
    done = browser.post(
        f"{sent.location}/application", data={"fills_others": "1"}, follow_redirects=True
    ).text
    assert "1 of them is in another cohort of this booking." in done

    def on_it(cohort: Cohort) -> list[str]:
        rows = db.session.scalars(queries.enrollments_of(cohort)).all()
        return sorted(row.worker.given_name for row in rows)

    # Seats are filled in the order of the file; who finds none anywhere is over the first cohort's seats.
    assert (on_it(first), on_it(second), on_it(stranger)) == (["Ana", "Bo", "Di"], ["Cy", "Eva"], [])
    again = upload(browser, first, cast.steel.id, csv_file)
    page = browser.get(again.location).text
    assert "Taking the rows changes nothing." in page
    done = browser.post(
        f"{again.location}/application", data={"fills_others": "1"}, follow_redirects=True
    ).text
    assert "Nothing has changed." in done
    db.session.expire_all()
    assert (on_it(first), on_it(second)) == (["Ana", "Bo", "Di"], ["Cy", "Eva"])
    assert stays.status == "enrolled"


def test_without_the_tick_everybody_goes_where_the_file_was_sent(cast: Cast, signed_in_as: SignIn) -> None:
    first, second = make_cohort(cast, seats=1), make_cohort(cast, seats=2, name="Steel B")
    second.booking = first.booking
    db.session.commit()
    browser = signed_in_as(cast.emil)
    sent = upload(browser, first, cast.steel.id, b"Name,Phone\nAna Vigil,\nBo Lee,\n")
    browser.post(f"{sent.location}/application")
    assert [queries.enrolled_count(one) for one in (first, second)] == [2, 0]
