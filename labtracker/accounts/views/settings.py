"""A person's own settings: name, language, password, browsers that are signed in."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor
from labtracker.accounts.forms import ChangePasswordForm, MailForm, ProfileForm
from labtracker.accounts.models import Person, SignIn
from labtracker.accounts.sign_in import PHONE_IDLE
from labtracker.accounts.views.blueprint import blueprint
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.web import language
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse


@blueprint.get("/settings")
@login_required
def settings() -> ResponseReturnValue:
    """Everything a person may set about the own account."""
    return _settings()


@blueprint.post("/settings/profile")
@login_required
def edit_profile() -> ResponseReturnValue:
    """Change name, telephone and language."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _settings(profile=form), 422
    actor = current_actor()
    services.edit_person(
        actor,
        name=form.name.data,
        phone=form.phone.data,
        language=form.language.data,
        actor=actor,
        now=utc_now(),
    )
    commit()
    flash(_("Saved."))
    response = redirect(url_for("accounts.settings"), 303)
    return language.keep(response, form.language.data)  # type: ignore[arg-type]


@blueprint.post("/settings/password")
@login_required
def change_password() -> ResponseReturnValue:
    """Set or change the password; every other browser is signed out."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _settings(password=form), 422
    try:
        services.change_password(
            current_actor(),
            old=form.old_password.data or "",
            new=form.new_password.data,
            token=current_user.token,
            address=request.remote_addr or "unknown",
            now=utc_now(),
        )
    except DomainError as error:
        refuse(form, error)
        # A wrong guess stays counted; nothing else was written.
        commit()
        return _settings(password=form), 422
    commit()
    flash(_("Your password is set. Other browsers were signed out."))
    return redirect(url_for("accounts.settings"), 303)


@blueprint.post("/settings/sign-ins/<uuid:sign_in_id>/ending")
@login_required
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one of the own browsers out."""
    row = load(_own_sign_ins().where(SignIn.id == sign_in_id))
    services.end_sign_in(row, actor=current_actor(), now=utc_now())
    commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.settings"), 303)


@blueprint.post("/settings/sign-ins/ending")
@login_required
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    services.end_other_sign_ins(current_actor(), keep=current_user.token, now=utc_now())
    commit()
    flash(_("Every other browser is signed out."))
    return redirect(url_for("accounts.settings"), 303)


def _own_sign_ins() -> sa.Select[SignIn]:
    return queries.sign_ins_of(current_actor(), since=utc_now() - PHONE_IDLE)


def _mails(actor: Person) -> MailForm:
    form = MailForm(None)
    form.kinds.data = [str(kind) for kind in services.wanted_kinds(actor)]
    return form


def _settings(profile: ProfileForm | None = None, password: ChangePasswordForm | None = None) -> str:
    actor = current_actor()
    if profile is None:
        profile = ProfileForm(None, obj=actor)
        profile.language.data = actor.language or language.language()
    return render_template(
        "accounts/settings.html",
        profile=profile,
        password=password or ChangePasswordForm(None),
        mails=_mails(actor),
        sign_ins=load_all(_own_sign_ins()),
        this_sign_in=current_user.sign_in,
        person=actor,
    )
