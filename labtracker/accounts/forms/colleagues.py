"""What an employer types about somebody of its own who is to sign in."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from labtracker.accounts.forms.fields import LANGUAGES, choices, email_field, line_field
from labtracker.accounts.models import Organization
from labtracker.web.fields import Form


class ColleagueForm(Form):
    """Whom to invite. The employer is a choice only for who stands for several."""

    name = line_field(_l("Name"), _l("Enter a name."))
    email = email_field(_l("E-mail at work"))
    language = SelectField(_l("Language of the mail"), choices=LANGUAGES)
    organization_id = SelectField(
        _l("Organization"), validators=[DataRequired(_l("Choose one of the list."))]
    )

    def offer(self, organizations: Sequence[Organization]) -> ColleagueForm:
        """Give the list its employers; a single one needs no choosing."""
        if len(organizations) == 1:
            del self.organization_id
        else:
            named = [(str(one.id), one.name) for one in organizations]
            self.organization_id.choices = choices([("", _l("Choose")), *named])
        return self

    def chosen(self, organizations: Sequence[Organization]) -> Organization:
        """The employer for which the colleague is invited; the form has checked that it is among these."""
        if "organization_id" not in self:
            return organizations[0]
        return next(one for one in organizations if str(one.id) == self.organization_id.data)
