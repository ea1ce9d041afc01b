"""An employer's own people who sign in: who they are, inviting one more, ending what one may do."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.forms import ColleagueForm
from labtracker.accounts.models import Membership, Organization
from labtracker.accounts.rules import Role
from labtracker.accounts.views.blueprint import blueprint
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.route("/colleagues", methods=["GET", "POST"])
@roles(Role.EMPLOYER)
def colleagues() -> ResponseReturnValue:
    """Who stands for the employer, and a form to invite one more."""
    actor, employers = current_actor(), _employers()
    form = ColleagueForm(data={"language": language()}).offer(employers)
    if form.validate_on_submit():
        try:
            invited = services.invite_colleague(
                email=form.email.data,
                name=form.name.data,
                language=form.language.data,
                organization=form.chosen(employers),
                actor=actor,
                now=utc_now(),
            )
        except DomainError as error:
            # The try stays counted; nothing else was written.
            commit()
            refuse(form, error)
            return _page(form), error.status if error.status == 429 else 422
        commit()
        flash(_("%(name)s gets a mail with a link that works for seven days.", name=invited.name))
        return redirect(url_for("accounts.colleagues"), 303)
    return _page(form), 422 if form.is_submitted() else 200


@blueprint.post("/colleagues/<uuid:membership_id>/ending")
@roles(Role.EMPLOYER)
def end_colleague(membership_id: UUID) -> ResponseReturnValue:
    """End what a colleague may do, or an invitation that was never followed."""
    held = load(queries.employer_roles_beside(current_actor()).where(Membership.id == membership_id))
    services.end_colleague(held, actor=current_actor(), now=utc_now())
    commit()
    flash(
        _(
            "%(name)s can no longer sign in for %(organization)s.",
            name=held.person.name,
            organization=held.organization.name,
        )
    )
    return redirect(url_for("accounts.colleagues"), 303)


def _employers() -> list[Organization]:
    own = current_actor().organization_ids(Role.EMPLOYER)
    visible = queries.organizations_visible_to(current_actor())
    return load_all(visible.where(Organization.id.in_(own), Organization.archived_at.is_(None)))


def _page(form: ColleagueForm) -> str:
    held = load_all(queries.employer_roles_beside(current_actor()))
    return render_template(
        "accounts/colleagues.html",
        held=held,
        invited=queries.invited(*(row.person for row in held)),
        several=len({row.organization_id for row in held}) > 1,
        form=form,
        me=current_actor(),
    )
