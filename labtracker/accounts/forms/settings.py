"""What people set about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField

from labtracker.accounts.forms.fields import LANGUAGES, line_field, new_password_field


class ProfileForm(FlaskForm):
    """Name, telephone and language."""

    name = line_field(_l("Name"), _l("Enter your name."))
    phone = line_field(_l("Telephone"), longest=20)
    language = RadioField(_l("Language of pages and mails"), choices=LANGUAGES)
    seen = HiddenField()


class ChangePasswordForm(FlaskForm):
    """The present password and a new one."""

    old_password = PasswordField(_l("Present password"))
    new_password = new_password_field(_l("New password"))
