"""What a worker writes from their page: that a time is wrong, or what else the college should know."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import MailKind, Role
from labtracker.accounts.services import mail_person, record_audit
from labtracker.accounts.services.throttling import count_try
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import public_url
from labtracker.kit.text import tidy_lines
from labtracker.own_page.models import OwnWord
from labtracker.roster.models import Worker
from labtracker.scheduling.models import Session

LONGEST = 1000


def write_word(worker: Worker, text: str, *, session: Session | None, now: datetime) -> OwnWord:
    """Leave word for the coordinators, who also get a mail that says so, without the words.

    Raises DomainError ``text_missing`` or ``too_many_words``.
    """
    text = tidy_lines(text)
    if not text:
        raise DomainError("text_missing", _("Write what is wrong."), field="text", status=422)
    if not count_try("own_word", "worker", str(worker.id), now):
        raise DomainError(
            "too_many_words", _("You wrote often today. The college answers first; or call."), status=429
        )
    word = OwnWord(
        worker=worker, session_id=session.id if session else None, text=text[:LONGEST], written_at=now
    )
    db.session.add(word)
    db.session.flush()
    record_audit(None, "own_word_written", "worker", worker.id, now)
    for coordinator in db.session.scalars(people_with_role(Role.COORDINATOR, Role.ADMINISTRATOR)).unique():
        mail_person(
            coordinator,
            "own_word",
            MailKind.MESSAGES,
            now,
            worker=worker,
            url=public_url("own_page.words"),
        )
    return word


def settle_word(word: OwnWord, *, actor: Person, now: datetime) -> None:
    """Say that what a worker wrote was seen to."""
    if word.settled_at is None:
        word.settled_at, word.settled_by_id = now, actor.id
        record_audit(actor, "own_word_settled", "worker", word.worker_id, now)
    db.session.flush()
