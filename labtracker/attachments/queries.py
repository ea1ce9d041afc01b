"""Named reads of attached files. Who may see a subject, and so its files, its own slice decides."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from labtracker.attachments.models import Attachment, AttachmentBytes


def attached_to(subject_kind: str, subject_ids: Iterable[UUID]) -> sa.Select[Attachment]:
    """The files of some subjects of one kind that were not removed, in the order in which they came."""
    return (
        sa.select(Attachment)
        .where(
            Attachment.subject_kind == subject_kind,
            Attachment.subject_id.in_(list(subject_ids)),
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.added_at, Attachment.id)
    )


def removed_from(subject_kind: str, subject_id: UUID) -> sa.Select[Attachment]:
    """The files of a subject that somebody took out of sight, the last removed first."""
    return (
        sa.select(Attachment)
        .where(
            Attachment.subject_kind == subject_kind,
            Attachment.subject_id == subject_id,
            Attachment.removed_at.is_not(None),
        )
        .order_by(Attachment.removed_at.desc(), Attachment.id)
    )


def bytes_of(attachment: Attachment) -> sa.Select[bytes]:
    """The content of one file."""
    return sa.select(AttachmentBytes.data).where(AttachmentBytes.attachment_id == attachment.id)
