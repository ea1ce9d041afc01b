"""What an organization may attach has an end, for a small server's sake; who made a file may remove it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services.people import end_role, give_role
from labtracker.attachments import services
from labtracker.attachments.quotas import room_of
from labtracker.attachments.reading import Content
from labtracker.attachments.rules import DAY, MOST_A_DAY, MOST_PER_SUBJECT, MediaType
from labtracker.attachments.services import Reading, Upload
from labtracker.errors import DomainError
from labtracker.kit.ids import uuid7
from tests.cast import Cast


def attach(actor: Person, now: datetime, count: int, size: int = 10) -> list[str]:
    """Attach so many different files to something new; the codes of what was refused."""
    contents = [Content(b"x" * size, MediaType.PDF, uuid7().hex) for _number in range(count)]
    verdicts = services.attach(
        [Reading("plan.pdf", content) for content in contents],
        subject_kind="booking",
        subject_id=uuid7(),
        kind="other",
        actor=actor,
        now=now,
    )
    return [verdict.error.code for verdict in verdicts if verdict.error]


def fill_the_day(actor: Person, now: datetime) -> None:
    for _round in range(MOST_A_DAY // MOST_PER_SUBJECT):
        assert attach(actor, now, MOST_PER_SUBJECT) == []


def colleague(cast: Cast, now: datetime) -> Person:
    """Stella works for the steel works by now, too."""
    end_role(cast.stella.memberships[0], actor=cast.ada, now=now)
    give_role(cast.stella, organization=cast.steel, role=Role.EMPLOYER, actor=cast.ada, now=now)
    return cast.stella


def test_an_employers_people_share_what_a_day_takes(cast: Cast, now: datetime) -> None:
    fill_the_day(cast.emil, now)
    assert attach(cast.stella, now, 1) == []  # another employer
    stella = colleague(cast, now)
    assert attach(stella, now, 2) == ["file_too_many_today"] * 2
    # A coordinator attaches for them, and tomorrow they do so themselves.
    assert attach(cast.cora, now, 2) == []
    assert attach(stella, now + DAY + timedelta(seconds=1), 2) == []


def test_a_trainer_has_a_day_of_their_own_and_no_sum(
    app: Flask, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "EMPLOYER_FILES_MB", 0)
    fill_the_day(cast.tom, now)
    assert attach(cast.tom, now, 1) == ["file_too_many_today"]


def test_all_of_an_employers_files_have_an_end_removed_ones_too(
    app: Flask, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "EMPLOYER_FILES_MB", 1)
    assert attach(cast.emil, now, 3, size=400_000) == ["file_no_room_left"]
    assert attach(cast.emil, now, 1, size=200_000) == []
    stella = colleague(cast, now)
    assert attach(stella, now + 30 * DAY, 1) == ["file_no_room_left"]
    assert attach(cast.cora, now, 1, size=400_000) == []
    monkeypatch.setitem(app.config, "EMPLOYER_FILES_MB", 2)
    assert attach(stella, now + 30 * DAY, 1) == []


def test_what_finds_no_room_is_not_even_read(cast: Cast, now: datetime) -> None:
    fill_the_day(cast.emil, now)
    (reading,) = services.read_uploads([Upload("gate.jpg", b"not a picture")], room_of(cast.emil, now))
    assert reading.error is not None
    assert (reading.name, reading.error.code) == ("gate.jpg", "file_too_many_today")


def test_who_added_a_file_or_coordinates_removes_it(cast: Cast, now: datetime) -> None:
    content = Content(b"x", MediaType.PDF, uuid7().hex)
    (verdict,) = services.attach(
        [Reading("plan.pdf", content)],
        subject_kind="booking",
        subject_id=uuid7(),
        kind="other",
        actor=cast.emil,
        now=now,
    )
    assert verdict.attachment is not None
    for other in (colleague(cast, now), cast.tom, cast.rita):
        with pytest.raises(DomainError) as refusal:
            services.remove_attachment(verdict.attachment, actor=other, now=now)
        assert (refusal.value.code, refusal.value.status) == ("not_yours_to_remove", 403)
    assert verdict.attachment.removed_at is None
    services.remove_attachment(verdict.attachment, actor=cast.cora, now=now)
    assert verdict.attachment.removed_by_id == cast.cora.id
