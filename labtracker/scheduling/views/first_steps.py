"""What this slice adds to an office's first day: a first booking."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from labtracker.extensions import db
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules import BookingStatus
from labtracker.web.checklist import Step


def _has_bookings() -> bool:
    sent = sa.select(BookingRequest.id).where(BookingRequest.status != str(BookingStatus.DRAFT))
    return db.session.execute(sent.limit(1)).first() is not None


FIRST_STEPS = (
    Step(
        label=_l("Take the first booking"),
        hint=_l("An employer books a visit in four steps. You find it among the bookings and plan it."),
        endpoint="scheduling.bookings",
        is_done=_has_bookings,
        order=50,
    ),
)
