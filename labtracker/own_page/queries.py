"""Named reads of the worker's own page: whose page, whose address, who of the college may help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import AuditEntry, Membership, Person
from labtracker.accounts.queries import holders_of
from labtracker.accounts.rules import Role
from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.queries import given_elsewhere, standing_consents
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint
from labtracker.own_page.models import OwnAddress, OwnLink, OwnVisit, OwnWord
from labtracker.own_page.rules import Obstacle, Reached, mailbox_of, may_still_look, obstacle_to_mail
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Session
from labtracker.scheduling.queries import sessions_for_trainer

STAFF = (Role.COORDINATOR, Role.ADMINISTRATOR)


def workers_handed_to(actor: Person) -> sa.Select[Worker]:
    """Workers to whom somebody may hand a link: coordinators to all, trainers to those they train.

    An employer never may: whoever opens the page can release attendance in the worker's name.
    """
    query = sa.select(Worker).where(Worker.merged_into_id.is_(None)).options(joinedload(Worker.employer))
    if actor.has(Role.COORDINATOR):
        return query
    if not actor.has(Role.TRAINER):
        return query.where(sa.false())
    trained = sessions_for_trainer(actor).with_only_columns(Session.cohort_id)
    enrolled = sa.select(Enrollment.worker_id).where(Enrollment.cohort_id.in_(trained))
    return query.where(Worker.id.in_(enrolled))


def worker_reached_by(contact: str) -> Worker | None:
    """The one worker whose mail or telephone this is; nobody where several have it.

    ``contact`` is as rosters keep it: an address in lower case, or a number in E.164.
    """
    column = Worker.email if "@" in contact else Worker.phone
    found = db.session.scalars(
        sa.select(Worker).where(column == contact, Worker.merged_into_id.is_(None)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def mail_obstacle(worker: Worker) -> Obstacle | None:
    """Why no link is mailed to the address that the roster has of a worker; None where one may be."""
    email = worker.email
    if email is None:
        return obstacle_to_mail(Reached(None))
    others = sa.select(sa.func.count()).where(
        _same_mailbox(Worker.email, email), Worker.id != worker.id, Worker.merged_into_id.is_(None)
    )
    employers = (
        sa.select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(_same_mailbox(Person.email, email), Membership.role == Role.EMPLOYER)
        .limit(1)
    )
    return obstacle_to_mail(
        Reached(
            email,
            archived=worker.archived_at is not None,
            others_with_it=db.session.scalar(others) or 0,
            is_an_employers=db.session.scalar(employers) is not None,
            is_the_known_one=_is_known_address(worker, email),
        )
    )


def _same_mailbox(column: Any, email: str) -> sa.ColumnElement[bool]:
    name, domain = mailbox_of(email)
    labelled = sa.and_(
        column.startswith(f"{name}+", autoescape=True), column.endswith(f"@{domain}", autoescape=True)
    )
    return sa.or_(column == f"{name}@{domain}", labelled)


def _is_known_address(worker: Worker, email: str) -> bool:
    known = db.session.get(OwnAddress, worker.id)
    if known is not None:
        return known.fingerprint == fingerprint(email)
    changed = _last_change_of_mail(worker)
    if changed is None or changed.actor_id is None:
        return True
    began = db.session.scalar(
        sa.select(sa.func.min(Session.starts_at))
        .join(Attendance, Attendance.session_id == Session.id)
        .join(Enrollment, Enrollment.id == Attendance.enrollment_id)
        .where(Enrollment.worker_id == worker.id)
    )
    if began is None or changed.at < began:
        return True
    staff = holders_of(*STAFF).where(Membership.person_id == changed.actor_id)
    return db.session.scalar(staff.limit(1)) is not None


def _last_change_of_mail(worker: Worker) -> AuditEntry | None:
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.subject_kind == "worker",
            AuditEntry.subject_id == worker.id,
            AuditEntry.action == "worker_changed",
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    return next((entry for entry in entries if "email" in entry.detail.get("fields", ())), None)


def visit_behind(token: str, now: datetime) -> OwnVisit | None:
    """The open page behind a browser's token, as long as it is still the worker's."""
    visit = db.session.scalar(
        sa.select(OwnVisit).where(OwnVisit.fingerprint == fingerprint(token), OwnVisit.ends_at > now)
    )
    return visit if visit is not None and still_theirs(visit.worker, visit.mailed_to) else None


def still_theirs(worker: Worker, mailed_to: str | None) -> bool:
    """Whether what was mailed to this address (its fingerprint; None: handed over) still is the worker's."""
    return may_still_look(
        archived=worker.archived_at is not None,
        merged=worker.merged_into_id is not None,
        mailed_to=mailed_to,
        mail_now=fingerprint(worker.email) if worker.email else None,
    )


def last_answer(worker: Worker) -> Event | None:
    """What the worker last said about the release of their attendance, here or before a trainer."""
    said = standing_consents([worker.id])
    # What was answered about another employer is no answer about this one.
    elsewhere = given_elsewhere(said)
    return next((one for one in reversed(said) if one.frame_id not in elsewhere), None)


def last_visit(worker: Worker) -> OwnVisit | None:
    """When the page was last opened, as far as that is kept."""
    return db.session.scalar(
        sa.select(OwnVisit).where(OwnVisit.worker_id == worker.id).order_by(OwnVisit.began_at.desc()).limit(1)
    )


def words_of(worker: Worker) -> sa.Select[OwnWord]:
    """What a worker wrote, the latest first."""
    return sa.select(OwnWord).where(OwnWord.worker_id == worker.id).order_by(OwnWord.written_at.desc())


def words_read_by(actor: Person) -> sa.Select[OwnWord]:
    """What workers wrote: coordinators read all of it, nobody else any."""
    may = sa.true() if actor.has(Role.COORDINATOR) else sa.false()
    return sa.select(OwnWord).where(may).options(joinedload(OwnWord.session))


def waiting_words() -> int:
    """How much of it nobody has settled yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(OwnWord.settled_at.is_(None))) or 0


def link_with(secret: str, now: datetime) -> OwnLink | None:
    """The link behind a secret, if it would work now; nothing is spent."""
    link = db.session.scalar(
        sa.select(OwnLink).where(
            OwnLink.fingerprint == fingerprint(secret), OwnLink.used_at.is_(None), OwnLink.expires_at > now
        )
    )
    return link if link is not None and _of_living(link) else None


def _of_living(link: OwnLink) -> bool:
    return still_theirs(db.session.get_one(Worker, link.worker_id), link.mailed_to)


def somebody_with_a_link() -> Worker | None:
    """The first worker who got a link: in the demo, the one to try the page with."""
    return db.session.scalar(
        sa.select(Worker).join(OwnLink, OwnLink.worker_id == Worker.id).order_by(OwnLink.created_at).limit(1)
    )
