"""The filters as a form, for who would rather choose than follow links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, SelectField
from wtforms.fields.choices import SelectChoice

from labtracker.reports.rules import Dimension

CHOSEN = (
    Dimension.MODE,
    Dimension.COURSE,
    Dimension.COUNTY,
    Dimension.EMPLOYER,
    Dimension.LAB,
    Dimension.SHIFT,
    Dimension.RURAL,
    Dimension.MONTH,
)


class FilterForm(Form):
    """Sent by GET, so that what was chosen stands in the address; fields left empty filter nothing."""

    since = DateField(_l("From"))
    until = DateField(_l("Until"))
    mode = SelectField(_l("Place of delivery"))
    course = SelectField(_l("Course"))
    county = SelectField(_l("County"))
    employer = SelectField(_l("Employer"))
    lab = SelectField(_l("Lab"))
    shift = SelectField(_l("Shift"))
    rural = SelectField(_l("Rural or not"))
    month = SelectField(_l("Month"))


def filter_form(filters: Any, choices: Mapping[Dimension, Mapping[str, str]]) -> FilterForm:
    """The form as the view stands; ``choices`` are the values that occur, with their names."""
    form = FilterForm(obj=filters)
    for dimension in CHOSEN:
        field = form[dimension.value]
        named = dict(choices[dimension])
        if field.data:
            named.setdefault(field.data, field.data)
        field.choices = [
            SelectChoice("", _l("All")),
            *(SelectChoice(value, name) for value, name in named.items()),
        ]
        field.data = field.data or ""
    return form
