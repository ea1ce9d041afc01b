"""What forms of several slices are made of: words, lines, days, boxes, choices, the version that was seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.kit.text import tidy
from labtracker.kit.time import is_near
from labtracker.web.ssn import tell_in

NEEDED = _l("Please fill this in.")
AT_MOST = _l("At most %(max)d characters.")


def one_line(text: str | None) -> str | None:
    """What was typed as one clean line; nothing left is None."""
    return tidy(text) or None if text else None


def text(label: Any, limit: int, *, needed: bool = False, **more: Any) -> StringField:
    """One line of text."""
    rules: list[Any] = [DataRequired(NEEDED)] if needed else [Optional()]
    return StringField(label, [*rules, Length(max=limit, message=AT_MOST)], filters=[one_line], **more)


def whole(label: Any, low: int, high: int, *, needed: bool = False, **more: Any) -> IntegerField:
    """A whole number between two others."""
    rules: list[Any] = [InputRequired(NEEDED)] if needed else [Optional()]
    between = NumberRange(low, high, _l("A number from %(min)s to %(max)s."))
    return IntegerField(label, [*rules, between], **more)


class DayField(DateField):
    """A calendar day that can be meant: years such as 0001 and 9999 are slips that no reckoning bears."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed; refuse what is no day, and a day that is centuries away."""
        super().process_formdata(valuelist)
        if self.data is not None and not is_near(self.data):
            self.data = None
            raise ValueError(_("Choose a day between the years 1900 and 2199."))


class Checkboxes(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Form(FlaskForm):
    """What every form is: it says where a Social Security number was taken out of it, and is then refused."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all that was typed can be taken."""
        fits = super().validate(extra_validators)
        return not tell_in(self) and fits


class Versioned(Form):
    """A form that remembers which version of the row its reader saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version that was seen; none where something new is made, or what came is no number."""
        return version_in(str(self.version.data or ""))


def version_in(text: str) -> int | None:
    """The version that a form or a button sent, if it is a number at all."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def to_id(value: Any) -> UUID | None:
    """An id as a form gives it, typed or chosen."""
    return value if isinstance(value, UUID) or value is None else UUID(str(value))


def choose_from(field: Any, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Offer these values under these labels."""
    field.choices = [SelectChoice(value, label) for value, label in pairs]
