"""What forms about visits share: words, boxes, whole numbers, checks by the services' rules, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import Length

from labtracker.errors import DomainError
from labtracker.web.fields import AT_MOST, Form, Versioned

CHOOSE = _l("Choose one.")


def trim(text: str | None) -> str:
    """Text without spaces at its ends."""
    return (text or "").strip()


class Whole(IntegerField):
    """A whole number; what is none is refused in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError with words for people."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Give a whole number, such as 12.")) from error


class Checked(Form):
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


class ReasonForm(Versioned):
    """A step with the reason for it."""

    reason = TextAreaField(_l("Why?"), [Length(max=500, message=AT_MOST)], filters=[trim])
