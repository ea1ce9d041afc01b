"""Outgoing mail: rendered in the recipient's language, kept in the outbox, sent by a job.

A mail is two templates, ``templates/mail/<name>.txt`` and ``.html``. The text's first line is the subject.
Addresses in a mail come from ``public_url``, since a mail has no page it could be relative to.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale

from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.jobs.queries import jobs_of_kind, unsent_mails
from labtracker.jobs.services import enqueue, handles, recurs
from labtracker.web.language import LOCALES

WAITING = "send_waiting_mail"
WORTH_SENDING = timedelta(days=3)


@dataclass(frozen=True)
class Choice:
    """Why somebody gets a mail that they may do without, and the address that stops mails of its kind.

    The address answers a POST that anybody may send for its reader (RFC 8058); GET changes nothing there.
    """

    why: Any
    url: str


def public_url(endpoint: str, *, _anchor: str | None = None, **values: Any) -> str:
    """The full address of a page as people outside see it, from PUBLIC_URL, in or out of a request."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(
        parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme or "http"
    )
    address = adapter.build(endpoint, values, force_external=True)
    return f"{address}#{_anchor}" if _anchor else address


def queue_mail(
    to: str,
    template: str,
    language: str | None,
    now: datetime,
    *,
    choice: Choice | None = None,
    **context: Any,
) -> MailMessage:
    """Write a mail into the outbox and ask for its sending, in the transaction of whatever causes it."""
    language = language if language in LOCALES else "en"
    text, html = _render(template, language, {"choice": choice, **context})
    subject, _, body = text.partition("\n")
    mail = MailMessage(
        recipient=to,
        subject=" ".join(subject.split())[:200],
        text=body.strip() + "\n",
        html=html,
        language=language,
        stop_url=choice.url if choice else None,
        created_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    enqueue("send_mail", {"mail_id": str(mail.id)}, due_at=now, now=now)
    return mail


def mail_leaves() -> bool:
    """Whether mails reach anybody: through a mail server, or in the demo on its outbox page."""
    return bool(current_app.config["SMTP_HOST"] or current_app.config["DEMO"])


def _render(template: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    environment = current_app.jinja_env
    known = {
        "public_address": current_app.config["PUBLIC_URL"],
        "language": language,
        **context,
    }
    with force_locale(LOCALES[language]):
        text = environment.get_template(f"mail/{template}.txt").render(known)
        html = environment.get_template(f"mail/{template}.html").render(known)
        if context["choice"] is not None:
            text = f"{text.strip()}\n\n{environment.get_template('mail/_choice.txt').render(known)}"
    return text.strip(), html


@handles("send_mail")
def send_mail(arguments: dict[str, Any], now: datetime) -> None:
    """Hand one mail to the mail server. Without a server it stays in the outbox.

    Once sent, its text is erased: it may hold a link that signs somebody in.
    """
    app = current_app
    mail = db.session.get(MailMessage, UUID(arguments["mail_id"]))
    if mail is None or mail.sent_at is not None or not app.config["SMTP_HOST"]:
        return
    message = as_message(mail, sender=app.config["MAIL_FROM"], now=now)
    with _mail_server(app) as server:
        server.send_message(message)
    mail.sent_at = now
    mail.text = ""
    mail.html = None
    mail.stop_url = None
    db.session.flush()


@recurs(WAITING)
def waiting_mail_due(now: datetime) -> datetime | None:
    """Now, when mails wait that could not leave because no mail server had been named, and one is now."""
    return now if current_app.config["SMTP_HOST"] and _left_waiting(now) else None


@handles(WAITING)
def send_waiting_mail(_arguments: dict[str, Any], now: datetime) -> None:
    """Ask again for the sending of mails that are still worth it; what they link to ends after some days."""
    for mail_id in _left_waiting(now):
        enqueue("send_mail", {"mail_id": str(mail_id)}, due_at=now, now=now)


def _left_waiting(now: datetime) -> list[UUID]:
    unsent = [*db.session.scalars(unsent_mails(now - WORTH_SENDING))]
    if not unsent:
        return []
    jobs = db.session.scalars(jobs_of_kind("send_mail", now - WORTH_SENDING)).all()
    # Who is still being tried, or was given up, is not asked for again.
    others = {job.arguments["mail_id"] for job in jobs if job.done_at is None}
    return [mail.id for mail in unsent if str(mail.id) not in others]


class _InOneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: mail programs read an address in pieces, or encoded, as none at all."""

    def fold(self, *, policy: Policy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _InOneLine)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def as_message(mail: MailMessage, *, sender: str, now: datetime) -> EmailMessage:
    """The mail as it travels: text first, HTML as the alternative."""
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("<> ") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    # Setting the content drops every header about it, so this one comes last.
    message["Content-Language"] = mail.language
    return message


def _mail_server(app: Flask) -> smtplib.SMTP:
    config = app.config
    server = smtplib.SMTP(config["SMTP_HOST"], config["SMTP_PORT"], timeout=20)
    if config["SMTP_TLS"]:
        server.starttls(context=ssl.create_default_context())
    if config["SMTP_USER"]:
        server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
    return server
