"""Many files at once: some are read, all are named, no words are lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from labtracker.attachments import pictures
from labtracker.attachments.models import Attachment
from labtracker.attachments.rules import MOST_PER_SUBJECT
from labtracker.extensions import db
from labtracker.scheduling import queries
from labtracker.scheduling.models import BookingRequest
from tests.attachments.files import PDF, picture
from tests.cast import Cast
from tests.scheduling.test_thread import Signer, booking, files

__all__ = ["booking"]


def test_of_too_many_files_the_first_are_read_and_the_rest_named(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [(f"{number}.png", picture("PNG", (10 + number, 9))) for number in range(MOST_PER_SUBJECT + 3)]
    drawn, draw_anew = [], pictures.draw_anew

    def noted(data: bytes, reader: str, *, wait: float) -> pictures.Drawn:
        drawn.append(data)
        return draw_anew(data, reader, wait=wait)

    monkeypatch.setattr(pictures, "draw_anew", noted)
    data = {"text": "The yard from all sides.", "files": files(*sent)}
    page = (
        signed_in_as(cast.emil)
        .post(f"/bookings/{booking.id}/messages", data=data, follow_redirects=True)
        .text
    )
    assert drawn == [data for _name, data in sent[:MOST_PER_SUBJECT]]
    assert "The yard from all sides." in page
    assert page.count("Send at most 20 files at once.") == 3
    assert "Not attached: 22.png" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == MOST_PER_SUBJECT


def test_when_many_pictures_wait_who_sends_one_is_asked_to_come_again_and_the_words_stay(
    cast: Cast, booking: BookingRequest, signed_in_as: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.0)
    emil, plan = signed_in_as(cast.emil), ("plan.png", picture("PNG"))
    home = f"/bookings/{booking.id}"
    with pictures.AT_ONCE, pictures.AT_ONCE:
        words = emil.post(f"{home}/messages", data={"text": "The gate <3", "files": files(plan, plan)})
        paper = emil.post(f"{home}/attachments", data={"kind": "insurance", "files": files(plan)})
        both = emil.post(
            f"{home}/attachments",
            data={"kind": "insurance", "files": files(plan, ("cover.pdf", PDF))},
            follow_redirects=True,
        )
    assert (words.status_code, paper.status_code, both.status_code) == (503, 503, 200)
    assert "The gate &lt;3</textarea>" in words.text
    assert "plan.png: Many pictures are being read now." in words.text
    assert "plan.png: Many pictures are being read now." in paper.text
    assert "Not attached: plan.png" in both.text
    assert [file.name for file in queries.files_of(booking)] == ["cover.pdf"]
    assert emil.post(f"{home}/messages", data={"text": "Again", "files": files(plan)}).status_code == 303
