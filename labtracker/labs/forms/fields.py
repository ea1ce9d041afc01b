"""What forms about labs, courses and worksites are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str | None) -> str | None:
    """One line of text without control characters or spaces at its ends; nothing left is None."""
    if text is None:
        return None
    return _CONTROL.sub("", " ".join(text.split())).strip() or None


def clean_lines(text: str | None) -> str | None:
    """Text of several lines, each trimmed at its end."""
    if text is None:
        return None
    lines = [_CONTROL.sub("", line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip() or None


NEEDED = _l("Please fill this in.")


def text(label: Any, limit: int, *, needed: bool = False, **more: Any) -> StringField:
    """One line of text."""
    rules: list[Any] = [DataRequired(NEEDED)] if needed else [Optional()]
    rules.append(Length(max=limit, message=_l("At most %(max)d characters.")))
    return StringField(label, rules, filters=[clean], **more)


def whole(label: Any, low: int, high: int, *, needed: bool = False, **more: Any) -> IntegerField:
    """A whole number between two others."""
    rules: list[Any] = [InputRequired(NEEDED) if needed else Optional()]
    rules.append(NumberRange(low, high, _l("A number from %(min)s to %(max)s.")))
    return IntegerField(label, rules, **more)


def decimal(label: Any, low: str, high: str, *, needed: bool = False, **more: Any) -> DecimalField:
    """A number between two others, both given as text."""
    rules: list[Any] = [InputRequired(NEEDED) if needed else Optional()]
    rules.append(NumberRange(Decimal(low), Decimal(high), _l("A number from %(min)s to %(max)s.")))
    return DecimalField(label, rules, places=None, **more)


def lines(label: Any, **more: Any) -> TextAreaField:
    """Text of several lines."""
    limit = Length(max=4000, message=_l("At most %(max)d characters."))
    return TextAreaField(label, [Optional(), limit], filters=[clean_lines], **more)


def zip_code(label: Any, **more: Any) -> StringField:
    """A ZIP code."""
    digits = Regexp(r"^[0-9]{5}(-?[0-9]{4})?$", message=_l("A ZIP code has five digits, like 81052."))
    return StringField(label, [DataRequired(NEEDED), digits], filters=[clean], **more)


def to_id(value: Any) -> UUID:
    """An id as a form gives it, typed or chosen."""
    return value if isinstance(value, UUID) else UUID(str(value))


class Versioned(FlaskForm):
    """A form that remembers which version of the row its editor saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version the editor saw, or none when something new is made."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def fill(form: Any, values: dict[str, Any], version: int | None) -> None:
    """Show what is stored in a form that nobody has typed into yet."""
    for name, value in values.items():
        field = form._fields.get(name)
        if field is not None:
            field.data = plain(value)
    form.version.data = "" if version is None else str(version)


def plain(value: Any) -> Any:
    """A stored number as people write it: 24.00 is 24."""
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value


def choose_from(field: Any, choices: Sequence[tuple[UUID, str]]) -> None:
    """Give a list its choices."""
    field.choices = [SelectChoice(value, label) for value, label in choices]
