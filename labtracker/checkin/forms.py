"""The shape of corrections."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from labtracker.kit.time import instant_at
from labtracker.web.fields import AT_MOST, NEEDED, DayField, Form, version_in


class ReasonForm(Form):
    """Why something is taken back or opened again."""

    reason = TextAreaField(_l("Why?"), [Length(max=500, message=AT_MOST)])


class TimeForm(ReasonForm):
    """When something was, on the clocks of the place."""

    day = DayField(_l("Day"), [InputRequired(NEEDED)])
    clock = TimeField(_l("Time"), [InputRequired(NEEDED)])

    def at(self, zone: str) -> datetime:
        """The instant that was meant."""
        assert self.day.data is not None
        assert self.clock.data is not None
        return instant_at(self.day.data, self.clock.data, zone)


class CorrectionForm(TimeForm):
    """What happened to one worker, and when."""

    kind = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened."))],
        choices=[
            SelectChoice("check_in", _l("Arrived")),
            SelectChoice("check_out", _l("Left")),
            SelectChoice("excuse", _l("Excused")),
        ],
    )


class SeveralForm(TimeForm):
    """What happened to several workers of one session, and when."""

    workers = SelectMultipleField(
        _l("Who?"),
        [InputRequired(_l("Choose whom it concerns."))],
        coerce=str,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    kind = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened."))],
        choices=[
            SelectChoice("check_out", _l("They left at")),
            SelectChoice("check_in", _l("They arrived at")),
            SelectChoice("excuse", _l("They are excused")),
        ],
        default="check_out",
    )
    replaces = BooleanField(
        _l("Also where something else is recorded"),
        description=_l("What is recorded is taken back then, with the same reason. Otherwise it stays."),
    )


class DecisionForm(ReasonForm):
    """What becomes of a frame or a flag, and why; ``seen`` is the last decision that was on the page."""

    kind = HiddenField()
    seen = HiddenField(default="0")

    def last_seen(self) -> int:
        """The number of the decision that was on the page, 0 for none."""
        return version_in(self.seen.data or "") or 0


class AssignmentForm(DecisionForm):
    """To which session, and to whom, a frame belongs."""

    session = HiddenField()
    enrollment = SelectField(_l("Whose is it?"), [Optional()], coerce=str)


class TogetherForm(ReasonForm):
    """What becomes of many frames at once, and of which."""

    scope = RadioField(_l("Which ones?"), [InputRequired(_l("Choose which ones."))])
    kind = RadioField(_l("What becomes of them?"), [InputRequired(_l("Choose what becomes of them."))])
