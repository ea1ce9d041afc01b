"""Named writes of attached files. They flush and never commit.

A batch is judged file by file: what can be kept is kept, and each that cannot says why. Reading comes first
and takes seconds; it needs no database, so that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.attachments import queries
from labtracker.attachments.models import Attachment, AttachmentBytes
from labtracker.attachments.quotas import Room, room_of
from labtracker.attachments.reading import Content, read_content
from labtracker.attachments.refusals import BUSY, refused
from labtracker.attachments.rules import ENDINGS, MOST_PER_SUBJECT, MediaType, kept_name
from labtracker.errors import DomainError
from labtracker.extensions import db


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name it had, its bytes, or None where too many came for it to be read."""

    name: str
    data: bytes | None


@dataclass(frozen=True)
class Reading:
    """A file that was read: its name to keep and its content, or why there is none."""

    name: str
    content: Content | None = None
    error: DomainError | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of one file of a batch: the attachment, new or known, or the refusal."""

    name: str
    attachment: Attachment | None = None
    error: DomainError | None = None
    was_here: bool = False


def read_uploads(uploads: Iterable[Upload], room: Room | None = None) -> list[Reading]:
    """Read every file of a batch; no file stops another, and a batch waits for a place to be read once.

    Where there is no more ``room``, nothing is read.
    """
    readings: list[Reading] = []
    patient, no_room = True, room.refusal() if room is not None else None
    for upload in uploads:
        reading = _read(upload, patient=patient) if no_room is None else _unread(upload, no_room)
        patient = patient and (reading.error is None or reading.error.code != BUSY)
        readings.append(reading)
    return readings


def _read(upload: Upload, *, patient: bool) -> Reading:
    try:
        if upload.data is None:
            raise refused("one_too_many", _("Send at most %(most)s files at once.", most=MOST_PER_SUBJECT))
        content = read_content(upload.data, patient=patient)
    except DomainError as error:
        return _unread(upload, error)
    fallback = _("document") if content.media_type is MediaType.PDF else _("photo")
    return Reading(kept_name(upload.name, ENDINGS[content.media_type], fallback), content)


def _unread(upload: Upload, error: DomainError) -> Reading:
    # The name as it came, so that people know which one is meant, but fit to be shown.
    return Reading(kept_name(upload.name, _ending_of(upload.name), _("file")), error=error)


def status_of(refused_files: Iterable[Reading | Verdict]) -> int:
    """The HTTP status when none of these files was kept: 503 when time alone was missing, else 422."""
    codes = {one.error.code for one in refused_files if one.error is not None}
    return 503 if codes == {BUSY} else 422


def _ending_of(name: str) -> str:
    ending = name.rpartition(".")[2]
    return f".{ending}" if ending != name and ending.isalnum() and len(ending) <= 5 else ""


def attach(
    readings: Sequence[Reading],
    *,
    subject_kind: str,
    subject_id: UUID,
    kind: str,
    actor: Person,
    now: datetime,
) -> list[Verdict]:
    """Keep what was read with a subject that the actor was let in to; one verdict for each, in order."""
    known = {
        row.source_sha256: row
        for row in db.session.scalars(queries.attached_to(subject_kind, [subject_id])).unique()
    }
    room = room_of(actor, now, held=True)
    verdicts = []
    for reading in readings:
        if reading.content is None:
            verdicts.append(Verdict(reading.name, error=reading.error))
            continue
        same = known.get(reading.content.source_sha256)
        if same is not None:
            verdicts.append(Verdict(reading.name, same, was_here=True))
        elif len(known) >= MOST_PER_SUBJECT:
            verdicts.append(Verdict(reading.name, error=_full()))
        elif (refusal := room.refusal(len(reading.content.data))) is not None:
            verdicts.append(Verdict(reading.name, error=refusal))
        else:
            room.take(len(reading.content.data))
            row = _keep(reading.name, reading.content, subject_kind, subject_id, kind, actor, now)
            known[row.source_sha256] = row
            verdicts.append(Verdict(row.name, row))
    db.session.flush()
    return verdicts


def _full() -> DomainError:
    return DomainError(
        "too_many_files",
        _("There are %(most)s files here already. Remove one first.", most=MOST_PER_SUBJECT),
        field="files",
    )


def _keep(
    name: str, content: Content, subject_kind: str, subject_id: UUID, kind: str, actor: Person, now: datetime
) -> Attachment:
    row = Attachment(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        name=name,
        media_type=str(content.media_type),
        size=len(content.data),
        width=content.width,
        height=content.height,
        source_sha256=content.source_sha256,
        added_by=actor,
        added_at=now,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(AttachmentBytes(attachment_id=row.id, data=content.data))
    record_audit(actor, "attachment_added", subject_kind, subject_id, now, attachment_id=row.id, kind=kind)
    return row


def may_remove(attachment: Attachment, actor: Person) -> bool:
    """Whether somebody may take a file out of sight: whoever added it, or a coordinator."""
    return attachment.added_by_id == actor.id or actor.has(Role.COORDINATOR)


def remove_attachment(attachment: Attachment, *, actor: Person, now: datetime) -> None:
    """Take a file out of everybody's sight; it stays in the archive, with who and when.

    Raises DomainError ``not_yours_to_remove`` for anybody but who added it and coordinators.
    """
    if not may_remove(attachment, actor):
        raise DomainError(
            "not_yours_to_remove",
            _("Only %(who)s, who added it, or a coordinator may remove this.", who=attachment.added_by.name),
            status=403,
        )
    if attachment.removed_at is not None:
        return
    attachment.removed_at, attachment.removed_by_id = now, actor.id
    record_audit(
        actor,
        "attachment_removed",
        attachment.subject_kind,
        attachment.subject_id,
        now,
        attachment_id=attachment.id,
    )
    db.session.flush()


def erase_attachments(subject_kind: str, subject_ids: Iterable[UUID]) -> None:
    """Delete all files of subjects that are deleted themselves, bytes and all."""
    ids = sa.select(Attachment.id).where(
        Attachment.subject_kind == subject_kind, Attachment.subject_id.in_(list(subject_ids))
    )
    db.session.execute(sa.delete(AttachmentBytes).where(AttachmentBytes.attachment_id.in_(ids)))
    db.session.execute(
        sa.delete(Attachment).where(
            Attachment.subject_kind == subject_kind, Attachment.subject_id.in_(list(subject_ids))
        )
    )
