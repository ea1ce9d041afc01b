"""The shape of what people type about days out of service, days off, vehicles and miles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from labtracker.fleet.rules import ClosureKind
from labtracker.fleet.words import CLOSURE_KINDS
from labtracker.scheduling.forms.shared import CHOOSE
from labtracker.web.fields import AT_MOST, NEEDED, DayField, Form, Versioned


def _subject(value: Any) -> str:
    return str(value or "")


class DaysForm(Form):
    """From one day to another. ``seen`` is what its sender was shown that these days break."""

    starts_on = DayField(_l("First day"), [InputRequired(NEEDED)])
    ends_on = DayField(_l("Last day"), [InputRequired(NEEDED)])
    seen = HiddenField()


class ClosureForm(DaysForm):
    """Days on which a lab or a vehicle is out of service."""

    of = SelectField(_l("Lab or vehicle"), [InputRequired(CHOOSE)], coerce=_subject)
    kind = SelectField(
        _l("Why"), choices=[SelectChoice(str(kind), CLOSURE_KINDS[kind]) for kind in ClosureKind]
    )
    note = StringField(_l("What is to be done"), [Optional(), Length(max=300, message=AT_MOST)])


class LeaveForm(DaysForm):
    """Days on which somebody is away; why is not asked."""


class LastDayForm(Versioned):
    """Another last day of a closure."""

    ends_on = DayField(_l("Last day"), [InputRequired(NEEDED)])


class TowForm(Versioned):
    """Which vehicle tows a deployment, and whether it stays there."""

    vehicle = SelectField(_l("Tow vehicle"), coerce=_subject)
    vehicle_stays = BooleanField(
        _l("The vehicle stays with the lab"),
        description=_l("Otherwise it is free for other labs while this one stands there."),
    )

    @property
    def chosen(self) -> UUID | None:
        """The vehicle, or none."""
        return UUID(self.vehicle.data) if self.vehicle.data else None


class OdometerForm(Form):
    """Miles that were really driven."""

    miles = IntegerField(_l("Miles by the odometer, there and back"), [Optional()])
