"""The screen on which two people who were taken for one come apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.checkin.queries.separating import Item, Whose, items_since, likely_owner
from labtracker.checkin.services.separating import separate as separate_records
from labtracker.checkin.views.client import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries as roster
from labtracker.roster.models import Badge, Enrollment, WorkerMerge
from labtracker.roster.rules.badges import short_code, shown_code
from labtracker.roster.rules.duplicates import MergeKind
from labtracker.web.edge import commit, load, load_all
from labtracker.web.fields import Form
from labtracker.web.forms import refuse


@blueprint.route("/recognitions/<uuid:merge_id>/undoing", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def separate(merge_id: UUID) -> ResponseReturnValue:
    """Separate two records that were taken for one person; what came since is given to either, one by one."""
    merge = load(roster.merge_named(merge_id))
    if merge.undone_at is not None:
        flash(_("This was undone already. Nothing was changed."), "error")
        return redirect(url_for("roster.worker", worker_id=merge.worker_id), 303)
    is_link = merge.kind == MergeKind.LINK
    items = [] if is_link else items_since(merge)
    enrollments = [] if is_link else load_all(roster.enrollments_since(merge))
    badges = [] if is_link else load_all(roster.badges_since(merge))
    form = _form_for(merge, items, enrollments, badges)
    if form.validate_on_submit():
        try:
            _separate(form, merge, items, enrollments, badges)
        except DomainError as error:
            db.session.rollback()
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s stands alone again.", name=merge.merged.name))
            return redirect(_page_of(merge), 303)
    page = render_template(
        "checkin/separating.html",
        form=form,
        merge=merge,
        items=items,
        enrollments=enrollments,
        badges=badges,
        is_link=is_link,
        codes={badge.id: shown_code(short_code(badge.badge_hash)) for badge in badges},
    )
    return page, 422 if form.is_submitted() else 200


def _page_of(merge: WorkerMerge) -> str:
    if merge.kind == MergeKind.WALK_IN and merge.merged.settled_at is None:
        return url_for("roster.recognize", worker_id=merge.merged_id)
    return url_for("roster.worker", worker_id=merge.merged_id)


def _form_for(
    merge: WorkerMerge, items: list[Item], enrollments: list[Enrollment], badges: list[Badge]
) -> Form:
    """A form that asks of every item whose it is; where the records tell, that is filled in."""
    fields: dict[str, Any] = {item.key: _whose(merge, item.whose) for item in items}
    for enrollment in enrollments:
        fields[f"enrollment_{enrollment.id.hex}"] = _whose(merge, likely_owner(enrollment, items))
    for badge in badges:
        fields[f"badge_{badge.id.hex}"] = _whose(merge, None)
    form: Form = type("Separation", (Form,), fields)()
    return form


def _whose(merge: WorkerMerge, default: Whose | None) -> Any:
    choices = [
        SelectChoice(Whose.WORKER, merge.worker.name),
        SelectChoice(Whose.MERGED, merge.merged.name),
    ]
    if merge.worker.name == merge.merged.name:
        choices = [
            SelectChoice(Whose.WORKER, _("the one who stayed")),
            SelectChoice(Whose.MERGED, _("the one who was merged")),
        ]
    return RadioField(
        _l("Whose is it?"), [InputRequired(_l("Say whose it is."))], choices=choices, default=default
    )


def _separate(
    form: Any, merge: WorkerMerge, items: list[Item], enrollments: list[Enrollment], badges: list[Badge]
) -> None:
    separate_records(
        merge,
        records={item.key: Whose(form[item.key].data) for item in items},
        enrollments={one.id for one in enrollments if form[f"enrollment_{one.id.hex}"].data == Whose.MERGED},
        badges={one.id for one in badges if form[f"badge_{one.id.hex}"].data == Whose.MERGED},
        actor=current_actor(),
        now=utc_now(),
    )
