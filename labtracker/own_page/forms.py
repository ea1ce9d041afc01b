"""Forms of the worker's own page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from labtracker.own_page.services.writing import LONGEST
from labtracker.web.fields import AT_MOST, Form, text


class AskForm(Form):
    """Where the worker can be reached."""

    contact = text(
        _l("Your e-mail address or mobile number"),
        254,
        needed=True,
        description=_l("The one that your employer put on the list."),
    )


class OpenForm(Form):
    """Nothing but the press of a button, so that no mail scanner can spend a link."""

    on_own_phone = BooleanField(
        _l("This is my own phone"),
        description=_l("Keep the page open here for 30 days. Otherwise it closes after an hour."),
    )


class ReleaseForm(Form):
    """Yes or no, neither of them chosen before."""

    answer = RadioField(
        _l("Your answer"),
        choices=[
            SelectChoice("yes", _l("Yes, my employer may see it")),
            SelectChoice("no", _l("No, keep it from my employer")),
        ],
        validators=[InputRequired(_l("Choose yes or no."))],
    )


class WordForm(Form):
    """What a worker has to say."""

    text = TextAreaField(
        _l("What is wrong?"),
        validators=[
            InputRequired(_l("Write what is wrong.")),
            Length(max=LONGEST, message=AT_MOST),
        ],
        description=_l("For example: I came at 6:00, not at 7:10. My badge was forgotten at home."),
    )
