"""Writing to the other side of a booking, and attaching files to it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError

from labtracker.accounts.models import Person
from labtracker.accounts.rules import MailKind
from labtracker.accounts.services import mail_person, record_audit
from labtracker.attachments import services as attachments
from labtracker.attachments.models import Attachment
from labtracker.attachments.services import Reading, Verdict
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.thread import last_message_of, written_by_employer
from labtracker.scheduling.rules.states import BookingStatus, Side
from labtracker.scheduling.rules.thread import (
    BOOKING_FILES,
    LONGEST_MESSAGE,
    MESSAGE_FILES,
    MOST_MESSAGES_A_DAY,
    FileKind,
)
from labtracker.scheduling.services.notices import address_of, coordinators, people_of
from labtracker.scheduling.services.steps import side_of
from labtracker.scheduling.thread_models import BookingMessage, BookingReading

log = logging.getLogger(__name__)
# An impatient thumb sends the same words twice within seconds.
SAME_AGAIN = timedelta(minutes=2)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """A message that was written, and what became of each file that came with it."""

    message: BookingMessage
    verdicts: list[Verdict] = field(default_factory=list)


def write_message(
    *, booking: BookingRequest, text: str, actor: Person, now: datetime, files: Sequence[Reading] = ()
) -> Sent:
    """Write to the other side, who hears of it by mail.

    Files that can be kept go along; when none of them can, nothing is sent. The same words sent again at
    once are one message.
    """
    side = side_of(actor, booking)
    words = _checked(booking, text, files)
    last = last_message_of(booking)
    if last is not None and (last.author_id, last.text) == (actor.id, words) and now - last.at < SAME_AGAIN:
        message, is_new = last, False
    else:
        _refuse_flood(booking, side, now)
        message, is_new = (
            BookingMessage(booking=booking, side=str(side), author=actor, at=now, text=words),
            True,
        )
        db.session.add(message)
        db.session.flush()
    verdicts = attachments.attach(
        files, subject_kind=MESSAGE_FILES, subject_id=message.id, kind=FileKind.OTHER, actor=actor, now=now
    )
    if files and not any(verdict.attachment for verdict in verdicts):
        raise _no_file_kept(verdicts)
    if is_new:
        record_audit(actor, "message_written", "booking", booking.id, now)
        _tell(message, [verdict.name for verdict in verdicts if verdict.attachment], now)
    mark_read(booking=booking, actor=actor, now=now)
    return Sent(message, verdicts)


def _checked(booking: BookingRequest, text: str, files: Sequence[Reading]) -> str:
    words = text.strip()
    if booking.status == BookingStatus.DRAFT:
        raise DomainError("not_sent_yet", _("Send the booking first, then write about it."), status=409)
    if files and not any(reading.content for reading in files):
        raise _no_file_kept(files)
    if not words and not files:
        raise DomainError("message_missing", _("Write something first."), field="text")
    if len(words) > LONGEST_MESSAGE:
        raise DomainError(
            "message_too_long",
            _("Please keep a message to %(most)s characters.", most=f"{LONGEST_MESSAGE:,}"),
            field="text",
        )
    return words


def _no_file_kept(files: Sequence[Reading | Verdict]) -> DomainError:
    whys = [_("%(name)s: %(why)s", name=one.name, why=one.error.message) for one in files if one.error]
    return DomainError("no_file_kept", " ".join(whys), field="files", status=attachments.status_of(files))


def _refuse_flood(booking: BookingRequest, side: Side, now: datetime) -> None:
    if side is Side.EMPLOYER and written_by_employer(booking.employer_id, now - DAY) >= MOST_MESSAGES_A_DAY:
        raise DomainError(
            "too_many_messages",
            _(
                "Your organization has written %(most)s messages within a day. Please send this one"
                " tomorrow, or call us.",
                most=MOST_MESSAGES_A_DAY,
            ),
            field="text",
            status=429,
        )


def _tell(message: BookingMessage, files: list[str], now: datetime) -> None:
    booking = message.booking
    others = coordinators() if message.side == Side.EMPLOYER else people_of(booking.employer_id)
    for person in {one.id: one for one in others if one.id != message.author_id}.values():
        mail_person(
            person,
            "message",
            MailKind.MESSAGES,
            now,
            booking=booking,
            message=message,
            files=files,
            to_employer=message.side == Side.PROVIDER,
            url=address_of(f"/bookings/{booking.id}#messages"),
        )


def mark_read(*, booking: BookingRequest, actor: Person, now: datetime) -> None:
    """Note in the present transaction that somebody has read everything about a booking."""
    row = db.session.get(BookingReading, (booking.id, actor.id))
    if row is None:
        db.session.add(BookingReading(booking_id=booking.id, person_id=actor.id, read_at=now))
    else:
        row.read_at = now
    db.session.flush()


def mark_read_aside(*, booking: BookingRequest, actor: Person, now: datetime) -> None:
    """The same in a transaction of its own: a page that only reads must not become a writer half-way."""
    here = {"booking_id": booking.id, "person_id": actor.id}
    seen = sa.update(BookingReading).filter_by(**here).values(read_at=now)
    try:
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.execute(seen).rowcount == 0:
                connection.execute(sa.insert(BookingReading).values(**here, read_at=now))
    except (OperationalError, IntegrityError):
        log.warning("a message could not be marked as read; the next look will try again")


def attach_to_booking(
    *, booking: BookingRequest, files: Sequence[Reading], kind: FileKind, actor: Person, now: datetime
) -> list[Verdict]:
    """Attach files to a booking, for both sides to see; a verdict for each. Refuses when there is none."""
    side_of(actor, booking)
    if not files:
        raise DomainError("no_file", _("Choose a file first."), field="files")
    return attachments.attach(
        files, subject_kind=BOOKING_FILES, subject_id=booking.id, kind=str(kind), actor=actor, now=now
    )


def detach_from_booking(
    *, booking: BookingRequest, attachment: Attachment, actor: Person, now: datetime
) -> None:
    """Take a file of a booking out of sight. What was sent with a message stays with it."""
    side_of(actor, booking)
    if attachment.subject_kind != BOOKING_FILES:
        raise DomainError("part_of_a_message", _("What was sent with a message stays with it."), status=409)
    attachments.remove_attachment(attachment, actor=actor, now=now)
