"""What this slice adds to an office's first day: labs and courses."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from labtracker.extensions import db
from labtracker.labs.models import Course, Lab
from labtracker.web.checklist import Step


def _has_labs() -> bool:
    return db.session.execute(sa.select(Lab.id).limit(1)).first() is not None


def _has_courses() -> bool:
    return db.session.execute(sa.select(Course.id).limit(1)).first() is not None


FIRST_STEPS = (
    Step(
        label=_l("Add your courses"),
        hint=_l("Contact hours, skills, what it takes to complete. A list can be imported, with a dry run."),
        endpoint="labs.courses",
        is_done=_has_courses,
        order=20,
    ),
    Step(
        label=_l("Add your labs"),
        hint=_l("Their seats, size and power, and the courses they host. This list can be imported, too."),
        endpoint="labs.labs",
        is_done=_has_labs,
        order=30,
    ),
)
