"""A session's sheet to sign by hand: chosen on a page, printed as PDF."""

from __future__ import annotations

from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.kit.time import utc_now
from labtracker.roster import queries
from labtracker.roster.drawing.sign_in_sheet import SheetRow, SheetWords, sign_in_sheet
from labtracker.roster.models import Enrollment
from labtracker.roster.rules import badges as rule
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.views.badges import address_of, badge_in_use
from labtracker.roster.views.blueprint import blueprint, cohort_shown
from labtracker.scheduling.models import Cohort, Session
from labtracker.web.display import clock_range, local_day
from labtracker.web.edge import load, load_all
from labtracker.web.language import language


@blueprint.get("/cohorts/<uuid:cohort_id>/sign-in-sheets")
@roles(Role.COORDINATOR, Role.TRAINER)
def sign_in_sheets(cohort_id: UUID) -> ResponseReturnValue:
    """A cohort's sessions, each with its sheet to print."""
    cohort = cohort_shown(cohort_id)
    return render_template(
        "roster/sign_in_sheets.html",
        cohort=cohort,
        sessions=load_all(queries.sessions_to_come(cohort, utc_now())),
        people=len(_rows_of(cohort)),
    )


@blueprint.get("/cohorts/<uuid:cohort_id>/sign-in-sheets/<uuid:session_id>.pdf")
@roles(Role.COORDINATOR, Role.TRAINER)
def sign_in_sheet_pdf(cohort_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """The sheet of one session as PDF."""
    cohort = cohort_shown(cohort_id)
    session = load(queries.sessions_held_or_planned(cohort).where(Session.id == session_id))
    document = sign_in_sheet(
        _rows_of(cohort), _words_of(cohort, session), language=language(), made_at=utc_now()
    )
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="sign-in-sheet.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _words_of(cohort: Cohort, session: Session) -> SheetWords:
    place, zone = session.worksite, session.worksite.zone
    clocks = clock_range(session.starts_at, session.ends_at, zone)
    return SheetWords(
        title=_("Sign-in sheet: %(cohort)s", cohort=cohort.name),
        when=f"{local_day(session.starts_at, zone).striptags()}, {clocks.striptags()}",
        where=f"{cohort.course.title_in(language())} · {place.name}, {place.city}",
        name=_("Name"),
        arrived=_("Arrived"),
        left=_("Left"),
        signature=_("Signature"),
        trainer=_("Trainer’s signature"),
        page=lambda number, last: _("Page %(number)s of %(all)s", number=number, all=last),
    )


def _rows_of(cohort: Cohort) -> list[SheetRow]:
    rows = load_all(
        queries.enrollments_visible_to(current_actor(), cohort).where(
            Enrollment.status == EnrollmentStatus.ENROLLED
        )
    )
    made = []
    for row in rows:
        badge = badge_in_use(row.worker.badges)
        code = rule.shown_code(rule.short_code(badge.badge_hash)) if badge else ""
        made.append(
            SheetRow(row.worker.name, row.worker.employer.name, code, address_of(badge) if badge else None)
        )
    return made
