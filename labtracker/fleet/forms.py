"""The shape of what people type about the fleet. What the answers mean is checked by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.fleet.rules import InspectionDetails, ItemDetails, LicenceClass, VehicleDetails
from labtracker.fleet.words import LICENCES
from labtracker.web.fields import DayField

NEEDED = _l("Please fill this in.")
AT_MOST = _l("At most %(max)d characters.")


def _clean(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def text(label: Any, limit: int, *, needed: bool = False, **more: Any) -> StringField:
    """A line of text, tidied."""
    rules: list[Any] = [DataRequired(NEEDED)] if needed else [Optional()]
    return StringField(label, [*rules, Length(max=limit, message=AT_MOST)], filters=[_clean], **more)


def whole(label: Any, low: int, high: int, **more: Any) -> IntegerField:
    """A whole number that has to be there."""
    between = NumberRange(low, high, _l("A number from %(min)s to %(max)s."))
    return IntegerField(label, [InputRequired(NEEDED), between], **more)


def several(label: Any, **more: Any) -> SelectMultipleField:
    """Several of a few, each with its own box."""
    return SelectMultipleField(
        label,
        coerce=_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=True,
        **more,
    )


def offer(field: Any, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a list its choices."""
    field.choices = [SelectChoice(value, label) for value, label in choices]


class Versioned(FlaskForm):
    """A form that remembers which version of the row its editor saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version the editor saw, or none when something new is made."""
        said = self.version.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


class VehicleForm(Versioned):
    """A tow vehicle."""

    name = text(_l("Name"), 80, needed=True, description=_l("As people call it: Tractor 2."))
    plate = text(_l("License plate"), 12, needed=True)
    weight_lb = whole(
        _l("Weight, pounds"), 2000, 80000,
        description=_l("Its rating or its real weight, whichever is more."),
    )  # fmt: skip
    mph = whole(_l("Speed with a lab behind it, miles per hour"), 20, 80, default=50)
    labs = several(_l("Labs it can tow"))
    notes = TextAreaField(_l("Notes"), [Optional(), Length(max=2000, message=AT_MOST)])

    def details(self) -> VehicleDetails:
        """What was said, for the service."""
        return VehicleDetails(
            name=self.name.data or "",
            plate=self.plate.data or "",
            weight_lb=self.weight_lb.data or 0,
            mph=self.mph.data or 0,
            lab_ids=frozenset(self.labs.data or ()),
            notes=(self.notes.data or "").strip() or None,
        )


class LicenceForm(FlaskForm):
    """Up to which class somebody may drive, and until when."""

    licence_class = SelectField(
        _l("License"),
        choices=[SelectChoice("", _l("None noted")), *(SelectChoice(str(k), v) for k, v in LICENCES.items())],
    )
    expires_on = DayField(_l("Valid until"), [Optional()])

    @property
    def chosen(self) -> LicenceClass | None:
        """The class, or none where the note is to be taken away."""
        return LicenceClass(self.licence_class.data) if self.licence_class.data else None


class TaughtForm(FlaskForm):
    """Which courses a trainer teaches."""

    courses = several(_l("Courses this trainer teaches"))


class ItemForm(Versioned):
    """A piece of equipment."""

    name = text(_l("Item"), 80, needed=True)
    count = whole(_l("How many are on board"), 1, 999, default=1)
    courses = several(
        _l("Courses that need it"), description=_l("They stop on this lab while it is out of order.")
    )

    def details(self) -> ItemDetails:
        """What was said, for the service."""
        return ItemDetails(self.name.data or "", self.count.data or 1, frozenset(self.courses.data or ()))


class OutageForm(FlaskForm):
    """Since when a piece of equipment is out of order."""

    since = DayField(_l("Out of order since"), [InputRequired(NEEDED)])
    until = DayField(_l("Until"), [Optional()], description=_l("Leave it empty while nobody knows."))
    note = text(_l("What is wrong"), 300)


class InspectionForm(FlaskForm):
    """An inspection that comes round."""

    name = text(
        _l("Inspection"), 80, needed=True, description=_l("For example: annual federal safety inspection.")
    )
    every_months = whole(_l("Every so many months"), 1, 120, default=12)
    done_on = DayField(_l("Last done on"), [InputRequired(NEEDED)])

    def details(self) -> InspectionDetails:
        """What was said, for the service."""
        return InspectionDetails(self.name.data or "", self.every_months.data or 1, self.done_on.data)


class DoneForm(Versioned):
    """The day on which something was inspected."""

    done_on = DayField(_l("Done on"), [InputRequired(NEEDED)])


class ClosedDayForm(FlaskForm):
    """A day on which nobody is trained in a state."""

    closed_on = DayField(_l("Day"), [InputRequired(NEEDED)])
    name = text(_l("Name"), 80, needed=True, description=_l("For example: staff training day."))
