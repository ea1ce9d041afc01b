"""Fields that several forms share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from labtracker.accounts.rules import is_email, normal_email
from labtracker.kit.text import tidy, tidy_lines


def one_line(text: str | None) -> str | None:
    """What was typed as one clean line."""
    return tidy(text) if text else text


def email_field(label: Any = None, **more: Any) -> EmailField:
    """A required e-mail address, kept in lower case."""
    return EmailField(
        label or _l("E-mail"),
        filters=[lambda text: normal_email(text) if text else text],
        validators=[
            DataRequired(_l("Enter an e-mail address.")),
            _looks_like_email,
        ],
        **more,
    )


def several_lines(text: str | None) -> str | None:
    """What was typed as clean lines, without empty ones at its ends."""
    return tidy_lines(text) if text else text


def line_field(
    label: Any, missing: Any = None, longest: int = 120, more: Sequence[Any] = (), **rest: Any
) -> StringField:
    """One line of text; required when ``missing`` says what to tell whoever leaves it out."""
    rules: list[Any] = [Length(max=longest, message=_l("Use at most %(max)d characters."))]
    if missing:
        rules.insert(0, DataRequired(missing))
    return StringField(label, filters=[one_line], validators=[*more, *rules], **rest)


def new_password_field(label: Any) -> PasswordField:
    """A password to be set; the rules on it are the service's."""
    return PasswordField(
        label,
        validators=[DataRequired(_l("Choose a password."))],
        description=_l("At least 12 characters. Four words that do not belong together do well."),
    )


def _looks_like_email(_form: Any, field: EmailField) -> None:
    if not is_email(field.data or ""):
        raise ValidationError(_l("Enter an e-mail address like name@company.com."))


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The choices of a select or radio field from values and labels."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


LANGUAGES = choices([("en", "English"), ("es", "Español")])
