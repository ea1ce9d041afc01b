"""Named reads of certificates, and who may make them."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.certificates.models import Certificate, CertificateRun, SigningKey
from labtracker.certificates.rules import COMPLETE, NUMBER_LENGTH
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.ids import CROCKFORD, read_code
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.queries import releasing, workers_visible_to
from labtracker.roster.rules.badges import badge_hash, hash_prefix, secret_of, short_code
from labtracker.scheduling.models import Cohort


def cohorts_awarded_by(actor: Person) -> sa.Select[Cohort]:
    """Cohorts for which somebody may issue certificates: coordinators all, nobody else any."""
    may = sa.true() if actor.has(Role.COORDINATOR) else sa.false()
    return sa.select(Cohort).where(may)


def certificates_kept_by(actor: Person) -> sa.Select[Certificate]:
    """Certificates that somebody may look up, revoke and replace: coordinators all, nobody else any."""
    may = sa.true() if actor.has(Role.COORDINATOR) else sa.false()
    return sa.select(Certificate).where(may).options(_whose())


def workers_told_of_to(actor: Person) -> sa.Select[Worker]:
    """Workers whose transcript somebody may read: coordinators all, employers those of their own who
    released their attendance by name."""
    query = workers_visible_to(actor)
    return query if actor.has(Role.COORDINATOR) else query.where(Worker.id.in_(releasing()))


def certificate_with_secret(written: str) -> Certificate | None:
    """The certificate behind the secret of an address, whatever has become of it.

    The look-up goes by the secret's hash, so how long it takes tells nothing of the secret.
    """
    secret = secret_of(written)
    if secret is None:
        return None
    return db.session.execute(
        sa.select(Certificate).where(Certificate.secret_hash == badge_hash(secret))
    ).scalar_one_or_none()


def number_of(certificate: Certificate) -> str:
    """The number printed on a certificate, for the telephone: ABCD-EFGH."""
    code = short_code(certificate.secret_hash)[:NUMBER_LENGTH]
    return f"{code[:4]}-{code[4:]}"


def mentions(word: str) -> sa.ColumnElement[bool]:
    """Certificates on which a word stands: in the name, the course, or as the whole number."""
    found = [
        column.icontains(word, autoescape=True) for column in (Certificate.name, Certificate.course_title)
    ]
    code = read_code(word)
    if re.fullmatch(f"[{CROCKFORD}]{{{NUMBER_LENGTH}}}", code):
        found.append(Certificate.secret_hash.startswith(hash_prefix(code)))
    return sa.or_(*found)


def is_standing() -> sa.ColumnElement[bool]:
    """Certificates that are neither revoked nor replaced."""
    return Certificate.revoked_at.is_(None) & Certificate.replaced_at.is_(None)


def is_doubtful() -> sa.ColumnElement[bool]:
    """Standing certificates whose completion was undone, has other figures, or whose cohort is open again."""
    enrollment = sa.select(Enrollment.id).join(Cohort, Cohort.id == Enrollment.cohort_id)
    enrollment = enrollment.outerjoin(Completion, Completion.enrollment_id == Enrollment.id)
    undone = sa.or_(Cohort.closed_out_at.is_(None), Completion.state.is_(None), Completion.state != COMPLETE)
    changed = (
        sa.select(Completion.enrollment_id)
        .where(
            Completion.enrollment_id == Certificate.enrollment_id,
            sa.or_(
                Completion.credited_minutes != Certificate.credited_minutes,
                Completion.completed_on != Certificate.completed_on,
            ),
        )
        .exists()
    )
    return is_standing() & sa.or_(Certificate.enrollment_id.in_(enrollment.where(undone)), changed)


def has_other_name() -> sa.ColumnElement[bool]:
    """Standing certificates whose worker has another name by now."""
    name = sa.func.trim(Worker.given_name + " " + Worker.family_name)
    renamed = (
        sa.select(Enrollment.id)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .where(Enrollment.id == Certificate.enrollment_id, name != Certificate.name)
    )
    return is_standing() & renamed.exists()


def doubtful_ids(certificate_ids: Collection[UUID]) -> set[UUID]:
    """Which of these certificates wait for a coordinator's decision."""
    query = sa.select(Certificate.id).where(is_doubtful(), Certificate.id.in_(certificate_ids))
    return set(db.session.scalars(query))


