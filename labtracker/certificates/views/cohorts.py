"""A cohort's certificates: who has one, who is due, issuing them to all or to one."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.certificates import queries, services
from labtracker.certificates.drawing import certificates_pdf
from labtracker.certificates.facts import earned_by
from labtracker.certificates.rules import doubt_about, is_under_way, why_not_awarded
from labtracker.certificates.views.blueprint import as_pdf, blueprint, cohort_awarded
from labtracker.certificates.words import DOUBTS
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.web.edge import commit, load
from labtracker.web.language import LANGUAGES, language


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates")
@roles(Role.COORDINATOR)
def cohort(cohort_id: UUID) -> str:
    """A cohort's workers with their certificates, and how far an award to all of them has come."""
    found = cohort_awarded(cohort_id)
    closed_out = found.closed_out_at is not None
    run = queries.last_run(found.id)
    rows = earned_by(queries.enrollments_of_cohort(found.id))
    held = queries.certificates_of([row.enrollment.id for row in rows])
    by_enrollment = {row.enrollment.id: row for row in rows}
    states = {row.enrollment.id: row.completion.state if row.completion else None for row in rows}
    return render_template(
        "certificates/cohort.html",
        cohort=found,
        rows=rows,
        held=held,
        numbers={one.id: queries.number_of(one) for one in held.values()},
        doubts={
            one.id: DOUBTS[doubt]
            for one in held.values()
            if one.state == "valid"
            and (
                doubt := doubt_about(
                    states[one.enrollment_id],
                    closed_out=closed_out,
                    same_figures=by_enrollment[one.enrollment_id].is_as_on(one),
                )
            )
        },
        may_have={
            enrollment_id
            for enrollment_id, state in states.items()
            if not why_not_awarded(
                state,
                closed_out=closed_out,
                has_one=enrollment_id in held and held[enrollment_id].state == "valid",
            )
        },
        due=len(queries.enrollments_due(found.id)),
        run=run,
        under_way=run is not None and is_under_way(run.asked_at, run.done_at, utc_now()),
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/certificates.pdf")
@roles(Role.COORDINATOR)
def papers(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's valid certificates in one PDF, each in its worker's language; none that is in doubt."""
    found = cohort_awarded(cohort_id)
    held = queries.certificates_of(queries.enrollments_of_cohort(found.id)).values()
    doubtful = queries.doubtful_ids([one.id for one in held])
    given = [one for one in held if one.state == "valid" and one.id not in doubtful]
    if not given:
        abort(404)
    # The order in which the page lists them.
    given.sort(key=lambda one: (one.enrollment.worker.family_name, one.enrollment.worker.given_name, one.id))
    spoken = [(one, one.language if one.language in LANGUAGES else language()) for one in given]
    return as_pdf(certificates_pdf(spoken, made_at=utc_now()), "certificates")


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates")
@roles(Role.COORDINATOR)
def issue_to_all(cohort_id: UUID) -> ResponseReturnValue:
    """Ask for certificates for everybody in a cohort who completed."""
    found = cohort_awarded(cohort_id)
    run = services.ask_for_certificates(found, actor=current_actor(), now=utc_now())
    commit()
    flash(
        ngettext(
            "%(num)s certificate is being issued. You may leave this page.",
            "%(num)s certificates are being issued. You may leave this page.",
            run.total,
        )
    )
    return redirect(url_for("certificates.cohort", cohort_id=found.id), 303)


@blueprint.post("/cohorts/<uuid:cohort_id>/certificates/<uuid:enrollment_id>")
@roles(Role.COORDINATOR)
def issue_to_one(cohort_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """Issue one worker's certificate."""
    found = cohort_awarded(cohort_id)
    enrollment = load(
        sa.select(Enrollment).where(Enrollment.id == enrollment_id, Enrollment.cohort_id == found.id)
    )
    services.issue_certificate(enrollment, actor=current_actor(), now=utc_now())
    commit()
    flash(_("Certificate issued for %(name)s.", name=enrollment.worker.name))
    return redirect(url_for("certificates.cohort", cohort_id=found.id), 303)
