"""Screens of the crew: what each person teaches, may drive, and when they are away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import queries, services
from labtracker.fleet.forms import LicenceForm, TaughtForm
from labtracker.fleet.views.blueprint import blueprint, is_coordinator, load_person, tabs
from labtracker.kit.time import utc_now
from labtracker.labs.queries import active_courses
from labtracker.web.display import office_today
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.get("/fleet/crew")
@roles(Role.COORDINATOR)
def crew() -> ResponseReturnValue:
    """Everybody of the crew: courses, license, days away."""
    people = load_all(queries.crew_visible_to(current_actor()))
    return render_template(
        "fleet/crew.html",
        lines=queries.crew_lines(people, office_today()),
        today=office_today(),
        tabs=tabs("crew"),
    )


@blueprint.get("/fleet/me")
@roles(Role.TRAINER)
def mine() -> ResponseReturnValue:
    """One's own page of the crew: what is noted of oneself, and one's days off."""
    return _page(current_actor())


@blueprint.get("/fleet/crew/<uuid:person_id>")
@roles(Role.COORDINATOR, Role.TRAINER)
def person(person_id: UUID) -> ResponseReturnValue:
    """One person of the crew: courses, license, days away."""
    return _page(load_person(person_id))


@blueprint.post("/fleet/crew/<uuid:person_id>/licence")
@roles(Role.COORDINATOR)
def note_licence(person_id: UUID) -> ResponseReturnValue:
    """Note up to which class somebody may drive, and until when."""
    found, form = load_person(person_id), LicenceForm()
    if form.validate():
        try:
            services.note_licence(
                found,
                licence_class=form.chosen,
                expires_on=form.expires_on.data,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("Noted for %(name)s.", name=found.name))
            return redirect(url_for("fleet.person", person_id=found.id), 303)
    return _page(found, licence_form=form), 422


@blueprint.post("/fleet/crew/<uuid:person_id>/courses")
@roles(Role.COORDINATOR)
def note_courses(person_id: UUID) -> ResponseReturnValue:
    """Note which courses somebody teaches."""
    found = load_person(person_id)
    form = _taught_form(found)
    if not form.validate():
        return _page(found, taught_form=form), 422
    services.note_taught_courses(found, form.courses.data or (), actor=current_actor(), now=utc_now())
    commit()
    flash(_("Noted for %(name)s.", name=found.name))
    return redirect(url_for("fleet.person", person_id=found.id), 303)


def _page(
    found: Person, *, licence_form: LicenceForm | None = None, taught_form: TaughtForm | None = None
) -> str:
    (line,) = queries.crew_lines([found], office_today())
    fresh_licence = LicenceForm(formdata=None)
    if line.licence:
        fresh_licence.licence_class.data = line.licence.licence_class
        fresh_licence.expires_on.data = line.licence.expires_on
    return render_template(
        "fleet/person.html",
        line=line,
        today=office_today(),
        may_edit=is_coordinator(),
        licence_form=licence_form or fresh_licence,
        licence_refused=licence_form is not None,
        taught_form=taught_form or _taught_form(found, fresh=True),
        is_own=found.id == current_actor().id,
    )


def _taught_form(found: Person, *, fresh: bool = False) -> TaughtForm:
    (line,) = queries.crew_lines([found], office_today())
    form = TaughtForm(formdata=None) if fresh else TaughtForm()
    offered = {course.id: course for course in [*load_all(active_courses()), *line.courses]}
    choose_from(
        form.courses,
        [(one.id, one.named_in(language())) for one in offered.values()],
    )
    if fresh:
        form.courses.data = [course.id for course in line.courses]
    return form
