"""The shape of what a coordinator says of a lab."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from labtracker.labs.forms.fields import decimal, lines, zip_code
from labtracker.labs.forms.needs import NeedsForm
from labtracker.labs.rules import LabDetails
from labtracker.web.fields import Checkboxes, text, to_id, whole


class LabForm(NeedsForm):
    """A lab: its name and seats, where it stands, how big it is, what it needs, what it can host."""

    name = text(_l("Name"), 80, needed=True)
    seats = whole(_l("Seats"), 1, 60, needed=True, description=_l("Workers it can train at one time."))
    home_zip = zip_code(_l("ZIP code of its home base"))
    home_city = text(_l("City of its home base"), 80, description=_l("Left empty, the ZIP code gives it."))
    length_ft = whole(_l("Length, feet"), 10, 120)
    height_ft = decimal(_l("Height, feet"), "5", "20")
    weight_lb = whole(_l("Weight, pounds"), 1000, 120000)
    power_kw = whole(_l("Power it needs, kilowatts"), 0, 1000)
    has_generator = BooleanField(_l("Brings its own generator"))
    needs_water = BooleanField(_l("Needs a water connection"))
    ground = text(_l("Ground it needs"), 200, description=_l("For example: level gravel, 80 by 20 feet."))
    setup_hours = decimal(_l("Hours to set up"), "0", "72", needed=True, default=Decimal(4))
    teardown_hours = decimal(_l("Hours to take down"), "0", "72", needed=True, default=Decimal(4))
    mph = whole(_l("Speed on the road, miles per hour"), 20, 80, needed=True, default=50)
    courses = Checkboxes(_l("Courses it can host"), coerce=to_id)
    notes = lines(_l("Notes"))

    def details(self) -> LabDetails:
        """What was said, for the service."""
        return LabDetails(
            name=self.name.data or "",
            seats=self.seats.data or 0,
            home_zip=(self.home_zip.data or "")[:5],
            home_city=self.home_city.data or "",
            length_ft=self.length_ft.data,
            height_ft=self.height_ft.data,
            weight_lb=self.weight_lb.data,
            power_kw=self.power_kw.data,
            has_generator=self.has_generator.data,
            needs_water=self.needs_water.data,
            ground=self.ground.data or None,
            needs=self.needs(),
            setup_hours=self.setup_hours.data or Decimal(0),
            teardown_hours=self.teardown_hours.data or Decimal(0),
            mph=self.mph.data or 0,
            notes=self.notes.data or None,
            course_ids=frozenset(self.courses.data or ()),
        )
