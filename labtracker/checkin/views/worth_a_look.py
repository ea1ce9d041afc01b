"""The coordinator's list of check-ins that look odd: what is so about each, and that somebody looked."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.checkin import forms
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.queries.worth_a_look import Noticed, lately, noticed
from labtracker.checkin.services.reviewing import review_flag
from labtracker.checkin.views.client import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Cohort, Session
from labtracker.scheduling.queries import cohorts_visible_to, sessions_visible_to
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of_rows

PER_PAGE = 20
SETTLE, REOPEN = "settle", "reopen"


@blueprint.get("/worth-a-look")
@roles(Role.COORDINATOR)
def worth_a_look() -> ResponseReturnValue:
    """Check-ins that look odd, open or looked at; of the last weeks, or of one cohort or session."""
    shown = request.args.get("list", "open")
    if shown not in ("open", "settled"):
        abort(404)
    session_id, cohort_id = _asked("session"), _asked("cohort")
    actor = current_actor()
    session = load(sessions_visible_to(actor).where(Session.id == session_id)) if session_id else None
    cohort = load(cohorts_visible_to(actor).where(Cohort.id == cohort_id)) if cohort_id else None
    if session is not None and cohort is not None and session.cohort_id != cohort.id:
        session = None  # another cohort was chosen since
    return _page(session, cohort or (session.cohort if session else None), settled=shown == "settled")


def _asked(name: str) -> UUID | None:
    """The id that the address asks for, if any; 404 where it is none."""
    told = request.args.get(name, "")
    try:
        return UUID(told) if told else None
    except ValueError:
        abort(404)


def _page(
    session: Session | None,
    cohort: Cohort | None,
    *,
    settled: bool,
    refused: tuple[str, forms.DecisionForm] | None = None,
) -> str:
    found = noticed(flags_in(_sessions(session, cohort)))
    rows = [row for row in found if row.is_settled == settled]
    open_count = sum(not row.is_settled for row in found)
    tabs = {"open": _("To look at (%(count)s)", count=open_count), "settled": _("Looked at")}
    return render_template(
        "checkin/worth_a_look.html",
        page=page_of_rows(rows, PER_PAGE),
        settled=settled,
        cohort=cohort,
        session=session,
        cohorts=_cohorts_in(found, cohort),
        sessions=_sessions_in(found, cohort, session) if cohort else [],
        refused=refused,
        fresh=forms.DecisionForm(formdata=None),
        verdict=REOPEN if settled else SETTLE,
        tabs=[
            {
                "label": label,
                "url": url_for(
                    "checkin.worth_a_look",
                    list=key,
                    cohort=cohort.id if cohort else None,
                    session=session.id if session else None,
                ),
                "current": settled == (key == "settled"),
            }
            for key, label in tabs.items()
        ],
    )


def _sessions(session: Session | None, cohort: Cohort | None) -> list[Session]:
    visible = sessions_visible_to(current_actor())
    if session is not None:
        return [session]
    if cohort is not None:
        return load_all(visible.where(Session.cohort_id == cohort.id))
    return load_all(lately(visible, utc_now()))


def _cohorts_in(found: list[Noticed], chosen: Cohort | None) -> list[Cohort]:
    """The cohorts to choose from: those in which there is something, and the one that was chosen."""
    cohorts = {spot.session.cohort for row in found for spot in (row.first, row.second)}
    return sorted(cohorts | ({chosen} if chosen else set()), key=lambda one: (one.name, str(one.id)))


def _sessions_in(found: list[Noticed], cohort: Cohort, chosen: Session | None) -> list[Session]:
    spots = (spot.session for row in found for spot in (row.first, row.second))
    sessions = {one for one in spots if one.cohort_id == cohort.id} | ({chosen} if chosen else set())
    return sorted(sessions, key=lambda one: (one.starts_at, str(one.id)))


@blueprint.post("/worth-a-look/<uuid:session_id>/<flag_key>/reviews")
@roles(Role.COORDINATOR)
def review(session_id: UUID, flag_key: str) -> ResponseReturnValue:
    """Say that something was looked at and is all right, or that it is worth a look again."""
    visible = sessions_visible_to(current_actor()).where(Session.id == session_id)
    session = load(visible.options(joinedload(Session.cohort)))
    form = forms.DecisionForm()
    if form.kind.data not in (SETTLE, REOPEN):
        abort(404)
    settled = form.kind.data == SETTLE
    form.reason.id = f"reason-{flag_key}"
    if not form.validate():
        return _page(session, session.cohort, settled=not settled, refused=(flag_key, form)), 422
    try:
        review_flag(
            session,
            flag_key,
            settled=settled,
            reason=form.reason.data or "",
            seen=form.last_seen(),
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        if error.code == "flag_gone":
            raise
        db.session.rollback()
        refuse(form, error)
        shown = _page(session, session.cohort, settled=not settled, refused=(flag_key, form))
        return shown, error.form_status
    commit()
    flash(_("Kept, with your reason. No record was changed.") if settled else _("It is on the list again."))
    return redirect(url_for("checkin.worth_a_look"), 303)
