"""The shape of what a coordinator types to plan visits, crews, sessions and cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from labtracker.kit.time import instant_at
from labtracker.scheduling.forms.shared import CHOOSE, trim
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import DeliveryMode, Duty
from labtracker.scheduling.wording import ARRANGEMENTS, DELIVERY_MODES, DUTIES, WEEKDAYS
from labtracker.web.fields import AT_MOST, NEEDED, Checkboxes, DayField, Form, Versioned, choose_from, to_id


class MoveForm(Versioned):
    """Where something is to lie: with which lab and trainers, from which day on."""

    lab = SelectField(_l("Lab"), [InputRequired(CHOOSE)], coerce=to_id)
    first_on = DayField(_l("First day of training"), [InputRequired(NEEDED)])
    trainers = Checkboxes(_l("Trainers"), coerce=to_id)

    def offer_places(self, labs: Iterable[Any], people: Sequence[Any]) -> None:
        """Fill the lists of labs and trainers."""
        choose_from(self.lab, ((lab.id, lab.name) for lab in labs))
        choose_from(self.trainers, ((person.id, person.name) for person in people))

    def validate_trainers(self, field: Any) -> None:
        """Somebody has to train."""
        if not field.data:
            raise StopValidation(_("Choose at least one trainer."))


class PlanForm(MoveForm):
    """How a booking is to be placed."""

    vehicle = SelectField(_l("Tow vehicle"), coerce=str, default="")
    vehicle_stays = BooleanField(
        _l("The vehicle stays with the lab"),
        description=_l("Otherwise it is free for other labs while this one stands there."),
    )
    drivers = Checkboxes(_l("Drivers"), coerce=to_id)
    arrangement = RadioField(_l("Several cohorts"), default=Arrangement.ALTERNATING.value)
    delivery_mode = SelectField(_l("Counts as"), coerce=str)

    def offer(
        self,
        labs: Iterable[Any],
        people: Sequence[Any],
        vehicles: Iterable[Any],
        *,
        on_employers_ground: bool,
    ) -> None:
        """Fill the lists of labs, vehicles and people."""
        self.offer_places(labs, people)
        choose_from(self.vehicle, [("", _("None yet")), *((str(one.id), one.name) for one in vehicles)])
        choose_from(self.drivers, ((person.id, person.name) for person in people))
        choose_from(self.arrangement, ((key.value, label) for key, label in ARRANGEMENTS.items()))
        modes = [DeliveryMode.EMPLOYER_SITE] if on_employers_ground else list(DeliveryMode)[1:]
        choose_from(self.delivery_mode, ((mode.value, DELIVERY_MODES[mode]) for mode in modes))


class CrewForm(Versioned):
    """One more on the crew."""

    person = SelectField(_l("Person"), [InputRequired(CHOOSE)], coerce=to_id)
    duty = SelectField(_l("As"), choices=[SelectChoice(duty.value, DUTIES[duty]) for duty in Duty])


class CallOffForm(Versioned):
    """A day on which nothing takes place, and why."""

    day = SelectField(_l("Which day?"), [InputRequired(CHOOSE)], coerce=str)
    reason = TextAreaField(
        _l("Why?"), [Length(max=300, message=AT_MOST)], filters=[trim], id="calling-off-reason"
    )


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
    trainers = Checkboxes(_l("Trainers"), coerce=to_id)


class InitialsForm(Versioned):
    """Whether whoever comes in by badge is asked for their initials."""

    asks = BooleanField(
        _l("Ask for initials at check-in"),
        description=_l(
            "Whoever comes in by badge types two to four letters on the phone. The check-in counts without "
            "them too; letters that do not fit are listed under Worth a look."
        ),
    )


class CohortForm(Form):
    """A cohort without a lab's deployment, such as one on campus."""

    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=120, message=AT_MOST)])
    course = SelectField(_l("Course"), [InputRequired(CHOOSE)], coerce=to_id)
    worksite = SelectField(_l("Place"), [InputRequired(CHOOSE)], coerce=to_id)
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
    trainers = Checkboxes(_l("Trainers"), coerce=to_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.weekdays, WEEKDAYS.items())
