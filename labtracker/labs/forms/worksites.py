"""The shape of what somebody says of a worksite."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from labtracker.labs.forms.fields import lines, zip_code
from labtracker.labs.rules import WorksiteDetails
from labtracker.web.fields import NEEDED, DayField, Form, Versioned, text, to_id, whole

# As pages send a time, and as a stored one reads in a list.
CLOCKS = ["%H:%M", "%H:%M:%S"]


class WorksiteForm(Versioned):
    """A worksite: whose, where, whom to call, what it offers."""

    organization_id = SelectField(_l("Organization"), coerce=to_id)
    name = text(
        _l("Name of the place"), 120, needed=True, description=_l("As people there call it: North gate lot.")
    )
    address = text(_l("Street address"), 160, needed=True)
    zip = zip_code(_l("ZIP code"), description=_l("It gives county, coordinates and time zone."))
    city = text(_l("City"), 80, description=_l("Left empty, the ZIP code gives it."))
    contact_name = text(_l("Contact at the site"), 120)
    contact_phone = text(_l("Phone of the contact"), 20)
    pad_length_ft = whole(_l("Length of level ground for the lab, feet"), 0, 1000)
    power_kw = whole(_l("Power it can give, kilowatts"), 0, 10000)
    gate_opens = TimeField(
        _l("Gate opens"),
        [Optional()],
        format=CLOCKS,
        description=_l("The lab arrives while the gate is open."),
    )
    gate_closes = TimeField(_l("Gate closes"), [Optional()], format=CLOCKS)
    notes = lines(_l("Notes"), description=_l("Protective gear, escort, where to turn."))

    def details(self) -> WorksiteDetails:
        """What was said, for the service."""
        return WorksiteDetails(
            organization_id=self.organization_id.data,
            name=self.name.data or "",
            address=self.address.data or "",
            zip=(self.zip.data or "")[:5],
            city=self.city.data or "",
            contact_name=self.contact_name.data or None,
            contact_phone=self.contact_phone.data or None,
            pad_length_ft=self.pad_length_ft.data,
            power_kw=self.power_kw.data,
            gate_opens=self.gate_opens.data,
            gate_closes=self.gate_closes.data,
            notes=self.notes.data or None,
        )


class BlackoutForm(Form):
    """Days on which a worksite takes nobody in."""

    starts_on = DayField(_l("First day"), [InputRequired(NEEDED)])
    ends_on = DayField(_l("Last day"), [InputRequired(NEEDED)])
    reason = text(
        _l("Why?"),
        120,
        needed=True,
        description=_l("For example: shutdown, harvest, inventory."),
        id="closing-reason",
    )


class RuralityForm(Form):
    """A decision about rurality against the county's code."""

    is_rural = SelectField(
        _l("Count it as"), choices=[SelectChoice("yes", _l("rural")), SelectChoice("no", _l("not rural"))]
    )
    reason = text(
        _l("Why?"),
        300,
        needed=True,
        description=_l("It stays beside the answer, with your name and the date."),
    )
