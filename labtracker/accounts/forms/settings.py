"""What people set about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.forms.fields import LANGUAGES, line_field, new_password_field
from labtracker.accounts.words import MAIL_KIND_NAMES
from labtracker.web.fields import Checkboxes, Form


class ProfileForm(Form):
    """Name, telephone and language."""

    name = line_field(_l("Name"), _l("Enter your name."))
    phone = line_field(_l("Telephone"), longest=20)
    language = RadioField(_l("Language of pages and mails"), choices=LANGUAGES)
    seen = HiddenField()


class ChangePasswordForm(Form):
    """The present password and a new one."""

    old_password = PasswordField(_l("Present password"))
    new_password = new_password_field(_l("New password"))


class MailForm(Form):
    """Which kinds of mail somebody wants."""

    kinds = Checkboxes(
        _l("Mails I want"),
        choices=[SelectChoice(str(kind), name) for kind, name in MAIL_KIND_NAMES.items()],
    )
