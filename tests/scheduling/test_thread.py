"""Employer and coordinators write to each other on the booking, with files; nobody else reads a word."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts import services as accounts
from labtracker.accounts.models import Person
from labtracker.accounts.rules import MailKind
from labtracker.attachments.models import Attachment
from labtracker.attachments.rules import MOST_BYTES
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import utc_now
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.thread import MOST_MESSAGES_A_DAY, working_days_since
from labtracker.scheduling.thread_models import BookingMessage
from labtracker.web.uploads import MOST_AT_ONCE
from tests.attachments.files import HTML, PDF, lying_photo, picture
from tests.cast import Cast
from tests.scheduling.builders import draft, submitted

Signer = Callable[[Person], FlaskClient]


@pytest.fixture
def booking(cast: Cast, now: datetime) -> BookingRequest:
    found = submitted(cast, now)
    db.session.execute(sa.delete(MailMessage))
    db.session.commit()
    return found


def mails() -> list[MailMessage]:
    found = list(db.session.scalars(sa.select(MailMessage).order_by(MailMessage.id)))
    # Whoever looks holds the writer's place until the end, and pages note what was read.
    db.session.commit()
    return found


def count_in_bar(page: str) -> int:
    """How many wait, as the bar says it beside the bookings."""
    found = re.search(r'href="/bookings"[^>]*>.*?</a>', page, re.DOTALL)
    assert found
    shown = re.search(r'aria-hidden="true">(\d+)<', found.group())
    return int(shown.group(1)) if shown else 0


def files(*given: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(data), name) for name, data in given]


def test_what_one_side_writes_the_other_reads_and_hears_of(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    cast.cora.language = "es"
    db.session.commit()
    emil, cora = signed_in_as(cast.emil), signed_in_as(cast.cora)
    answer = emil.post(f"/bookings/{booking.id}/messages", data={"text": " Is the <gate>\nwide enough? "})
    assert answer.headers["Location"] == f"/bookings/{booking.id}#messages"
    (mail,) = mails()
    assert mail.recipient == cast.cora.email
    assert mail.subject == "Steel Works escribió sobre su solicitud: Soldadura básica"
    assert "Is the <gate>\nwide enough?" in mail.text
    assert mail.html
    assert "Is the &lt;gate&gt;" in mail.html
    assert f"/bookings/{booking.id}#messages" in mail.text
    assert count_in_bar(cora.get("/bookings").text) == 1
    assert count_in_bar(emil.get("/bookings").text) == 0
    assert "1 mensaje nuevo" in cora.get("/bookings").text
    page = cora.get(f"/bookings/{booking.id}").text
    assert "Is the &lt;gate&gt;" in page
    assert count_in_bar(page) == 0
    db.session.commit()
    assert count_in_bar(cora.get("/bookings").text) == 0
    cora.post(f"/bookings/{booking.id}/messages", data={"text": "Twelve feet will do."})
    assert mails()[-1].recipient == cast.emil.email
    assert count_in_bar(emil.get("/bookings").text) == 1
    page = emil.get(f"/bookings/{booking.id}").text
    assert page.index("wide enough?") < page.index("Twelve feet will do.")


def test_what_a_colleague_answered_waits_no_more(cast: Cast, booking: BookingRequest, now: datetime) -> None:
    services.write_message(booking=booking, text="Well?", actor=cast.emil, now=now)
    assert queries.unread_by_booking(cast.ada) == {booking.id: 1}
    services.write_message(booking=booking, text="Yes.", actor=cast.cora, now=now + timedelta(minutes=5))
    assert queries.unread_by_booking(cast.ada) == {}
    assert queries.unread_by_booking(cast.emil) == {booking.id: 1}
    for stranger in (cast.stella, cast.tom, cast.rita):
        assert queries.unread_by_booking(stranger) == {}


def test_who_wants_no_mails_of_messages_gets_none(cast: Cast, booking: BookingRequest, now: datetime) -> None:
    accounts.choose_mail(cast.cora, set(MailKind) - {MailKind.MESSAGES}, actor=cast.cora, now=now)
    services.write_message(booking=booking, text="Well?", actor=cast.emil, now=now)
    assert mails() == []


def test_a_message_comes_with_files_and_each_gets_its_verdict(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil = signed_in_as(cast.emil)
    address = f"/bookings/{booking.id}/messages"
    sent = files(("pad.jpg", lying_photo()), ("page.jpg", HTML), ("plan.pdf", PDF))
    page = emil.post(address, data={"text": "Our pad", "files": sent}, follow_redirects=True)
    assert "2 files are attached." in page.text
    assert "Not attached: page.jpg: This is a web page" in page.text
    (written,) = queries.thread_of(booking)
    assert [file.name for file in written.files] == ["pad.jpg", "plan.pdf"]
    assert "Files: pad.jpg, plan.pdf" in mails()[0].text


def test_nothing_is_sent_when_no_file_could_be_read_and_the_words_stay(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    address = f"/bookings/{booking.id}/messages"
    sent = files(("nothing.jpg", b""), ("huge.pdf", bytes(MOST_BYTES + 5)))
    page = signed_in_as(cast.emil).post(address, data={"text": "See what I attached", "files": sent})
    page.request.environ["wsgi.input"].close()
    assert page.status_code == 422
    assert "See what I attached</textarea>" in page.text
    assert "nothing.jpg: This file is empty." in page.text
    assert "huge.pdf: This file is larger than 10 MB." in page.text
    assert queries.thread_of(booking) == []
    assert mails() == []


def test_an_empty_message_and_one_without_end_are_refused(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil, address = signed_in_as(cast.emil), f"/bookings/{booking.id}/messages"
    assert "Write something first." in emil.post(address, data={"text": " \n"}).text
    long = emil.post(address, data={"text": "x" * 4001})
    assert long.status_code == 422
    assert "x" * 4001 in long.text
    assert emil.get(address).status_code == 405
    assert queries.thread_of(booking) == []


def test_an_impatient_thumb_writes_once(cast: Cast, booking: BookingRequest, now: datetime) -> None:
    for seconds in (0, 3):
        services.write_message(
            booking=booking, text="Well?", actor=cast.emil, now=now + timedelta(seconds=seconds)
        )
    assert len(queries.thread_of(booking)) == 1
    assert len(mails()) == 1
    services.write_message(booking=booking, text="Well?", actor=cast.emil, now=now + timedelta(hours=1))
    assert len(queries.thread_of(booking)) == 2


def test_a_draft_is_nobodys_to_write_about(cast: Cast, now: datetime, signed_in_as: Signer) -> None:
    begun = draft(cast, now)
    db.session.commit()
    with pytest.raises(DomainError) as refused:
        services.write_message(booking=begun, text="Well?", actor=cast.emil, now=now)
    assert refused.value.code == "not_sent_yet"
    db.session.rollback()
    assert signed_in_as(cast.cora).post(f"/bookings/{begun.id}/messages").status_code == 404


def test_photos_and_papers_are_seen_by_both_sides_and_given_out_as_downloads(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil, cora = signed_in_as(cast.emil), signed_in_as(cast.cora)
    address = f"/bookings/{booking.id}/attachments"
    sent = files(('Año "1"\r\nX: y.pdf', PDF))
    assert emil.post(address, data={"kind": "insurance", "files": sent}).status_code == 303
    (row,) = queries.files_of(booking)
    page = cora.get(f"/bookings/{booking.id}").text
    assert "Proof of insurance" in page
    assert f"{address}/{row.id}" in page
    got = cora.get(f"{address}/{row.id}")
    assert got.data == PDF
    assert got.mimetype == "application/pdf"
    disposition = got.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''A%C3%B1o" in disposition
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert got.headers["Cache-Control"] == "no-store"
    for stranger in (cast.stella, cast.tom, cast.rita):
        assert signed_in_as(stranger).get(f"{address}/{row.id}").status_code in (403, 404)
    assert emil.put(address).status_code == 405


def test_a_file_is_found_under_its_own_booking_alone(
    cast: Cast, booking: BookingRequest, now: datetime, signed_in_as: Signer
) -> None:
    other = submitted(cast, now, actor=cast.stella, employer=cast.dairy, worksite=cast.dairy_site)
    db.session.commit()
    stella = signed_in_as(cast.stella)
    stella.post(f"/bookings/{other.id}/attachments", data={"kind": "other", "files": files(("a.pdf", PDF))})
    (theirs,) = queries.files_of(other)
    emil = signed_in_as(cast.emil)
    assert emil.get(f"/bookings/{booking.id}/attachments/{theirs.id}").status_code == 404
    assert emil.post(f"/bookings/{booking.id}/attachments/{theirs.id}/removal").status_code == 404
    db.session.expire_all()
    assert theirs.removed_at is None


def test_a_file_is_removed_and_what_was_sent_with_a_message_is_not(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil = signed_in_as(cast.emil)
    address = f"/bookings/{booking.id}/attachments"
    emil.post(address, data={"kind": "site_photo", "files": files(("a.png", picture("PNG")))})
    emil.post(f"/bookings/{booking.id}/messages", data={"text": "", "files": files(("b.pdf", PDF))})
    (row,) = queries.files_of(booking)
    (written,) = queries.thread_of(booking)
    assert emil.post(f"{address}/{row.id}/removal").status_code == 303
    assert emil.get(f"{address}/{row.id}").status_code == 404
    assert emil.post(f"{address}/{row.id}/removal").status_code == 404
    assert emil.post(f"{address}/{written.files[0].id}/removal").status_code == 409
    db.session.expire_all()
    assert (row.removed_by_id, bool(row.removed_at)) == (cast.emil.id, True)
    assert emil.get(f"{address}/{written.files[0].id}").data == PDF


def test_only_who_added_a_file_or_a_coordinator_removes_it_and_the_history_says_so(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil, cora = signed_in_as(cast.emil), signed_in_as(cast.cora)
    address = f"/bookings/{booking.id}/attachments"
    cora.post(address, data={"kind": "other", "files": files(("route.pdf", PDF))})
    emil.post(address, data={"kind": "site_photo", "files": files(("pad.png", picture("PNG")))})
    theirs, own = queries.files_of(booking)
    removal = f"{address}/{theirs.id}/removal"
    page = emil.get(f"/bookings/{booking.id}").text
    assert removal not in page
    assert f"{address}/{own.id}/removal" in page
    assert emil.post(removal).status_code == 403
    assert "Cora" in emil.post(removal).text
    assert emil.get(f"{address}/{theirs.id}").data == PDF
    assert f"{address}/{own.id}/removal" in cora.get(f"/bookings/{booking.id}").text
    cora.post(f"{address}/{own.id}/removal")
    history = emil.get(f"/bookings/{booking.id}").text.split('<ol class="history">')[1]
    assert "pad.jpg was removed" in history
    assert cast.cora.name in history


def test_an_employers_messages_of_a_day_have_an_end_and_the_words_stay(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    now = utc_now()
    for number in range(MOST_MESSAGES_A_DAY):
        services.write_message(booking=booking, text=f"Still there? {number}", actor=cast.emil, now=now)
    db.session.commit()
    address = f"/bookings/{booking.id}/messages"
    page = signed_in_as(cast.emil).post(address, data={"text": "And the gate code is 4711."})
    assert page.status_code == 429
    assert "40 messages within a day" in page.text
    assert "And the gate code is 4711.</textarea>" in page.text
    assert len(queries.thread_of(booking)) == MOST_MESSAGES_A_DAY
    db.session.commit()
    assert signed_in_as(cast.cora).post(address, data={"text": "We read it."}).status_code == 303
    services.write_message(booking=booking, text="Thanks.", actor=cast.emil, now=now + timedelta(days=1))


def test_a_message_whose_files_find_no_room_is_not_sent_and_its_words_stay(
    app: Flask,
    cast: Cast,
    booking: BookingRequest,
    signed_in_as: Signer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "EMPLOYER_FILES_MB", 0)
    emil, address = signed_in_as(cast.emil), f"/bookings/{booking.id}"
    sent = {"text": "Our pad", "files": files(("pad.pdf", PDF))}
    page = emil.post(f"{address}/messages", data=sent)
    assert page.status_code == 422
    assert "There is no room left for files of your organization." in page.text
    assert "Our pad</textarea>" in page.text
    assert queries.thread_of(booking) == []
    page = emil.post(f"{address}/attachments", data={"kind": "other", "files": files(("pad.pdf", PDF))})
    assert (page.status_code, "pad.pdf: There is no room left" in page.text) == (422, True)


def test_a_batch_of_which_nothing_is_kept_is_refused_file_by_file(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil, address = signed_in_as(cast.emil), f"/bookings/{booking.id}/attachments"
    page = emil.post(
        address, data={"kind": "insurance", "files": files(("a.html", HTML), ("b.svg", b"<svg/>"))}
    )
    assert page.status_code == 422
    assert "a.html: " in page.text
    assert "b.svg: " in page.text
    assert re.search(r'checked [^>]*value="insurance"', page.text)
    assert "Choose a file first." in emil.post(address, data={"kind": "insurance"}).text
    assert queries.files_of(booking) == []


def test_a_draft_takes_photos_before_it_is_sent(cast: Cast, now: datetime, signed_in_as: Signer) -> None:
    begun = draft(cast, now)
    db.session.commit()
    emil, address = signed_in_as(cast.emil), f"/bookings/{begun.id}/attachments"
    answer = emil.post(address, data={"kind": "site_photo", "files": files(("a.png", picture("PNG")))})
    assert answer.headers["Location"] == f"/bookings/{begun.id}/answers#files"
    assert "a.jpg" in emil.get(f"/bookings/{begun.id}/answers").text
    refused = emil.post(address, data={"kind": "site_photo"})
    assert refused.status_code == 422
    assert "Check your answers" in refused.text
    assert signed_in_as(cast.cora).post(address).status_code == 404


def test_more_than_a_few_files_together_is_a_friendly_page(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer
) -> None:
    emil = signed_in_as(cast.emil)
    for address in ("messages", "attachments"):
        page = emil.post(
            f"/bookings/{booking.id}/{address}",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
            environ_overrides={"CONTENT_LENGTH": str(MOST_AT_ONCE + 1)},
        )
        assert page.status_code == 413
        assert "That is too much at once" in page.text
    # Elsewhere the limit is as it was.
    page = emil.post(
        "/settings/profile",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
        environ_overrides={"CONTENT_LENGTH": str(13 * 1024 * 1024)},
    )
    assert page.status_code == 413
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BookingMessage)) == 0


@pytest.mark.parametrize(
    ("first", "today", "days"),
    [
        (date(2026, 4, 13), date(2026, 4, 13), 0),
        (date(2026, 4, 13), date(2026, 4, 15), 2),
        (date(2026, 4, 17), date(2026, 4, 20), 1),
        (date(2026, 4, 18), date(2026, 4, 20), 1),
        (date(2026, 5, 22), date(2026, 5, 26), 1),
    ],
)
def test_weekends_and_holidays_are_no_working_days(first: date, today: date, days: int) -> None:
    assert working_days_since(first, today, {date(2026, 5, 25): "Memorial Day"}) == days
