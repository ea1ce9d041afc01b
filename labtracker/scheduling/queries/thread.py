"""Messages and files of bookings, and who has not read what. Whoever may see a booking sees them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.attachments.models import Attachment
from labtracker.attachments.queries import attached_to
from labtracker.extensions import db
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.visibility import bookings_visible_to
from labtracker.scheduling.rules.states import Side
from labtracker.scheduling.rules.thread import BOOKING_FILES, MESSAGE_FILES
from labtracker.scheduling.thread_models import BookingMessage, BookingReading


@dataclass(frozen=True)
class Written:
    """A message with the files that came along."""

    message: BookingMessage
    files: list[Attachment]


def thread_of(booking: BookingRequest) -> list[Written]:
    """What was written about a booking, the oldest first."""
    messages = list(db.session.scalars(_messages_of(booking)))
    files = _all(attached_to(MESSAGE_FILES, [message.id for message in messages])) if messages else []
    return [
        Written(message, [file for file in files if file.subject_id == message.id]) for message in messages
    ]


def files_of(booking: BookingRequest) -> list[Attachment]:
    """The files of a booking itself: photos of the site, proof of insurance."""
    return _all(attached_to(BOOKING_FILES, [booking.id]))


def file_of(booking: BookingRequest, attachment_id: UUID) -> Attachment | None:
    """A file of a booking, or of a message about it; None when there is none."""
    messages = sa.select(BookingMessage.id).where(BookingMessage.booking_id == booking.id)
    return db.session.scalars(
        sa.select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.removed_at.is_(None),
            sa.or_(
                sa.and_(Attachment.subject_kind == BOOKING_FILES, Attachment.subject_id == booking.id),
                sa.and_(Attachment.subject_kind == MESSAGE_FILES, Attachment.subject_id.in_(messages)),
            ),
        )
    ).one_or_none()


def last_message_of(booking: BookingRequest) -> BookingMessage | None:
    """The newest message about a booking."""
    newest = _messages_of(booking).order_by(None).order_by(BookingMessage.at.desc(), BookingMessage.id.desc())
    return db.session.scalars(newest.limit(1)).first()


def written_by_employer(employer_id: UUID, since: datetime) -> int:
    """How many messages an employer's people wrote since then, about all of its bookings."""
    count = (
        sa.select(sa.func.count())
        .select_from(BookingMessage)
        .join(BookingRequest, BookingRequest.id == BookingMessage.booking_id)
        .where(
            BookingRequest.employer_id == employer_id,
            BookingMessage.side == str(Side.EMPLOYER),
            BookingMessage.at > since,
        )
    )
    return db.session.execute(count).scalar_one()


def unread_by_booking(actor: Person) -> dict[UUID, int]:
    """How many messages wait for somebody, by booking; what their own side has answered waits no more."""
    side = Side.PROVIDER if actor.has(Role.COORDINATOR) else Side.EMPLOYER
    answer = aliased(BookingMessage)
    answered = sa.exists().where(
        answer.booking_id == BookingMessage.booking_id,
        answer.side == str(side),
        answer.at >= BookingMessage.at,
    )
    read = sa.exists().where(
        BookingReading.booking_id == BookingMessage.booking_id,
        BookingReading.person_id == actor.id,
        BookingReading.read_at >= BookingMessage.at,
    )
    visible = bookings_visible_to(actor).with_only_columns(BookingRequest.id)
    rows = db.session.execute(
        sa.select(BookingMessage.booking_id, sa.func.count().label("waiting"))
        .where(BookingMessage.side != str(side), ~answered, ~read, BookingMessage.booking_id.in_(visible))
        .group_by(BookingMessage.booking_id)
    )
    return {row.booking_id: row.waiting for row in rows}


def unanswered() -> sa.Select[BookingMessage]:
    """The first message of each booking that employers wrote since a coordinator last did."""
    answer, earlier = aliased(BookingMessage), aliased(BookingMessage)
    last_answer = (
        sa.select(sa.func.max(answer.at))
        .where(answer.booking_id == BookingMessage.booking_id, answer.side == str(Side.PROVIDER))
        .scalar_subquery()
    )
    waits = sa.or_(last_answer.is_(None), BookingMessage.at > last_answer)
    first = ~sa.exists().where(
        earlier.booking_id == BookingMessage.booking_id,
        earlier.side == str(Side.EMPLOYER),
        earlier.at < BookingMessage.at,
        sa.or_(last_answer.is_(None), earlier.at > last_answer),
    )
    return sa.select(BookingMessage).where(BookingMessage.side == str(Side.EMPLOYER), waits, first)


def _messages_of(booking: BookingRequest) -> sa.Select[BookingMessage]:
    return (
        sa.select(BookingMessage)
        .where(BookingMessage.booking_id == booking.id)
        .order_by(BookingMessage.at, BookingMessage.id)
    )


def _all(query: sa.Select[Attachment]) -> list[Attachment]:
    found: Sequence[Attachment] = db.session.scalars(query).unique().all()
    return list(found)
