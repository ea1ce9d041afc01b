"""The shape of what people type about visits. What the answers mean is checked by the services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.errors import DomainError
from labtracker.kit.time import instant_at
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import DeliveryMode, Duty
from labtracker.scheduling.services import checks
from labtracker.scheduling.wording import ARRANGEMENTS, DELIVERY_MODES, DUTIES, PAYERS, WEEKDAYS
from labtracker.web.fields import DayField

CHOOSE = _l("Choose one.")
NEEDED = _l("Please fill this in.")
AT_MOST = _l("At most %(max)d characters.")


def _id(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) or value is None else UUID(str(value))


def _trim(text: str | None) -> str:
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

    reason = TextAreaField(_l("Why?"), [Length(max=500, message=AT_MOST)], filters=[_trim])


class EmployerForm(FlaskForm):
    """For whom a booking is begun, where there is a choice."""

    employer = SelectField(_l("Employer"), [InputRequired(CHOOSE)], coerce=_id)


class WhatForm(FlaskForm):
    """Step 1: the course."""

    course = RadioField(_l("Which course?"), [InputRequired(CHOOSE)], coerce=_id)


class WhereForm(Checked):
    """Step 2: the place and what it offers."""

    worksite = RadioField(_l("Where should the lab come to?"), [InputRequired(CHOOSE)], coerce=_id)
    site_contact = StringField(
        _l("Who should the crew ask for?"), [InputRequired(NEEDED), Length(max=120, message=AT_MOST)]
    )
    site_phone = StringField(
        _l("Telephone of that person"),
        [
            Optional(),
            Length(max=20, message=AT_MOST),
            Regexp(r"^[0-9+()./ x-]+$", message=_l("A telephone number has digits.")),
        ],
    )
    pad_length_ft = Whole(_l("Length of the level ground"), [Optional()])
    power_kw = Whole(_l("Power you can offer"), [Optional()])
    notes = TextAreaField(_l("What should the crew know?"), [Optional(), Length(max=2000, message=AT_MOST)])

    def checks(self) -> Iterable[Callable[[], None]]:
        """Figures are possible ones."""
        return (
            lambda: checks.check_offer(self.pad_length_ft.data, None),
            lambda: checks.check_offer(None, self.power_kw.data),
        )


class WhoForm(Checked):
    """Step 3: how many, on which shift, and who pays."""

    headcount = Whole(_l("How many workers?"), [InputRequired(NEEDED)])
    weekdays = Checkboxes(_l("On which weekdays can they come?"), coerce=int)
    shift_starts = TimeField(_l("Training starts"), [InputRequired(NEEDED)])
    shift_ends = TimeField(_l("Training ends"), [InputRequired(NEEDED)])
    break_minutes = Whole(_l("Break without training"), [Optional()], default=30)
    payer = RadioField(_l("Who pays?"), [InputRequired(CHOOSE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.weekdays, WEEKDAYS.items())
        choose_from(self.payer, PAYERS.items())

    def checks(self) -> Iterable[Callable[[], None]]:
        """Somebody comes, and the shift is one."""
        return (
            lambda: checks.check_headcount(self.headcount.data),
            lambda: checks.check_shift(
                self.weekdays.data or (),
                self.shift_starts.data,
                self.shift_ends.data,
                self.break_minutes.data or 0,
            ),
        )


class WhenForm(FlaskForm):
    """Step 4: one to three spans of days, the best first."""

    window_1_starts = DayField(_l("First day"), [InputRequired(NEEDED)])
    window_1_ends = DayField(_l("Last day"), [InputRequired(NEEDED)])
    window_2_starts = DayField(_l("First day"), [Optional()])
    window_2_ends = DayField(_l("Last day"), [Optional()])
    window_3_starts = DayField(_l("First day"), [Optional()])
    window_3_ends = DayField(_l("Last day"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """A span has both its days or neither."""
        sound = super().validate(extra_validators)
        for first, last in self.pairs()[1:]:
            for field, other in ((first, last), (last, first)):
                if field.data is None and other.data is not None and not field.errors:
                    field.errors = [_("Give both days, or neither.")]
                    sound = False
        return bool(sound)

    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each span."""
        return [(self[f"window_{number}_starts"], self[f"window_{number}_ends"]) for number in (1, 2, 3)]

    def windows(self) -> list[tuple[date, date]]:
        """The spans that were given, in their order."""
        return [(first.data, last.data) for first, last in self.pairs() if first.data and last.data]

    def fill(self, booking: BookingRequest) -> None:
        """Show the spans of a draft."""
        for (first, last), window in zip(self.pairs(), booking.windows, strict=False):
            first.data, last.data = window.starts_on, window.ends_on


