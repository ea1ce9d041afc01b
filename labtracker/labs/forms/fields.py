"""What forms about labs, courses and worksites are made of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from labtracker.web.fields import AT_MOST, NEEDED, one_line

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean_lines(text: str | None) -> str | None:
    """Text of several lines, each trimmed at its end."""
    if text is None:
        return None
    lines = [_CONTROL.sub("", line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip() or None


def decimal(label: Any, low: str, high: str, *, needed: bool = False, **more: Any) -> DecimalField:
    """A number between two others, both given as text."""
    rules: list[Any] = [InputRequired(NEEDED) if needed else Optional()]
    rules.append(NumberRange(Decimal(low), Decimal(high), _l("A number from %(min)s to %(max)s.")))
    return DecimalField(label, rules, places=None, **more)


def lines(label: Any, **more: Any) -> TextAreaField:
    """Text of several lines."""
    limit = Length(max=4000, message=AT_MOST)
    return TextAreaField(label, [Optional(), limit], filters=[clean_lines], **more)


def zip_code(label: Any, **more: Any) -> StringField:
    """A ZIP code."""
    digits = Regexp(r"^[0-9]{5}(-?[0-9]{4})?$", message=_l("A ZIP code has five digits, like 81052."))
    return StringField(label, [DataRequired(NEEDED), digits], filters=[one_line], **more)


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
