"""Pages about completion: a cohort's state, what trainers enter, what coordinators decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.completion import services
from labtracker.completion.forms import AssessmentForm, OverrideForm, SignOffForm
from labtracker.completion.queries import OwnRow, completions_of, open_points, overrides_of, own_people
from labtracker.completion.rules import Standing
from labtracker.completion.words import explanation, missing
from labtracker.errors import DomainError
from labtracker.kit.text import folded
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.queries import cohorts_judged_by
from labtracker.web.edge import commit, load
from labtracker.web.filters import Choice, choice_from_request, text_from_request
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.navigation import Place
from labtracker.web.pagination import page_of_rows, url_with

blueprint = Blueprint("completion", __name__)
PLACES = (
    Place(
        label=lazy_gettext("My people"),
        endpoint="completion.my_people",
        icon="users",
        roles=frozenset({Role.EMPLOYER}),
        order=30,
        also=("/workers",),
    ),
)
KEEPERS = (Role.TRAINER, Role.COORDINATOR)


STANDING_LABELS = {
    Standing.AT_RISK: lazy_gettext("At risk"),
    Standing.IN_TRAINING: lazy_gettext("In training"),
    Standing.COMPLETED: lazy_gettext("Completed"),
    Standing.NOT_COMPLETED: lazy_gettext("Not completed"),
}
PER_PAGE = 25


@blueprint.get("/my-people")
@roles(Role.EMPLOYER)
def my_people() -> str:
    """An employer's own workers: hours to date, who is at risk, who completed."""
    people = own_people(current_actor())
    show = choice_from_request("show", list(Standing))
    sought = text_from_request("q")
    found = [
        row for row in people.named if all(word in folded(row.worker.name) for word in folded(sought).split())
    ]
    return render_template(
        "completion/my_people.html",
        people=people,
        found=len(found),
        page=page_of_rows([row for row in found if show in (None, row.standing)], PER_PAGE),
        filters=_standings(found, show),
        show=show,
        sought=sought,
        missing={row.completion.enrollment_id: _missing(row) for row in found},
    )


def _missing(row: OwnRow) -> list[str]:
    # Whoever is in training lacks hours of sessions that are still ahead: that is nothing to tell.
    with_hours = row.standing is not Standing.IN_TRAINING
    return missing(row.completion, row.cohort, language(), with_hours=with_hours)


def _standings(found: Sequence[OwnRow], show: str | None) -> list[Choice]:
    sizes = Counter(row.standing for row in found)
    everybody = Choice(f"{_('Everybody')} · {len(found)}", url_with(show=None, page=None), show is None)
    return [
        everybody,
        *(
            Choice(f"{label} · {sizes[standing]}", url_with(show=standing, page=None), show == standing)
            for standing, label in STANDING_LABELS.items()
            if sizes[standing] or show == standing
        ),
    ]


@blueprint.get("/cohorts/<uuid:cohort_id>/completion")
@roles(*KEEPERS)
def cohort(cohort_id: UUID) -> str:
    """A cohort's completion, worker by worker, with what is still missing."""
    return _page(_cohort(current_actor(), cohort_id))


@blueprint.post("/cohorts/<uuid:cohort_id>/assessments")
@roles(*KEEPERS)
def add_assessment(cohort_id: UUID) -> ResponseReturnValue:
    """Record an assessment."""
    actor, found = current_actor(), _cohort(current_actor(), cohort_id)
    form = _with_workers(AssessmentForm(), found)
    if not form.validate_on_submit():
        return _page(found, assessment_form=form), 422
    enrollment = _enrollment_in(found, form.enrollment.data)
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
    actor, found = current_actor(), _cohort(current_actor(), cohort_id)
    form = _with_skills(_with_workers(SignOffForm(), found), found)
    if not form.validate_on_submit():
        return _page(found, sign_off_form=form), 422
    enrollment = _enrollment_in(found, form.enrollment.data)
    try:
        services.sign_off_skill(enrollment, skill_id=form.skill.data, actor=actor, now=utc_now())
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
    actor, found = current_actor(), _cohort(current_actor(), cohort_id)
    services.close_out_cohort(found, actor=actor, now=utc_now())
    commit()
    flash(_("The cohort is closed out and counts in the rates."))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


@blueprint.post("/cohorts/<uuid:cohort_id>/close-out/reversal")
@roles(Role.COORDINATOR)
def reopen(cohort_id: UUID) -> ResponseReturnValue:
    """Take a close-out back."""
    actor, found = current_actor(), _cohort(current_actor(), cohort_id)
    services.reopen_cohort(found, actor=actor, now=utc_now())
    commit()
    flash(_("The cohort is open again and has left the rates."))
    return redirect(url_for("completion.cohort", cohort_id=found.id))


@blueprint.route(
    "/cohorts/<uuid:cohort_id>/completion/<uuid:enrollment_id>/override", methods=["GET", "POST"]
)
@roles(Role.COORDINATOR)
def override(cohort_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """Decide one completion against the rule, with a reason."""
    actor, found = current_actor(), _cohort(current_actor(), cohort_id)
    enrollment = _enrollment_in(found, str(enrollment_id))
    form = OverrideForm()
    if form.validate_on_submit():
        services.override_completion(
            enrollment,
            complete=form.decision.data == "complete",
            reason=form.reason.data,
            actor=actor,
            now=utc_now(),
        )
        commit()
        flash(_("Decision recorded for %(name)s.", name=enrollment.worker.name))
        return redirect(url_for("completion.cohort", cohort_id=found.id))
    page = render_template("completion/override.html", cohort=found, enrollment=enrollment, form=form)
    return page, 422 if form.errors else 200


def _cohort(actor: Person, cohort_id: UUID) -> Cohort:
    return load(cohorts_judged_by(actor).where(Cohort.id == cohort_id))


def _enrollment_in(cohort: Cohort, enrollment_id: str) -> Enrollment:
    return load(
        sa.select(Enrollment).where(Enrollment.id == UUID(enrollment_id), Enrollment.cohort_id == cohort.id)
    )


def _with_workers(form: Any, cohort: Cohort) -> Any:
    form.enrollment.choices = [
        SelectChoice(str(row.enrollment_id), row.enrollment.worker.name) for row in completions_of(cohort.id)
    ]
    return form


def _with_skills(form: Any, cohort: Cohort) -> Any:
    spanish = language() == "es"
    form.skill.choices = [
        SelectChoice(str(skill["id"]), (spanish and skill.get("title_es")) or skill["title"])
        for skill in cohort.skills
    ]
    return form


def _page(cohort: Cohort, *, assessment_form: Any = None, sign_off_form: Any = None) -> str:
    rows = completions_of(cohort.id)
    actor = current_actor()
    return render_template(
        "completion/cohort.html",
        cohort=cohort,
        rows=rows,
        explain={row.enrollment_id: explanation(row, cohort, language()) for row in rows},
        overrides=overrides_of([row.enrollment_id for row in rows]),
        points=open_points(cohort, now=utc_now()),
        assessment_form=assessment_form or _with_workers(AssessmentForm(formdata=None), cohort),
        sign_off_form=sign_off_form
        or _with_skills(_with_workers(SignOffForm(formdata=None), cohort), cohort),
        may_decide=actor.has(Role.COORDINATOR),
    )
