"""The shapes of what is entered about completion."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from labtracker.web.fields import Form


class PointsField(DecimalField):
    """Points as people write them, with a point or a comma; what else is typed stays and is explained."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed, as the phones do."""
        if valuelist and valuelist[0].strip():
            typed = valuelist[0].strip()
            if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,2})?", typed):
                self.data = None
                raise ValueError(_("Write points as a number from 0 to 100, such as 78 or 78.5."))
            self.data = Decimal(typed.replace(",", "."))


class AssessmentForm(Form):
    """One attempt at the assessment."""

    enrollment = SelectField(_l("Worker"), coerce=str, validators=[InputRequired()])
    score = PointsField(
        _l("Points of 100"),
        places=None,
        validators=[
            InputRequired(_l("Enter the points reached.")),
            NumberRange(0, 100, _l("Points go from 0 to 100.")),
        ],
    )


class SignOffForm(Form):
    """One skill shown by one worker."""

    enrollment = SelectField(_l("Worker"), coerce=str, validators=[InputRequired()])
    skill = SelectField(_l("Skill"), coerce=str, validators=[InputRequired()])
    level = SelectField(_l("Level"), coerce=str, default="")

    @property
    def level_shown(self) -> int | None:
        """The level that was chosen, if any was."""
        return int(self.level.data) if self.level.data else None


class ReasonForm(Form):
    """Why something is taken back."""

    reason = TextAreaField(
        _l("Reason"), validators=[InputRequired(_l("Say why; the reason stays on record.")), Length(max=500)]
    )


class OverrideForm(Form):
    """A coordinator's decision against the rule."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("complete", _l("Complete")),
            SelectChoice("incomplete", _l("Not complete")),
            SelectChoice("rule", _l("As the rule says")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody who sees this completion sees the reason, for ever."),
        validators=[InputRequired(_l("Say why; the reason stays with this decision.")), Length(max=500)],
    )
