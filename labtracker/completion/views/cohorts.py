"""A cohort's completion: its workers' state, what trainers enter, the close-out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion import services
from labtracker.completion.forms import AssessmentForm, SignOffForm
from labtracker.completion.queries import completions_of, open_points, overrides_of
from labtracker.completion.queries.late import arrived_late, changes_of
from labtracker.completion.views.blueprint import KEEPERS, blueprint, enrollment_in, judged_cohort
from labtracker.completion.words import change_words, explanation, level_words, skill_name
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.get("/cohorts/<uuid:cohort_id>/completion")
@roles(*KEEPERS)
def cohort(cohort_id: UUID) -> str:
    """A cohort's completion, worker by worker, with what is still missing."""
    return _page(judged_cohort(cohort_id))


@blueprint.post("/cohorts/<uuid:cohort_id>/assessments")
@roles(*KEEPERS)
def add_assessment(cohort_id: UUID) -> ResponseReturnValue:
    """Record an assessment."""
    actor, found = current_actor(), judged_cohort(cohort_id)
    form = _with_workers(AssessmentForm(), found)
    if not form.validate_on_submit():
        return _page(found, assessment_form=form), 422
    enrollment = enrollment_in(found, form.enrollment.data)
    try:
        services.record_assessment(enrollment, score=form.score.data, actor=actor, now=utc_now())
    except DomainError as error:
        refuse(form, error)
        return _page(found, assessment_form=form), 422
    commit()
    flash(_("Assessment recorded for %(name)s.", name=enrollment.worker.name))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


@blueprint.post("/cohorts/<uuid:cohort_id>/sign-offs")
@roles(*KEEPERS)
def add_sign_off(cohort_id: UUID) -> ResponseReturnValue:
    """Record a skill sign-off."""
    actor, found = current_actor(), judged_cohort(cohort_id)
    form = _with_skills(_with_workers(SignOffForm(), found), found)
    if not form.validate_on_submit():
        return _page(found, sign_off_form=form), 422
    enrollment = enrollment_in(found, form.enrollment.data)
    try:
        services.sign_off_skill(
            enrollment, skill_id=form.skill.data, level=form.level_shown, actor=actor, now=utc_now()
        )
    except DomainError as error:
        refuse(form, error)
        return _page(found, sign_off_form=form), 422
    commit()
    flash(_("Skill signed off for %(name)s.", name=enrollment.worker.name))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


@blueprint.post("/cohorts/<uuid:cohort_id>/close-out")
@roles(Role.COORDINATOR)
def close_out(cohort_id: UUID) -> ResponseReturnValue:
    """Close a cohort out: it counts from now on."""
    actor, found = current_actor(), judged_cohort(cohort_id)
    services.close_out_cohort(found, actor=actor, now=utc_now())
    commit()
    flash(_("The cohort is closed out and counts in the rates."))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


@blueprint.post("/cohorts/<uuid:cohort_id>/close-out/reversal")
@roles(Role.COORDINATOR)
def reopen(cohort_id: UUID) -> ResponseReturnValue:
    """Take a close-out back."""
    actor, found = current_actor(), judged_cohort(cohort_id)
    services.reopen_cohort(found, actor=actor, now=utc_now())
    commit()
    flash(_("The cohort is open again and has left the rates."))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


def _with_workers(form: Any, cohort: Cohort) -> Any:
    form.enrollment.choices = [
        SelectChoice(str(row.enrollment_id), row.enrollment.worker.name) for row in completions_of(cohort.id)
    ]
    if not form.is_submitted():
        form.enrollment.data = request.args.get("worker", "")
    return form


def _with_skills(form: Any, cohort: Cohort) -> Any:
    form.skill.choices = [SelectChoice(str(skill["id"]), _skill_to_choose(skill)) for skill in cohort.skills]
    graded = next((skill for skill in cohort.skills if skill.get("levels")), None)
    levels = range(1, len(graded["levels"]) + 1) if graded else ()
    form.level.choices = [
        SelectChoice("", "–"),
        *(SelectChoice(str(level), level_words(graded, level, language())) for level in levels if graded),
    ]
    return form


def _skill_to_choose(skill: dict[str, Any]) -> str:
    name = skill_name(skill, language())
    if not skill.get("needed_level"):
        return name
    return _("%(skill)s, counts from level %(level)s", skill=name, level=skill["needed_level"])


def _page(cohort: Cohort, *, assessment_form: Any = None, sign_off_form: Any = None) -> str:
    rows = completions_of(cohort.id)
    actor = current_actor()
    late = changes_of(cohort.id)
    return render_template(
        "completion/cohort.html",
        cohort=cohort,
        rows=rows,
        explain={row.enrollment_id: explanation(row, cohort, language()) for row in rows},
        overrides=overrides_of([row.enrollment_id for row in rows]),
        late_waiting=[one for one in late if one.acknowledged_at is None],
        late_history=[one for one in late if one.acknowledged_at is not None],
        late_records=arrived_late(cohort) if late else [],
        change_words=change_words,
        points=open_points(cohort, now=utc_now()),
        assessment_form=assessment_form or _with_workers(AssessmentForm(formdata=None), cohort),
        sign_off_form=sign_off_form
        or _with_skills(_with_workers(SignOffForm(formdata=None), cohort), cohort),
        may_decide=actor.has(Role.COORDINATOR),
    )
