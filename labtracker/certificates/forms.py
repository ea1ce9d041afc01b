"""What is typed about certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from labtracker.certificates.services.awarding import LONGEST_REASON
from labtracker.web.fields import AT_MOST, Form


class ReasonForm(Form):
    """Why a certificate is revoked or replaced."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("Stays on record for the office. The public page does not show it."),
        validators=[
            InputRequired(_l("Say why; the reason stays on record.")),
            Length(max=LONGEST_REASON, message=AT_MOST),
        ],
    )
