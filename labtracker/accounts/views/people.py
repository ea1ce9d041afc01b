"""Screens about people: the list, one person, inviting, roles, archiving."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.forms import InvitationForm, InviteForm, ProfileForm, RoleForm
from labtracker.accounts.models import Membership, Organization, Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import Purpose
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.signing_in import welcome
from labtracker.accounts.views.tabs import office_tabs
from labtracker.accounts.words import ROLE_NAMES
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import mail_leaves
from labtracker.kit.ids import mark_of
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import chips, choice_from_request, id_from_request, text_from_request
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.pagination import page_of, sort_from_request

COLUMNS = {"name": Person.name, "email": Person.email, "since": Person.created_at}


@blueprint.get("/people")
@roles(Role.COORDINATOR)
def people() -> ResponseReturnValue:
    """Everybody who signs in, by role."""
    shown = choice_from_request("show", [*map(str, Role), "archived"])
    query = queries.people_visible_to(current_actor())
    query = query.where(
        Person.archived_at.is_not(None) if shown == "archived" else Person.archived_at.is_(None)
    )
    if shown in list(Role):
        query = query.where(Person.id.in_(queries.holders_of(Role(shown))))
    wanted = text_from_request("q")
    if wanted:
        alike = [column.icontains(wanted, autoescape=True) for column in (Person.name, Person.email)]
        query = query.where(sa.or_(*alike))
    sort = sort_from_request(COLUMNS, default="name")
    labels = [(None, _("All")), *((str(role), name) for role, name in ROLE_NAMES.items())]
    page = page_of(query, sort)
    return render_template(
        "accounts/people.html",
        page=page,
        invited=queries.invited(*page.rows),
        sort=sort,
        wanted=wanted,
        shown=shown,
        tabs=office_tabs("accounts.people"),
        filters=chips("show", [*labels, ("archived", _("Archived"))]),
    )


@blueprint.get("/people/<uuid:person_id>")
@roles(Role.COORDINATOR)
def person(person_id: UUID) -> ResponseReturnValue:
    """One person: roles now and before, and what can be done."""
    return _person(_load(person_id))


@blueprint.route("/people/<uuid:person_id>/edit", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def edit_person(person_id: UUID) -> ResponseReturnValue:
    """Change a person's name, telephone and language."""
    found = _load(person_id)
    form = ProfileForm(obj=found)
    if not form.is_submitted():
        form.language.data = found.language or "en"
        form.seen.data = mark_of(services.told_of(found))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/edit_person.html", form=form, person=found), status
    try:
        services.edit_person(
            found,
            name=form.name.data,
            phone=form.phone.data,
            language=form.language.data,
            seen=form.seen.data or None,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/edit_person.html", form=form, person=found), error.status
    commit()
    flash(_("Saved."))
    return redirect(url_for("accounts.person", person_id=found.id), 303)


@blueprint.route("/invitations/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def invite_person() -> ResponseReturnValue:
    """Invite somebody to an organization in a role."""
    asked = id_from_request("organization")
    form = InviteForm(data={"organization_id": str(asked or ""), "role": request.args.get("role", "")})
    form.offer(_open_organizations())
    if not form.validate_on_submit():
        return render_template("accounts/invite_person.html", form=form), 422 if form.is_submitted() else 200
    try:
        invited = services.invite(
            email=form.email.data,
            name=form.name.data,
            organization=_load_organization(form.organization_id.data),
            role=Role(form.role.data),
            language=form.language.data,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/invite_person.html", form=form), 422
    commit()
    if mail_leaves():
        flash(_("%(name)s gets a mail with a link that works for seven days.", name=invited.name))
    else:
        flash(_("%(name)s is invited. No mail can be sent: hand the link over.", name=invited.name), "look")
    return redirect(url_for("accounts.person", person_id=invited.id), 303)


@blueprint.post("/people/<uuid:person_id>/invitation")
@roles(Role.COORDINATOR)
def invite_again(person_id: UUID) -> ResponseReturnValue:
    """Mail the invitation once more."""
    services.send_invitation(_load(person_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("The invitation was mailed again. Earlier links do not work any more."))
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/invitation/link")
@roles(Role.COORDINATOR)
def hand_over_invitation(person_id: UUID) -> ResponseReturnValue:
    """Show an invitation's link once, where no mail server is set up to carry it."""
    if mail_leaves():
        abort(404)
    found = _load(person_id)
    url = services.invitation_to_hand_over(found, actor=current_actor(), now=utc_now())
    commit()
    return render_template("accounts/hand_over.html", person=found, url=url)


@blueprint.post("/people/<uuid:person_id>/roles")
@roles(Role.COORDINATOR)
def give_role(person_id: UUID) -> ResponseReturnValue:
    """Give a person another role."""
    found = _load(person_id)
    form = RoleForm()
    form.offer(_open_organizations())
    if not form.validate_on_submit():
        return _person(found, form), 422
    try:
        services.give_role(
            found,
            organization=_load_organization(form.organization_id.data),
            role=Role(form.role.data),
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _person(_load(person_id), form), 422
    commit()
    flash(_("The role is given."))
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.post("/roles/<uuid:membership_id>/ending")
@roles(Role.COORDINATOR)
def end_role(membership_id: UUID) -> ResponseReturnValue:
    """End a role."""
    membership = load(sa.select(Membership).where(Membership.id == membership_id))
    services.end_role(membership, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The role has ended."))
    return redirect(url_for("accounts.person", person_id=membership.person_id), 303)


@blueprint.post("/people/<uuid:person_id>/archiving")
@roles(Role.COORDINATOR)
def archive_person(person_id: UUID) -> ResponseReturnValue:
    """Put a person away."""
    services.archive_person(_load(person_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("Archived, and signed out everywhere."))
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/restoring")
@roles(Role.COORDINATOR)
def restore_person(person_id: UUID) -> ResponseReturnValue:
    """Bring a person back."""
    services.restore_person(_load(person_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("Restored."))
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@blueprint.route("/invitations/<secret>", methods=["GET", "POST"])
def accept_invitation(secret: str) -> ResponseReturnValue:
    """A mailed invitation: say who you are, choose a language and a password."""
    invited = services.person_of_link(secret, Purpose.INVITATION, now=utc_now())
    if invited is None:
        return render_template("accounts/link_spent.html", purpose=Purpose.INVITATION), 410
    form = InvitationForm(data={"name": invited.name, "language": invited.language or language()})
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/accept_invitation.html", form=form, person=invited), status
    try:
        signed = services.accept_invitation(
            secret,
            name=form.name.data,
            language=form.language.data,
            password=form.password.data,
            now=utc_now(),
            agent=request.user_agent.string or None,
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/accept_invitation.html", form=form, person=invited), 422
    commit()
    answer = welcome(signed, None)
    flash(_("Welcome."))
    return answer


def _load(person_id: UUID) -> Person:
    return load(queries.people_visible_to(current_actor()).where(Person.id == person_id))


def _load_organization(organization_id: str) -> Organization:
    visible = queries.organizations_visible_to(current_actor())
    return load(visible.where(Organization.id == UUID(organization_id)))


def _open_organizations() -> list[Organization]:
    visible = queries.organizations_visible_to(current_actor())
    return load_all(visible.where(Organization.archived_at.is_(None)))


def _person(found: Person, form: RoleForm | None = None) -> str:
    if form is None:
        form = RoleForm(None)
        form.offer(_open_organizations())
    return render_template(
        "accounts/person.html",
        person=found,
        held=load_all(queries.roles_ever_held_by(found)),
        form=form,
        is_invited=bool(queries.invited(found)),
        may_hand_over=services.may_hand_over_invitation(found, actor=current_actor()),
        is_self=found.id == current_actor().id,
    )
