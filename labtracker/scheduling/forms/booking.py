"""The shape of what an employer types to book a visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from labtracker.labs.rules.needs import Question
from labtracker.scheduling.forms.checklist import Answers
from labtracker.scheduling.forms.shared import CHOOSE, Checked, Whole
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.openings import Opening
from labtracker.scheduling.services import checks
from labtracker.scheduling.wording import PAYERS, WEEKDAYS
from labtracker.scheduling.wording.openings import opening_words
from labtracker.web.fields import AT_MOST, NEEDED, Checkboxes, DayField, Form, choose_from, to_id


class WhatForm(Form):
    """Step 1: the course."""

    course = RadioField(_l("Which course?"), [InputRequired(CHOOSE)], coerce=to_id)


class BeginForm(WhatForm):
    """The same at the very beginning, with the employer it is for where there is a choice."""

    # Who may book for one employer only is not asked: the view says which.
    employer = SelectField(_l("Employer"), [DataRequired(CHOOSE)], coerce=to_id)


class WhereForm(Answers, Checked):
    """Step 2: the place and what it offers; the site's checklist comes besides, once the course is known."""

    asked: Sequence[Question] = ()

    worksite = RadioField(_l("Where should the lab come to?"), [InputRequired(CHOOSE)], coerce=to_id)
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
    sessions_per_week = Whole(_l("Sessions a week at most"), [Optional()])
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
            lambda: checks.check_sessions_per_week(self.sessions_per_week.data, self.weekdays.data or ()),
        )


class WhenForm(Form):
    """Step 4: one to three spans of days, the best first; one may be chosen among those that are free."""

    opening = RadioField(_l("Days on which a lab is free now"), [Optional()], validate_choice=False)
    window_1_starts = DayField(_l("First day"), [Optional()])
    window_1_ends = DayField(_l("Last day"), [Optional()])
    window_2_starts = DayField(_l("First day"), [Optional()])
    window_2_ends = DayField(_l("Last day"), [Optional()])
    window_3_starts = DayField(_l("First day"), [Optional()])
    window_3_ends = DayField(_l("Last day"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """A span has both its days or neither, and there is one at least."""
        sound = super().validate(extra_validators)
        if self.opening.choices and self.opening.data is None and not self._typed():
            self.opening.errors = [_("Choose days from this list, or give other days below.")]
            sound = False
        elif self.chosen() is None:
            for field in self.pairs()[0]:
                if field.data is None and not field.errors:
                    field.errors = [NEEDED]
                    sound = False
        for first, last in self.pairs():
            for field, other in ((first, last), (last, first)):
                if field.data is None and other.data is not None and not field.errors:
                    field.errors = [_("Give both days, or neither.")]
                    sound = False
        return bool(sound)

    def _typed(self) -> bool:
        """Whether any day was typed, sound or not."""
        return any(field.data or field.errors for pair in self.pairs() for field in pair)

    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each span."""
        return [(self[f"window_{number}_starts"], self[f"window_{number}_ends"]) for number in (1, 2, 3)]

    def windows(self) -> list[tuple[date, date]]:
        """The spans that were given, in their order; one that was chosen comes first."""
        typed = [(first.data, last.data) for first, last in self.pairs() if first.data and last.data]
        chosen = self.chosen()
        return [chosen, *(span for span in typed if span != chosen)][:3] if chosen else typed

    def offer(self, openings: Sequence[Opening]) -> None:
        """Fill the list of days that are free, and let other days be typed."""
        choices: list[tuple[str, Any]] = [(_key(one), opening_words(one)) for one in openings]
        choose_from(self.opening, [*choices, ("", _l("Other days, given below"))] if choices else [])

    def chosen(self) -> tuple[date, date] | None:
        """The span that was chosen from the list, if one was."""
        first, _slash, last = (self.opening.data or "").partition("/")
        try:
            return date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            return None

    def fill(self, booking: BookingRequest) -> None:
        """Show the spans of a draft."""
        spans = [(window.starts_on, window.ends_on) for window in booking.windows]
        offered = {choice.value for choice in self.opening.choices or ()}
        if spans and f"{spans[0][0]}/{spans[0][1]}" in offered:
            self.opening.data = f"{spans[0][0]}/{spans[0][1]}"
            spans = spans[1:]
        elif spans:
            self.opening.data = ""
        for (first, last), span in zip(self.pairs(), spans, strict=False):
            first.data, last.data = span


def _key(opening: Opening) -> str:
    return f"{opening.first_on}/{opening.last_on}"