class PlanForm(Versioned):
    """How a booking is to be placed."""

    lab = SelectField(_l("Lab"), [InputRequired(CHOOSE)], coerce=_id)
    trainers = Checkboxes(_l("Trainers"), coerce=_id)
    drivers = Checkboxes(_l("Drivers"), coerce=_id)
    first_on = DayField(_l("First day of training"), [InputRequired(NEEDED)])
    arrangement = RadioField(_l("Several cohorts"), default=Arrangement.ALTERNATING.value)
    delivery_mode = SelectField(_l("Counts as"), coerce=str)

    def offer(self, labs: Iterable[Any], people: Sequence[Any], *, on_employers_ground: bool) -> None:
        """Fill the lists of labs and people."""
        choose_from(self.lab, ((lab.id, lab.name) for lab in labs))
        choose_from(self.trainers, ((person.id, person.name) for person in people))
        choose_from(self.drivers, ((person.id, person.name) for person in people))
        choose_from(self.arrangement, ((key.value, label) for key, label in ARRANGEMENTS.items()))
        modes = [DeliveryMode.EMPLOYER_SITE] if on_employers_ground else list(DeliveryMode)[1:]
        choose_from(self.delivery_mode, ((mode.value, DELIVERY_MODES[mode]) for mode in modes))

    def validate_trainers(self, field: Any) -> None:
        """Somebody has to train."""
        if not field.data:
            raise StopValidation(_("Choose at least one trainer."))


class CrewForm(FlaskForm):
    """One more on the crew."""

    person = SelectField(_l("Person"), [InputRequired(CHOOSE)], coerce=_id)
    duty = SelectField(_l("As"), choices=[SelectChoice(duty.value, DUTIES[duty]) for duty in Duty])


class SessionForm(Versioned):
    """When one session is, on the clocks of its place."""

    day = DayField(_l("Day"), [InputRequired(NEEDED)])
    starts = TimeField(_l("Starts"), [InputRequired(NEEDED)])
    ends = TimeField(_l("Ends"), [InputRequired(NEEDED)])
    break_minutes = IntegerField(_l("Break"), [Optional()], default=0)

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """The two instants; an end before the start lies on the next day if that makes a night shift."""
        assert self.day.data
        assert self.starts.data
        assert self.ends.data
        starts_at = instant_at(self.day.data, self.starts.data, zone)
        ends_at = instant_at(self.day.data, self.ends.data, zone)
        if ends_at < starts_at and self.starts.data.hour >= 12:
            ends_at = instant_at(date.fromordinal(self.day.data.toordinal() + 1), self.ends.data, zone)
        return starts_at, ends_at


class NewSessionForm(SessionForm):
    """One more session: also whose, and with which lab."""

    deployment = SelectField(_l("Lab"), coerce=str)
    trainers = Checkboxes(_l("Trainers"), coerce=_id)


class CohortForm(FlaskForm):
    """A cohort without a lab's deployment, such as one on campus."""

    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=120, message=AT_MOST)])
    course = SelectField(_l("Course"), [InputRequired(CHOOSE)], coerce=_id)
    worksite = SelectField(_l("Place"), [InputRequired(CHOOSE)], coerce=_id)
    delivery_mode = SelectField(
        _l("Counts as"),
        choices=[
            SelectChoice(mode.value, DELIVERY_MODES[mode])
            for mode in (DeliveryMode.CAMPUS, DeliveryMode.RURAL_HUB)
        ],
    )
    seats = IntegerField(_l("Seats"), [InputRequired(NEEDED)])
    first_on = DayField(_l("First day"), [InputRequired(NEEDED)])
    weekdays = Checkboxes(_l("Weekdays"), coerce=int)
    shift_starts = TimeField(_l("Starts"), [InputRequired(NEEDED)])
    shift_ends = TimeField(_l("Ends"), [InputRequired(NEEDED)])
    break_minutes = IntegerField(_l("Break"), [Optional()], default=0)
    trainers = Checkboxes(_l("Trainers"), coerce=_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.weekdays, WEEKDAYS.items())
