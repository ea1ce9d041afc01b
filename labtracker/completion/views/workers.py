"""One worker in one cohort: why they stand where they stand, and what may be decided or taken back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion import services
from labtracker.completion.forms import OverrideForm, ReasonForm
from labtracker.completion.models import Completion
from labtracker.completion.queries.learning import (
    decisions_about,
    learned_by,
    learned_event,
    meetings_of,
    sessions_opened_by,
    takes_back,
)
from labtracker.completion.views.blueprint import KEEPERS, blueprint, enrollment_in, judged_cohort
from labtracker.completion.words import explanation, level_words, skill_name
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit, load
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.get("/cohorts/<uuid:cohort_id>/completion/<uuid:enrollment_id>")
@roles(*KEEPERS)
def worker(cohort_id: UUID, enrollment_id: UUID) -> str:
    """One worker: hours by session, attempts, sign-offs, decisions, with who recorded what."""
    found = judged_cohort(cohort_id)
    return _page(found, enrollment_in(found, str(enrollment_id)))


@blueprint.post("/cohorts/<uuid:cohort_id>/completion/<uuid:enrollment_id>/voids/<uuid:event_id>")
@roles(*KEEPERS)
def take_back(cohort_id: UUID, enrollment_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Take an attempt or a sign-off back, with a reason."""
    found = judged_cohort(cohort_id)
    enrollment = enrollment_in(found, str(enrollment_id))
    event = load(learned_event(enrollment, event_id))
    form = ReasonForm()
    form.reason.id = f"reason-{event.id}"  # every record on the page has such a form
    if not form.validate():
        return _page(found, enrollment, voiding=(event.id, form)), 422
    try:
        services.take_learning_back(
            enrollment, event, reason=form.reason.data or "", actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _page(found, enrollment, voiding=(event_id, form)), error.form_status
    commit()
    flash(_("Taken back. The record stays, with your reason."))
    return redirect(url_for("completion.worker", cohort_id=found.id, enrollment_id=enrollment.id), 303)


@blueprint.route(
    "/cohorts/<uuid:cohort_id>/completion/<uuid:enrollment_id>/override", methods=["GET", "POST"]
)
@roles(Role.COORDINATOR)
def override(cohort_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """Decide one completion against the rule, with a reason."""
    actor, found = current_actor(), judged_cohort(cohort_id)
    enrollment = enrollment_in(found, str(enrollment_id))
    form = OverrideForm()
    if form.validate_on_submit():
        services.override_completion(
            enrollment,
            complete={"complete": True, "incomplete": False}.get(form.decision.data),
            reason=form.reason.data,
            actor=actor,
            now=utc_now(),
        )
        commit()
        flash(_("Decision recorded for %(name)s.", name=enrollment.worker.name))
        return redirect(url_for("completion.worker", cohort_id=found.id, enrollment_id=enrollment.id))
    page = render_template("completion/override.html", cohort=found, enrollment=enrollment, form=form)
    return page, 422 if form.errors else 200


def _page(cohort: Cohort, enrollment: Enrollment, *, voiding: tuple[UUID, ReasonForm] | None = None) -> str:
    actor = current_actor()
    row = db.session.get(Completion, enrollment.id)
    attempts, sign_offs = learned_by(enrollment)
    meetings = meetings_of(enrollment)
    return render_template(
        "completion/worker.html",
        cohort=cohort,
        zone=cohort.worksite.zone,
        enrollment=enrollment,
        row=row,
        explain=explanation(row, cohort, language()) if row else [],
        decisions=decisions_about(enrollment.id),
        attempts=attempts,
        sign_offs=sign_offs,
        meetings=meetings,
        opens=sessions_opened_by(actor, [session.id for session, _attendance in meetings]),
        skill_names={str(skill["id"]): skill_name(skill, language()) for skill in cohort.skills},
        level_words=level_words,
        mine={
            one.logged.event.id
            for one in (*attempts, *sign_offs)
            if cohort.closed_out_at is None and one.logged.stands and takes_back(actor, one.logged.event)
        },
        voiding=voiding,
        plain_reason=ReasonForm(formdata=None),
        may_decide=actor.has(Role.COORDINATOR),
        now=utc_now(),
    )
