"""The first real day: who administers this, and what to do first."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.forms import FirstAdministratorForm
from labtracker.accounts.models import Person
from labtracker.accounts.provider import provider
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services import Purpose
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.signing_in import welcome
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.web import checklist
from labtracker.web.edge import commit, count_of
from labtracker.web.forms import refuse
from labtracker.web.language import language


@blueprint.route("/first-day/<secret>", methods=["GET", "POST"])
def first_administrator(secret: str) -> ResponseReturnValue:
    """The link that ``labtracker init`` printed: become the administrator."""
    if not services.link_works(secret, Purpose.FIRST_DAY, now=utc_now()):
        return render_template("accounts/link_spent.html", purpose=Purpose.FIRST_DAY), 410
    form = FirstAdministratorForm(data={"language": language()})
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/first_administrator.html", form=form), status
    try:
        signed = services.become_administrator(
            secret,
            email=form.email.data,
            name=form.name.data,
            language=form.language.data,
            password=form.password.data,
            now=utc_now(),
            agent=request.user_agent.string or None,
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/first_administrator.html", form=form), 422
    commit()
    answer = welcome(signed, "/start")
    flash(_("Welcome. You are the administrator."))
    return answer


@blueprint.get("/start")
@roles(Role.ADMINISTRATOR)
def start() -> ResponseReturnValue:
    """What to do first, and how far it has come."""
    steps = checklist.steps(current_app)
    states = [step.is_done() for step in steps]
    return render_template("accounts/start.html", steps=list(zip(steps, states, strict=True)))


@blueprint.get("/start/organization")
@roles(Role.ADMINISTRATOR)
def describe_provider() -> ResponseReturnValue:
    """The first step's way to the page where the provider is described."""
    found = provider()
    if found is None:
        return redirect(url_for("accounts.new_organization", kind=OrganizationKind.PROVIDER))
    return redirect(url_for("accounts.edit_organization", organization_id=found.id))


def first_steps_left() -> tuple[int, int] | None:
    """For an administrator: how many first steps are done, of how many; nothing once all are."""
    if not current_actor().has(Role.ADMINISTRATOR):
        return None
    states = [step.is_done() for step in checklist.steps(current_app)]
    return None if all(states) else (sum(states), len(states))


def _provider_is_described() -> bool:
    providers = db.session.execute(queries.organizations_of_kind(OrganizationKind.PROVIDER)).scalars()
    return any(provider.city and provider.phone for provider in providers)


def _others_are_invited() -> bool:
    query: sa.Select[Person] = queries.people_with_role(Role.COORDINATOR, Role.TRAINER)
    return count_of(query) > 0


def _employers_are_here() -> bool:
    return count_of(queries.organizations_of_kind(OrganizationKind.EMPLOYER)) > 0


FIRST_STEPS = (
    checklist.Step(
        label=_l("Describe your organization"),
        hint=_l("Town and telephone stand in mails and on public pages."),
        endpoint="accounts.describe_provider",
        is_done=_provider_is_described,
        order=10,
    ),
    checklist.Step(
        label=_l("Invite coordinators and trainers"),
        hint=_l("Everybody gets a mail with a link. Employers can also ask for an account themselves."),
        endpoint="accounts.people",
        is_done=_others_are_invited,
        order=40,
    ),
    checklist.Step(
        label=_l("Add an employer"),
        hint=_l("Whose workers you train, with a worksite where a lab can stand. Then invite its contact."),
        endpoint="accounts.organizations",
        is_done=_employers_are_here,
        order=45,
    ),
)
