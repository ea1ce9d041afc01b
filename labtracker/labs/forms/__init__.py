"""The shape of what people say of labs, courses and worksites, typed into pages or read from a CSV file."""

from __future__ import annotations

from labtracker.labs.forms.courses import CourseForm, ImportForm, typed_of
from labtracker.labs.forms.fields import fill, plain
from labtracker.labs.forms.labs import LabForm
from labtracker.labs.forms.needs import needs_as_typed
from labtracker.labs.forms.worksites import BlackoutForm, RuralityForm, WorksiteForm

__all__ = [
    "BlackoutForm",
    "CourseForm",
    "ImportForm",
    "LabForm",
    "RuralityForm",
    "WorksiteForm",
    "fill",
    "needs_as_typed",
    "plain",
    "typed_of",
]
