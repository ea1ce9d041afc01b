"""One form for several workers: everybody was there until three."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from labtracker.accounts.access import current_actor, roles
from labtracker.checkin.forms import SeveralForm
from labtracker.checkin.queries import pages
from labtracker.checkin.services.correcting_many import Corrected, correct_several
from labtracker.checkin.views.attendance import STAFF, load_session
from labtracker.checkin.views.client import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local, utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session
from labtracker.web.display import clock
from labtracker.web.edge import commit
from labtracker.web.forms import refuse


@blueprint.route("/sessions/<uuid:session_id>/attendance/corrections", methods=["GET", "POST"])
@roles(*STAFF)
def correct_many(session_id: UUID) -> ResponseReturnValue:
    """Record an arrival, a leaving or an excuse for several workers of a session at once."""
    session = load_session(session_id)
    lines = pages.lines_of(session)
    form = _form_for(session, lines)
    if form.validate_on_submit():
        chosen = set(form.workers.data or ())
        try:
            corrected = correct_several(
                session,
                [line.enrollment for line in lines if str(line.enrollment.id) in chosen],
                kind=form.kind.data,
                at=form.at(session.worksite.zone),
                reason=form.reason.data or "",
                replaces=form.replaces.data,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            db.session.rollback()
            refuse(form, error)
        else:
            commit()
            _say(corrected)
            return redirect(url_for("checkin.attendance", session_id=session.id), 303)
    page = render_template(
        "checkin/correcting_many.html", form=form, session=session, zone=session.worksite.zone
    )
    return page, 422 if form.is_submitted() else 200


def _form_for(session: Session, lines: list[pages.Line]) -> SeveralForm:
    form = SeveralForm()
    zone = session.worksite.zone
    form.workers.choices = [SelectChoice(str(line.enrollment.id), _told(line, zone)) for line in lines]
    if not form.is_submitted():
        came = [line for line in lines if line.attendance and line.attendance.status == "present"]
        form.workers.data = [str(line.enrollment.id) for line in came]
        form.day.data = local(session.starts_at, zone).date()
        form.clock.data = local(session.ends_at, zone).time()
    return form


def _told(line: pages.Line, zone: str) -> str:
    """A worker by name, with what is recorded."""
    found: Any = line.attendance
    if found is None or found.first_in_at is None:
        return _("%(name)s (not in)", name=line.enrollment.worker.name)
    came = clock(local(found.first_in_at, zone).time())
    if found.last_out_at is None:
        return _("%(name)s (came %(came)s, not left)", name=line.enrollment.worker.name, came=came)
    left = clock(local(found.last_out_at, zone).time())
    return _("%(name)s (%(came)s to %(left)s)", name=line.enrollment.worker.name, came=came, left=left)


def _say(corrected: Corrected) -> None:
    count = len(corrected.recorded)
    flash(ngettext("Recorded for one worker.", "Recorded for %(num)s workers.", count))
    if corrected.kept:
        flash(
            _("Nothing was changed for %(names)s: something else is recorded.", names=_names(corrected.kept))
        )


def _names(enrollments: list[Enrollment]) -> str:
    return ", ".join(one.worker.name for one in enrollments)
