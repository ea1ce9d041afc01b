"""Forms around signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField
from wtforms.validators import DataRequired

from labtracker.accounts.forms.fields import LANGUAGES, email_field, line_field, new_password_field
from labtracker.web.fields import Form


class SignInForm(Form):
    """E-mail and password."""

    email = email_field()
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Enter your password."))])
    on_phone = BooleanField(
        _l("This is my own phone"),
        description=_l("Stay signed in for 30 days. Otherwise you are signed out after 8 idle hours."),
    )
    next = HiddenField()


class AddressForm(Form):
    """The address to which a link goes."""

    email = email_field()
    next = HiddenField()


class PressForm(Form):
    """Nothing but the press of a button, so that no mail scanner can spend a link."""

    on_phone = BooleanField(
        _l("This is my own phone"),
        description=_l("Stay signed in for 30 days. Otherwise you are signed out after 8 idle hours."),
    )


class NewPasswordForm(Form):
    """A new password, by a mailed link."""

    password = new_password_field(_l("New password"))


class DoorForm(Form):
    """The code of an open demo."""

    code = line_field(_l("Code"), _l("Type the code."), longest=20)
    next = HiddenField()


class FirstAdministratorForm(Form):
    """Who the first administrator is."""

    name = line_field(_l("Your name"), _l("Enter your name."))
    email = email_field()
    language = RadioField(_l("Language of pages and mails"), choices=LANGUAGES, default="en")
    password = new_password_field(_l("Password"))


class InvitationForm(Form):
    """What somebody invited says about themselves."""

    name = line_field(_l("Your name"), _l("Enter your name."))
    language = RadioField(_l("Language of pages and mails"), choices=LANGUAGES, default="en")
    password = new_password_field(_l("Password"))