def doubtful_count() -> int:
    """How many certificates wait for a coordinator's decision."""
    query = sa.select(sa.func.count()).select_from(Certificate).where(is_doubtful())
    return db.session.execute(query).scalar_one()


def certificates_of(enrollment_ids: Collection[UUID]) -> dict[UUID, Certificate]:
    """Of each of these enrollments the certificate that stands, else the last one issued."""
    rows = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.enrollment_id.in_(enrollment_ids))
        .order_by(is_standing(), Certificate.issued_at, Certificate.id)
    )
    return {row.enrollment_id: row for row in rows}


def standing_certificate(enrollment_id: UUID) -> Certificate | None:
    """The certificate of an enrollment that is neither revoked nor replaced."""
    return db.session.execute(
        sa.select(Certificate).where(Certificate.enrollment_id == enrollment_id, is_standing())
    ).scalar_one_or_none()


def enrollments_due(cohort_id: UUID) -> list[UUID]:
    """Enrollments of a closed-out cohort that completed and never had a certificate, in a fixed order.

    One that was revoked is not issued again with all the others: that takes a decision of its own.
    """
    had = sa.select(Certificate.enrollment_id).where(Certificate.enrollment_id == Enrollment.id)
    return list(
        db.session.scalars(
            sa.select(Enrollment.id)
            .join(Completion, Completion.enrollment_id == Enrollment.id)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .where(
                Enrollment.cohort_id == cohort_id,
                Cohort.closed_out_at.is_not(None),
                Completion.state == COMPLETE,
                ~had.exists(),
            )
            .order_by(Enrollment.id)
        )
    )


def enrollments_of_cohort(cohort_id: UUID) -> list[UUID]:
    """Everybody on a cohort's roster, walk-ins who turned out to be somebody else left out."""
    query = sa.select(Enrollment.id).join(Worker, Worker.id == Enrollment.worker_id)
    return list(
        db.session.scalars(query.where(Enrollment.cohort_id == cohort_id, Worker.merged_into_id.is_(None)))
    )


def enrollments_of_worker(worker_id: UUID) -> list[UUID]:
    """Every enrollment of a worker in a cohort that was not cancelled."""
    query = sa.select(Enrollment.id).join(Cohort, Cohort.id == Enrollment.cohort_id)
    return list(
        db.session.scalars(query.where(Enrollment.worker_id == worker_id, Cohort.cancelled_at.is_(None)))
    )


def last_run(cohort_id: UUID) -> CertificateRun | None:
    """The last award to a whole cohort."""
    return db.session.execute(
        sa.select(CertificateRun)
        .where(CertificateRun.cohort_id == cohort_id)
        .order_by(CertificateRun.asked_at.desc(), CertificateRun.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def signing_keys() -> list[SigningKey]:
    """Every key there ever was, the newest first."""
    return list(
        db.session.scalars(sa.select(SigningKey).order_by(SigningKey.made_at.desc(), SigningKey.key_id))
    )


def ended_credentials() -> list[UUID]:
    """The ids of credentials whose certificate was revoked or replaced, in the order in which they ended."""
    ended = sa.func.coalesce(Certificate.revoked_at, Certificate.replaced_at)
    return list(
        db.session.scalars(sa.select(Certificate.credential_id).where(~is_standing()).order_by(ended))
    )


def _whose() -> sa.orm.interfaces.LoaderOption:
    return joinedload(Certificate.enrollment).options(
        joinedload(Enrollment.worker), joinedload(Enrollment.cohort).joinedload(Cohort.worksite)
    )
