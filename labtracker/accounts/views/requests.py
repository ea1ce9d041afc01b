"""Screens about asking for an account, and deciding on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.forms import AccountRequestForm, ApprovalForm, DecliningForm, MergingForm
from labtracker.accounts.forms.fields import choices
from labtracker.accounts.models import AccountRequest, Organization
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.tabs import office_tabs
from labtracker.accounts.words import REQUEST_STATES
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import text_from_request
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.pagination import page_of


@blueprint.route("/account-requests/new", methods=["GET", "POST"])
def request_account() -> ResponseReturnValue:
    """An employer asks for an account; anybody may."""
    form = AccountRequestForm()
    if request.method == "GET":
        form.message.data = text_from_request("message", 300)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/request_account.html", form=form), status
    try:
        services.request_account(
            organization_name=form.organization_name.data,
            city=form.city.data or None,
            person_name=form.person_name.data,
            email=form.email.data,
            phone=form.phone.data or None,
            message=form.message.data or None,
            language=language(),
            address=request.remote_addr or "unknown",
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/request_account.html", form=form), error.status
    commit()
    return redirect(url_for("accounts.account_requested"), 303)


@blueprint.get("/account-requests/thanks")
def account_requested() -> ResponseReturnValue:
    """What happens after asking."""
    return render_template("accounts/account_requested.html")


@blueprint.get("/account-requests")
@roles(Role.COORDINATOR)
def account_requests() -> ResponseReturnValue:
    """Every ask, those that wait first."""
    return render_template(
        "accounts/account_requests.html",
        page=page_of(queries.account_requests()),
        states=REQUEST_STATES,
        tabs=office_tabs("accounts.account_requests"),
    )


@blueprint.get("/account-requests/<uuid:request_id>")
@roles(Role.COORDINATOR)
def account_request(request_id: UUID) -> ResponseReturnValue:
    """One ask, and the three ways to decide it."""
    return _page(_load(request_id))


@blueprint.post("/account-requests/<uuid:request_id>/approval")
@roles(Role.COORDINATOR)
def approve_request(request_id: UUID) -> ResponseReturnValue:
    """Make a new employer of it."""
    asked, form = _load(request_id), ApprovalForm()

    def decide() -> None:
        services.approve_request(asked, name=form.name.data, actor=current_actor(), now=utc_now())

    return _decide(asked, form, decide, approval=form)


@blueprint.post("/account-requests/<uuid:request_id>/merging")
@roles(Role.COORDINATOR)
def merge_request(request_id: UUID) -> ResponseReturnValue:
    """Add whoever asked to an employer that is known already."""
    asked, form = _load(request_id), MergingForm()
    form.organization_id.choices = _employer_choices(asked)

    def decide() -> None:
        employers = queries.organizations_of_kind(OrganizationKind.EMPLOYER)
        employer = load(employers.where(Organization.id == UUID(form.organization_id.data)))
        services.merge_request(asked, organization=employer, actor=current_actor(), now=utc_now())

    return _decide(asked, form, decide, merging=form)


@blueprint.post("/account-requests/<uuid:request_id>/refusal")
@roles(Role.COORDINATOR)
def decline_request(request_id: UUID) -> ResponseReturnValue:
    """Decline it, with a reason."""
    asked, form = _load(request_id), DecliningForm()

    def decide() -> None:
        services.decline_request(asked, reason=form.reason.data, actor=current_actor(), now=utc_now())

    return _decide(asked, form, decide, declining=form)


def _decide(asked: AccountRequest, form: Any, decide: Any, **forms: Any) -> ResponseReturnValue:
    request_id = asked.id
    if not form.validate_on_submit():
        return _page(asked, **forms), 422
    try:
        decide()
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _page(_load(request_id), **forms), 422
    commit()
    flash(_("Done. The answer is on its way by mail."))
    return redirect(url_for("accounts.account_requests"), 303)


def _load(request_id: UUID) -> AccountRequest:
    return load(queries.account_requests().where(AccountRequest.id == request_id))


def _employer_choices(asked: AccountRequest) -> Any:
    likely = queries.similar_employers(asked.organization_name)
    known = {row.id for row in likely}
    others = load_all(queries.organizations_of_kind(OrganizationKind.EMPLOYER))
    rows = [*likely, *(row for row in others if row.id not in known)]
    return choices([("", _("Choose")), *((str(row.id), row.name) for row in rows)])


def _page(
    asked: AccountRequest,
    approval: ApprovalForm | None = None,
    merging: MergingForm | None = None,
    declining: DecliningForm | None = None,
) -> str:
    likely = queries.similar_employers(asked.organization_name)
    if merging is None:
        merging = MergingForm(None, data={"organization_id": str(likely[0].id) if likely else ""})
        merging.organization_id.choices = _employer_choices(asked)
    return render_template(
        "accounts/account_request.html",
        asked=asked,
        state=REQUEST_STATES[asked.status],
        likely=likely,
        approval=approval or ApprovalForm(None, data={"name": asked.organization_name}),
        merging=merging,
        declining=declining or DecliningForm(None),
    )
