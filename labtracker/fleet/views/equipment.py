"""Screens of what is on board of each lab, and of what is out of order."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import queries, services
from labtracker.fleet.forms import ItemForm, OutageForm
from labtracker.fleet.models import Closure, EquipmentItem, Inspection
from labtracker.fleet.views.blueprint import blueprint, is_coordinator, load_item, load_lab, tabs
from labtracker.kit.time import utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import active_labs
from labtracker.web.display import office_today
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.get("/fleet/equipment")
@roles(Role.COORDINATOR)
def equipment() -> ResponseReturnValue:
    """All labs in service, each with how much is on board and what is out of order."""
    items: dict[UUID, list[EquipmentItem]] = {}
    for item in load_all(queries.items_visible_to(current_actor())):
        items.setdefault(item.lab_id, []).append(item)
    rows = [(lab, items.get(lab.id, [])) for lab in load_all(active_labs())]
    return render_template("fleet/equipment.html", rows=rows, today=office_today(), tabs=tabs("equipment"))


@blueprint.get("/fleet/labs/<uuid:lab_id>")
@roles(Role.COORDINATOR, Role.TRAINER)
def lab(lab_id: UUID) -> ResponseReturnValue:
    """One lab: what is on board, inspections, days it is closed."""
    found, actor = load_lab(lab_id), current_actor()
    return render_template(
        "fleet/lab.html",
        lab=found,
        items=load_all(queries.items_visible_to(actor).where(EquipmentItem.lab_id == found.id)),
        inspections=load_all(queries.inspections_visible_to(actor).where(Inspection.lab_id == found.id)),
        closures=load_all(queries.closures_visible_to(actor).where(Closure.lab_id == found.id)),
        today=office_today(),
        may_edit=is_coordinator(),
    )


@blueprint.route("/fleet/labs/<uuid:lab_id>/equipment/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_item(lab_id: UUID) -> ResponseReturnValue:
    """Put a piece of equipment on a lab's list."""
    found = load_lab(lab_id)
    form = _form(found, None)
    if form.validate_on_submit():
        try:
            item = services.add_item(found, form.details(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is on the list.", name=item.name))
            return redirect(url_for("fleet.lab", lab_id=found.id), 303)
    return _page(form, found, None)


@blueprint.route("/fleet/equipment/<uuid:item_id>", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def item(item_id: UUID) -> ResponseReturnValue:
    """Change a piece of equipment, or say that it is out of order or works again."""
    found = load_item(item_id)
    form = _form(found.lab, found)
    if form.validate_on_submit():
        try:
            services.change_item(
                found, form.details(), version=form.seen_version, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.name))
            return redirect(url_for("fleet.lab", lab_id=found.lab_id), 303)
    return _page(form, found.lab, found)


@blueprint.post("/fleet/equipment/<uuid:item_id>/outage")
@roles(Role.COORDINATOR)
def break_item(item_id: UUID) -> ResponseReturnValue:
    """Say that a piece of equipment is out of order."""
    found, form = load_item(item_id), OutageForm()
    if form.validate():
        try:
            services.put_out_of_order(
                found,
                since=form.since.data,
                until=form.until.data,
                note=form.note.data or None,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is out of order.", name=found.name))
            return redirect(url_for("fleet.lab", lab_id=found.lab_id), 303)
    return _page(_form(found.lab, found, fresh=True), found.lab, found, outage=form)


@blueprint.post("/fleet/equipment/<uuid:item_id>/repair")
@roles(Role.COORDINATOR)
def mend_item(item_id: UUID) -> ResponseReturnValue:
    """Say that a piece of equipment works again."""
    found = load_item(item_id)
    services.put_in_order(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s works again.", name=found.name))
    return redirect(url_for("fleet.lab", lab_id=found.lab_id), 303)


@blueprint.post("/fleet/equipment/<uuid:item_id>/removal")
@roles(Role.COORDINATOR)
def remove_item(item_id: UUID) -> ResponseReturnValue:
    """Take a piece of equipment off the list."""
    found = load_item(item_id)
    services.remove_item(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is off the list.", name=found.name))
    return redirect(url_for("fleet.lab", lab_id=found.lab_id), 303)


def _form(found: Lab, item: EquipmentItem | None, *, fresh: bool = False) -> ItemForm:
    form = ItemForm(formdata=None, obj=item) if fresh else ItemForm(obj=item)
    offered = {course.id: course for course in [*found.courses, *(item.courses if item else [])]}
    choose_from(form.courses, [(one.id, one.named_in(language())) for one in offered.values()])
    if fresh or not form.is_submitted():
        form.courses.data = [course.id for course in item.courses] if item else []
    return form


def _page(
    form: ItemForm, found: Lab, item: EquipmentItem | None, *, outage: OutageForm | None = None
) -> ResponseReturnValue:
    fresh = OutageForm(formdata=None)
    fresh.since.data = (item.out_since if item else None) or office_today()
    if item and item.out_since:
        fresh.until.data, fresh.note.data = item.out_until, item.out_note
    page = render_template(
        "fleet/item.html",
        form=form,
        lab=found,
        item=item,
        outage=outage or fresh,
        outage_refused=outage is not None,
        today=office_today(),
    )
    return page, 422 if form.is_submitted() else 200
