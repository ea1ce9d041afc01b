"""Screens of the courses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.labs import queries, services
from labtracker.labs.forms import CourseForm, fill, typed_of
from labtracker.labs.models import Course
from labtracker.labs.views.blueprint import Meanwhile, blueprint, explain_refusal, tabs
from labtracker.web.edge import commit, load
from labtracker.web.pagination import page_of, sort_from_request

COLUMNS = {"title": Course.title, "code": Course.code, "hours": Course.contact_hours}
EVERYBODY = (Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER, Role.REVIEWER)


@blueprint.get("/courses")
@roles(*EVERYBODY)
def courses() -> ResponseReturnValue:
    """The list of courses, archived ones on request."""
    actor = current_actor()
    archived = request.args.get("show") == "archived"
    query = queries.courses_visible_to(actor).where(
        Course.archived_at.is_not(None) if archived else Course.archived_at.is_(None)
    )
    sort = sort_from_request(COLUMNS, default="title")
    return render_template(
        "labs/courses.html",
        page=page_of(query, sort),
        sort=sort,
        archived=archived,
        tabs=tabs(actor, "courses"),
        may_edit=actor.has(Role.COORDINATOR),
    )


@blueprint.get("/courses/<uuid:course_id>")
@roles(*EVERYBODY)
def course(course_id: UUID) -> ResponseReturnValue:
    """One course: hours, policy, skills, labs that host it."""
    actor = current_actor()
    found = load(queries.courses_visible_to(actor).where(Course.id == course_id))
    return render_template(
        "labs/course.html",
        course=found,
        hosts=[lab for lab in found.labs if lab.retired_at is None],
        may_edit=actor.has(Role.COORDINATOR),
        is_staff=actor.has(Role.COORDINATOR, Role.TRAINER),
    )


@blueprint.route("/courses/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_course() -> ResponseReturnValue:
    """Add a course."""
    form = CourseForm()
    if not form.is_submitted():
        form.add_empty_skills()
    elif _wants_more(form):
        return _page(form, None, [])
    elif form.validate():
        try:
            added = services.add_course(form.details(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            explain_refusal(form, None, error, {})
        else:
            commit()
            flash(_("%(name)s is saved.", name=added.title))
            return redirect(url_for("labs.course", course_id=added.id), 303)
    return _page(form, None, [])


@blueprint.route("/courses/<uuid:course_id>/edit", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def edit_course(course_id: UUID) -> ResponseReturnValue:
    """Change a course; cohorts that have begun keep the policy they froze."""
    found = load(queries.courses_editable_by(current_actor()).where(Course.id == course_id))
    form = CourseForm() if request.method == "POST" else CourseForm(data=_saved(found))
    meanwhile: list[Meanwhile] = []
    if not form.is_submitted():
        fill(form, {}, found.version)
        form.add_empty_skills()
    elif _wants_more(form):
        return _page(form, found, [])
    elif form.validate():
        try:
            services.change_course(
                found, form.details(), version=form.seen_version, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            meanwhile = explain_refusal(form, found, error, _saved(found)) + _skills_meanwhile(
                form, found, error
            )
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.title))
            return redirect(url_for("labs.course", course_id=found.id), 303)
    return _page(form, found, meanwhile)


@blueprint.post("/courses/<uuid:course_id>/archiving")
@roles(Role.COORDINATOR)
def archive_course(course_id: UUID) -> ResponseReturnValue:
    """Take a course out of what is offered."""
    found = load(queries.courses_editable_by(current_actor()).where(Course.id == course_id))
    services.archive_course(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is archived. Its history stays.", name=found.title))
    return redirect(url_for("labs.course", course_id=found.id), 303)


@blueprint.post("/courses/<uuid:course_id>/restoration")
@roles(Role.COORDINATOR)
def restore_course(course_id: UUID) -> ResponseReturnValue:
    """Offer a course again."""
    found = load(queries.courses_editable_by(current_actor()).where(Course.id == course_id))
    services.restore_course(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is offered again.", name=found.title))
    return redirect(url_for("labs.course", course_id=found.id), 303)


@blueprint.post("/courses/<uuid:course_id>/deletion")
@roles(Role.COORDINATOR)
def delete_course(course_id: UUID) -> ResponseReturnValue:
    """Delete a course that was never used."""
    found = load(queries.courses_editable_by(current_actor()).where(Course.id == course_id))
    services.delete_course(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is deleted.", name=found.title))
    return redirect(url_for("labs.courses"), 303)


def _wants_more(form: CourseForm) -> bool:
    if "more" not in request.form:
        return False
    form.add_empty_skills()
    return True


def _saved(found: Course) -> dict[str, Any]:
    stored = queries.details_of_course(found)
    skills = [vars(skill) for skill in stored.skills]
    return {**vars(stored), "skills": skills, **typed_of(stored)}


def _skills_meanwhile(form: CourseForm, found: Course, error: DomainError) -> list[Meanwhile]:
    if error.code != "changed_meanwhile" or "skills" not in error.details["fields"]:
        return []
    saved = ", ".join(skill.code for skill in found.skills)
    typed = ", ".join(skill.code for skill in form.details().skills)
    return [Meanwhile(_("Skills"), saved, typed)]


def _page(form: CourseForm, found: Course | None, meanwhile: list[Meanwhile]) -> ResponseReturnValue:
    refused = form.is_submitted() and "more" not in request.form
    status = 409 if meanwhile else 422 if refused else 200
    latest = queries.latest_change_of(found) if found is not None and meanwhile else None
    page = render_template(
        "labs/course_form.html", form=form, course=found, meanwhile=meanwhile, latest=latest
    )
    return page, status
