"""Screens for signing in and out, and where signing in leads."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, login_user, logout_user

from labtracker.accounts import services
from labtracker.accounts.access import current_actor
from labtracker.accounts.cast import CAST
from labtracker.accounts.forms import AddressForm, NewPasswordForm, PressForm, SignInForm
from labtracker.accounts.models import Person
from labtracker.accounts.queries import people_with_emails
from labtracker.accounts.rules import Role
from labtracker.accounts.services import Purpose
from labtracker.accounts.sign_in import SignedIn
from labtracker.accounts.views.blueprint import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.paths import safe_path
from labtracker.kit.time import utc_now
from labtracker.web import checklist
from labtracker.web.edge import commit, load_all
from labtracker.web.error_pages import json_error, wants_json, words_for
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.navigation import places
from labtracker.web.overtaken import place_to_look


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """E-mail and password."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(safe_path(request.args.get("next")) or url_for("accounts.home"))
    form = SignInForm(data={"next": request.args.get("next", "")})
    if not form.validate_on_submit():
        return _sign_in_page(form), 422 if form.is_submitted() else 200
    try:
        tried = services.begin_password_try(form.email.data, address=_address(), now=utc_now())
    except DomainError as error:
        refuse(form, error)
        return _sign_in_page(form), error.status
    # The count stands, and no transaction is open, while the slow look at the password is taken.
    commit()
    if not tried.is_right(form.password.data):
        form.form_errors.append(_("E-mail and password do not match, or there were too many tries."))
        return _sign_in_page(form), 422
    signed = services.sign_in_with_password(
        tried, form.password.data, now=utc_now(), on_phone=form.on_phone.data, agent=_agent()
    )
    commit()
    return welcome(signed, form.next.data)


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
def ask_sign_in_link() -> ResponseReturnValue:
    """Ask for a link that signs in."""
    return _ask_for_link(Purpose.SIGN_IN)


@blueprint.route("/password/link", methods=["GET", "POST"])
def ask_password_link() -> ResponseReturnValue:
    """Ask for a link that sets a new password."""
    return _ask_for_link(Purpose.PASSWORD)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, cast=offered_cast())


def _ask_for_link(purpose: Purpose) -> ResponseReturnValue:
    form = AddressForm(data={"next": request.args.get("next", ""), "email": request.args.get("email", "")})
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/ask_for_link.html", form=form, purpose=purpose), status
    try:
        services.ask_for_link(
            form.email.data,
            purpose,
            address=_address(),
            language=language(),
            now=utc_now(),
            next_path=safe_path(form.next.data),
        )
    except DomainError as error:
        refuse(form, error)
        return render_template("accounts/ask_for_link.html", form=form, purpose=purpose), error.status
    commit()
    return render_template("accounts/link_sent.html", email=form.email.data, purpose=purpose)


@blueprint.route("/sign-in/link/<secret>", methods=["GET", "POST"])
def sign_in_link(secret: str) -> ResponseReturnValue:
    """A mailed link: looking shows a button, pressing it signs in."""
    form = PressForm()
    person = services.person_of_link(secret, Purpose.SIGN_IN, now=utc_now())
    if person is None:
        return render_template("accounts/link_spent.html", purpose=Purpose.SIGN_IN), 410
    if not form.validate_on_submit():
        return render_template("accounts/sign_in_link.html", form=form, person=person)
    signed, wish = services.sign_in_with_link(
        secret, now=utc_now(), on_phone=form.on_phone.data, agent=_agent()
    )
    commit()
    return welcome(signed, wish)


@blueprint.route("/password/link/<secret>", methods=["GET", "POST"])
def reset_password(secret: str) -> ResponseReturnValue:
    """A mailed link: choose a new password."""
    form = NewPasswordForm()
    person = services.person_of_link(secret, Purpose.PASSWORD, now=utc_now())
    if person is None:
        return render_template("accounts/link_spent.html", purpose=Purpose.PASSWORD), 410
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/reset_password.html", form=form, person=person), status
    try:
        signed = services.reset_password(secret, form.password.data, now=utc_now(), agent=_agent())
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/reset_password.html", form=form, person=person), 422
    commit()
    answer = welcome(signed, None)
    flash(_("Your password is set. Other browsers were signed out."))
    return answer


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    if current_user.is_authenticated:
        services.end_sign_in(current_user.sign_in, actor=current_actor(), now=utc_now())
        commit()
        logout_user()
    start_session()
    flash(_("You are signed out."))
    return redirect(url_for("web.home"), 303)


@blueprint.get("/home")
@login_required
def home() -> ResponseReturnValue:
    """The first place of the person's roles; for an administrator the first steps, until they are done."""
    if current_actor().has(Role.ADMINISTRATOR) and not checklist.all_done(current_app):
        return redirect(url_for("accounts.start"))
    here = places()
    return redirect(url_for(here[0].endpoint if here else "accounts.settings"))


def welcome(signed: SignedIn, wish: str | None) -> ResponseReturnValue:
    """Start a session of its own for this sign-in, and go where the person wanted to.

    What is to be flashed on the next page has to be flashed after this: the old session is forgotten.
    """
    start_session()
    session.permanent = signed.sign_in.on_phone
    if not login_user(signed):
        abort(403)
    return redirect(safe_path(wish) or url_for("accounts.home"), 303)


def start_session() -> None:
    """Forget everything this browser's session held, but not that it came in by an open demo's door."""
    door = session.get("demo_door")
    session.clear()
    if door:
        session["demo_door"] = door


def offered_cast() -> list[tuple[Person, str]]:
    """In the demo, everybody whom a visitor can be, with what there is to see; elsewhere nobody."""
    if not current_app.config["DEMO"]:
        return []
    people = {person.email: person for person in load_all(people_with_emails(row.email for row in CAST))}
    return [(people[row.email], str(row.to_see)) for row in CAST if row.email in people]


def _address() -> str:
    return request.remote_addr or "unknown"


def _agent() -> str | None:
    return request.user_agent.string or None


def show_sign_in() -> ResponseReturnValue:
    """Send whoever is signed out to the sign-in page and back; programs are told in their shape."""
    if wants_json():
        title, advice = words_for(401)
        return json_error(401, "not_signed_in", f"{title}. {advice}")
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    flash(_("You had been signed out, so what you sent was not saved. Sign in and send it again."), "look")
    return redirect(url_for("accounts.sign_in", next=place_to_look()))
