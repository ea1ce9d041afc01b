"""Which mails somebody gets: chosen in the settings, or by the link below a mail, without signing in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from labtracker.accounts import services
from labtracker.accounts.access import current_actor
from labtracker.accounts.forms import MailForm
from labtracker.accounts.rules import MailKind
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.words import MAIL_KIND_HINTS, MAIL_KIND_NAMES
from labtracker.extensions import csrf
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit
from labtracker.web.language import speak


@blueprint.post("/settings/mails")
@login_required
def choose_mails() -> ResponseReturnValue:
    """Say which kinds of mail one wants."""
    form, actor = MailForm(), current_actor()
    wanted = [MailKind(kind) for kind in form.kinds.data or () if kind in set(MailKind)]
    services.choose_mail(actor, wanted, actor=actor, now=utc_now())
    commit()
    flash(_("Saved."))
    return redirect(url_for("accounts.settings", _anchor="mails"), 303)


@blueprint.route("/mails/<secret>", methods=["GET", "POST"])
@csrf.exempt  # a mail program presses this button for its reader (RFC 8058) and has no form of ours
def mail_choice(secret: str) -> ResponseReturnValue:
    """Stop mails of one kind, or get them again, by the link below a mail; only a press changes anything."""
    person, kind = services.read_mail_secret(secret)
    speak(person.mail_language)
    if request.method == "POST":
        wanted = set(services.wanted_kinds(person)) - {kind}
        if request.form.get("again"):
            wanted.add(kind)
        services.choose_mail(person, wanted, actor=None, now=utc_now())
        commit()
    return render_template(
        "accounts/mail_choice.html",
        name=MAIL_KIND_NAMES[kind],
        about=MAIL_KIND_HINTS[kind],
        email=person.email,
        wants=services.wants_mail(person, kind),
        is_done=request.method == "POST",
    )
