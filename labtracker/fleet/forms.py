"""The shape of what people type about the fleet. What the answers mean is checked by the services."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from labtracker.fleet.rules import InspectionDetails, ItemDetails, LicenceClass, VehicleDetails
from labtracker.fleet.words import LICENCES
from labtracker.web.fields import AT_MOST, NEEDED, Checkboxes, DayField, Form, Versioned, text, to_id, whole


class VehicleForm(Versioned):
    """A tow vehicle."""

    name = text(_l("Name"), 80, needed=True, description=_l("As people call it: Tractor 2."))
    plate = text(_l("License plate"), 12, needed=True)
    weight_lb = whole(
        _l("Weight, pounds"), 2000, 80000, needed=True,
        description=_l("Its rating or its real weight, whichever is more."),
    )  # fmt: skip
    mph = whole(_l("Speed with a lab behind it, miles per hour"), 20, 80, needed=True, default=50)
    labs = Checkboxes(_l("Labs it can tow"), coerce=to_id)
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


class LicenceForm(Form):
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


class TaughtForm(Form):
    """Which courses a trainer teaches."""

    courses = Checkboxes(_l("Courses this trainer teaches"), coerce=to_id)


class ItemForm(Versioned):
    """A piece of equipment."""

    name = text(_l("Item"), 80, needed=True)
    count = whole(_l("How many are on board"), 1, 999, needed=True, default=1)
    courses = Checkboxes(
        _l("Courses that need it"),
        coerce=to_id,
        description=_l("They stop on this lab while it is out of order."),
    )

    def details(self) -> ItemDetails:
        """What was said, for the service."""
        return ItemDetails(self.name.data or "", self.count.data or 1, frozenset(self.courses.data or ()))


class OutageForm(Form):
    """Since when a piece of equipment is out of order."""

    since = DayField(_l("Out of order since"), [InputRequired(NEEDED)])
    until = DayField(_l("Until"), [Optional()], description=_l("Leave it empty while nobody knows."))
    note = text(_l("What is wrong"), 300)


class InspectionForm(Form):
    """An inspection that comes round."""

    name = text(
        _l("Inspection"), 80, needed=True, description=_l("For example: annual federal safety inspection.")
    )
    every_months = whole(_l("Every so many months"), 1, 120, needed=True, default=12)
    done_on = DayField(_l("Last done on"), [InputRequired(NEEDED)])

    def details(self) -> InspectionDetails:
        """What was said, for the service."""
        return InspectionDetails(self.name.data or "", self.every_months.data or 1, self.done_on.data)


class DoneForm(Versioned):
    """The day on which something was inspected."""

    done_on = DayField(_l("Done on"), [InputRequired(NEEDED)])


class ClosedDayForm(Form):
    """A day on which nobody is trained in a state."""

    closed_on = DayField(_l("Day"), [InputRequired(NEEDED)])
    name = text(_l("Name"), 80, needed=True, description=_l("For example: staff training day."))
