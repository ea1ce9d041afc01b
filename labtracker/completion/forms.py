"""The shapes of what is entered about completion."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange


class AssessmentForm(FlaskForm):
    """One attempt at the assessment."""

    enrollment = SelectField(_l("Worker"), coerce=str, validators=[InputRequired()])
    score = DecimalField(
        _l("Points of 100"),
        places=1,
        validators=[
            InputRequired(_l("Enter the points reached.")),
            NumberRange(0, 100, _l("Points go from 0 to 100.")),
        ],
    )


class SignOffForm(FlaskForm):
    """One skill shown by one worker."""

    enrollment = SelectField(_l("Worker"), coerce=str, validators=[InputRequired()])
    skill = SelectField(_l("Skill"), coerce=str, validators=[InputRequired()])


class OverrideForm(FlaskForm):
    """A coordinator's decision against the rule."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("complete", _l("Complete")),
            SelectChoice("incomplete", _l("Not complete")),
        ],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody who sees this completion sees the reason, for ever."),
        validators=[InputRequired(_l("Say why; the reason stays with this decision.")), Length(max=500)],
    )
