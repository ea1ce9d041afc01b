"""Fields that forms of several slices share."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField

from labtracker.kit.time import is_near


class DayField(DateField):
    """A calendar day that can be meant: years such as 0001 and 9999 are slips that no reckoning bears."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed; refuse what is no day, and a day that is centuries away."""
        super().process_formdata(valuelist)
        if self.data is not None and not is_near(self.data):
            self.data = None
            raise ValueError(_("Choose a day between the years 1900 and 2199."))
