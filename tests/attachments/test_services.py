"""A batch is judged file by file; what is removed is archived; what is deleted is gone."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.attachments import queries, services
from labtracker.attachments.models import Attachment, AttachmentBytes
from labtracker.attachments.rules import MOST_PER_SUBJECT
from labtracker.attachments.services import Upload
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from tests.attachments.files import HTML, PDF, picture
from tests.cast import Cast

SUBJECT = uuid7()


def attach(cast: Cast, now: datetime, *files: tuple[str, bytes]) -> list[services.Verdict]:
    return services.attach(
        services.read_uploads(Upload(name, data) for name, data in files),
        subject_kind="booking",
        subject_id=SUBJECT,
        kind="site_photo",
        actor=cast.emil,
        now=now,
    )


def here() -> list[Attachment]:
    return list(db.session.scalars(queries.attached_to("booking", [SUBJECT])))


def test_each_file_of_a_batch_gets_its_own_verdict(cast: Cast, now: datetime) -> None:
    gate = picture("PNG")
    verdicts = attach(
        cast, now, ("gate.png", gate), ("page.jpg", HTML), ("cover.pdf", PDF), ("again.png", gate)
    )
    assert [verdict.name for verdict in verdicts] == ["gate.jpg", "page.jpg", "cover.pdf", "again.jpg"]
    assert [verdict.error.code if verdict.error else None for verdict in verdicts] == [
        None,
        "file_web_page",
        None,
        None,
    ]
    assert [verdict.was_here for verdict in verdicts] == [False, False, False, True]
    first, second = here()
    assert (first.name, first.media_type, first.added_by, first.added_at) == (
        "gate.jpg",
        "image/jpeg",
        cast.emil,
        now,
    )
    assert second.size == len(PDF)
    assert db.session.scalar(queries.bytes_of(second)) == PDF
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "attachment_added")).all()
    assert {(entry.subject_kind, entry.subject_id) for entry in trail} == {("booking", SUBJECT)}
    assert len(trail) == 2


def test_the_same_file_sent_twice_is_kept_once(cast: Cast, now: datetime) -> None:
    attach(cast, now, ("cover.pdf", PDF))
    (verdict,) = attach(cast, now, ("renamed.pdf", PDF))
    assert verdict.was_here
    assert verdict.attachment is not None
    assert [row.name for row in here()] == ["cover.pdf"]


def test_no_more_than_twenty_files_are_kept(cast: Cast, now: datetime) -> None:
    files = [(f"{number}.png", picture("PNG", (10 + number, 9))) for number in range(MOST_PER_SUBJECT + 1)]
    verdicts = attach(cast, now, *files)
    assert [verdict.error.code for verdict in verdicts if verdict.error] == ["too_many_files"]
    services.remove_attachment(here()[0], actor=cast.emil, now=now)
    (verdict,) = attach(cast, now, files[-1])
    assert verdict.attachment is not None


def test_what_is_removed_is_seen_by_nobody_and_archived(cast: Cast, now: datetime) -> None:
    (verdict,) = attach(cast, now, ("cover.pdf", PDF))
    row = verdict.attachment
    assert row is not None
    services.remove_attachment(row, actor=cast.cora, now=now)
    services.remove_attachment(row, actor=cast.emil, now=now)
    assert here() == []
    assert (row.removed_at, row.removed_by_id) == (now, cast.cora.id)
    assert db.session.get(AttachmentBytes, row.id) is not None
    (again,) = attach(cast, now, ("cover.pdf", PDF))
    assert not again.was_here


@pytest.mark.parametrize("removed", [False, True])
def test_what_is_deleted_leaves_no_bytes(cast: Cast, now: datetime, removed: bool) -> None:
    (verdict,) = attach(cast, now, ("cover.pdf", PDF))
    assert verdict.attachment is not None
    if removed:
        services.remove_attachment(verdict.attachment, actor=cast.emil, now=now)
    services.erase_attachments("booking", [SUBJECT])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AttachmentBytes)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
