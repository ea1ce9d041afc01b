"""What forms about visits share: words, boxes, whole numbers, checks by the services' rules, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.errors import DomainError

CHOOSE = _l("Choose one.")
NEEDED = _l("Please fill this in.")
AT_MOST = _l("At most %(max)d characters.")


def to_id(value: Any) -> UUID | None:
    """An id as a form gives it, typed or chosen."""
    return value if isinstance(value, UUID) or value is None else UUID(str(value))


def trim(text: str | None) -> str:
    """Text without spaces at its ends."""
    return (text or "").strip()


def choose_from(field: Any, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Offer these values under these labels."""
    field.choices = [SelectChoice(value, label) for value, label in pairs]


class Checkboxes(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Whole(IntegerField):
    """A whole number; what is none is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError with words for people."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Give a whole number, such as 12.")) from error


class Checked(FlaskForm):
    """A form whose answers are checked together by the service's rules, so that all refusals show at once."""

    def checks(self) -> Iterable[Callable[[], None]]:
        """What to try; each raises a DomainError that names its field."""
        return ()

    def validate(self, extra_validators: Any = None) -> bool:
        """The shape of each field first; a field with a fault in its shape gets no second one."""
        sound = bool(super().validate(extra_validators))
        for check in self.checks():
            try:
                check()
            except DomainError as error:
                sound = False
                field = self[error.field or ""]
                if not field.errors:
                    field.errors = [error.message]
        return sound


class Versioned(FlaskForm):
    """A form that remembers which version of the row its reader saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version, if it is a number at all."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class ReasonForm(Versioned):
    """A step with the reason for it."""

    reason = TextAreaField(_l("Why?"), [Length(max=500, message=AT_MOST)], filters=[trim])
