"""The coordinator's screen of what waits: frames that were set aside, and records that are nobody's."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.checkin import forms
from labtracker.checkin.models import InboxFrame
from labtracker.checkin.queries import decisions_on, quarantine
from labtracker.checkin.rules.decisions import ASSIGN, possible_decisions
from labtracker.checkin.services import deciding
from labtracker.checkin.views.client import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session
from labtracker.scheduling.queries import sessions_visible_to
from labtracker.web.edge import commit, count_of, load, load_all
from labtracker.web.forms import refuse
from labtracker.web.pagination import Page, page_of

LISTS = {"aside": quarantine.set_aside, "nobodys": quarantine.nobodys, "decided": quarantine.decided}
HEX_SHOWN = 2048


def waiting_count() -> int:
    """How many frames wait for a look."""
    return count_of(quarantine.set_aside()) + count_of(quarantine.nobodys())


@blueprint.get("/quarantine")
@roles(Role.COORDINATOR)
def quarantined() -> ResponseReturnValue:
    """What was set aside, what is nobody's, or what was decided already."""
    shown = request.args.get("list", "aside")
    if shown not in LISTS:
        abort(404)
    page = page_of(LISTS[shown]())
    labels = {
        "aside": _("Set aside (%(count)s)", count=count_of(quarantine.set_aside())),
        "nobodys": _("Nobody’s (%(count)s)", count=count_of(quarantine.nobodys())),
        "decided": _("Decided already"),
    }
    return render_template(
        "checkin/quarantine.html",
        page=Page(quarantine.entries_of(page.rows), page.number, page.total, page.per_page),
        shown=shown,
        tabs=[
            {"label": label, "url": url_for("checkin.quarantined", list=key), "current": key == shown}
            for key, label in labels.items()
        ],
    )


def load_frames(numbers: Collection[int]) -> dict[int, InboxFrame]:
    """Frames that were set aside, are nobody's, or were decided about; any other is not for these screens."""
    found = {
        frame.id: frame
        for wanted in LISTS.values()
        for frame in load_all(wanted().where(InboxFrame.id.in_(numbers)))
    }
    if {*found} != {*numbers}:
        abort(404)
    return found


def _load_frame(frame_id: int) -> InboxFrame:
    return load_frames({frame_id})[frame_id]


@blueprint.get("/quarantine/<int:frame_id>")
@roles(Role.COORDINATOR)
def quarantined_frame(frame_id: int) -> ResponseReturnValue:
    """One frame: what it says, what was decided, what can be."""
    return _page(_load_frame(frame_id))


def _page(frame: InboxFrame, refused: forms.DecisionForm | None = None) -> str:
    entry = quarantine.entries_of([frame])[0]
    held = decisions_on({(frame.hash, frame.damaged)}).get((frame.hash, frame.damaged))
    possible = possible_decisions(
        frame.verdict, frame.code, held.kind if held else None, readable=entry.reads is not None
    )
    log = quarantine.decision_log(frame)
    nearby = load_all(quarantine.sessions_near(entry, sessions_visible_to(current_actor())))
    session = _session_shown(entry, nearby, refused)
    fresh = {kind: forms.DecisionForm(formdata=None, kind=kind) for kind in possible if kind != ASSIGN}
    if ASSIGN in possible:
        fresh[ASSIGN] = _assignment(session)
    for kind, form in fresh.items():
        form.seen.data = str(log[0][0].id if log else 0)
        form.reason.id = f"reason-{kind}"
    if refused is not None and refused.kind.data in fresh:
        refused.reason.id = f"reason-{refused.kind.data}"
        fresh[refused.kind.data] = refused
    return render_template(
        "checkin/quarantined_frame.html",
        entry=entry,
        log=log,
        fresh=fresh,
        refused=refused,
        nearby=nearby,
        session=session,
        choosing="session" in request.args,
        hex=bytes(frame.raw[:HEX_SHOWN]).hex(" "),
        cut=len(frame.raw) > HEX_SHOWN,
    )


def _session_shown(
    entry: quarantine.Entry, nearby: list[Session], refused: forms.DecisionForm | None
) -> Session | None:
    """The session whose people can be chosen: the one asked for, or the one that the record names."""
    asked = request.args.get("session")
    if asked is None and isinstance(refused, forms.AssignmentForm):
        asked = refused.session.data
    if not asked:
        return entry.session
    return next((one for one in nearby if str(one.id) == asked), None)


def _assignment(session: Session | None, *, sent: bool = False) -> forms.AssignmentForm:
    form = forms.AssignmentForm() if sent else forms.AssignmentForm(formdata=None, kind=ASSIGN)
    if not sent:
        form.session.data = str(session.id) if session else ""
    roster = load_all(quarantine.enrollments_of(session)) if session else []
    form.enrollment.choices = [("", _("Whoever the record names"))]
    form.enrollment.choices += [(str(one.id), one.worker.name) for one in roster]
    return form


@blueprint.get("/quarantine/<int:frame_id>/frame")
@roles(Role.COORDINATOR)
def raw_frame(frame_id: int) -> ResponseReturnValue:
    """The bytes exactly as they came."""
    frame = _load_frame(frame_id)
    return Response(
        bytes(frame.raw),
        mimetype="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="frame-{frame.id}.bin"',
            "Cache-Control": "no-store",
        },
    )


@blueprint.post("/quarantine/<int:frame_id>/decisions")
@roles(Role.COORDINATOR)
def decide(frame_id: int) -> ResponseReturnValue:
    """Decide about one frame."""
    frame = _load_frame(frame_id)
    session = enrollment = None
    if request.form.get("kind") == ASSIGN:
        session = _session_of(request.form.get("session", ""))
        form: forms.DecisionForm = _assignment(session, sent=True)
    else:
        form = forms.DecisionForm()
    if not form.validate():
        return _page(frame, form), 422
    if isinstance(form, forms.AssignmentForm) and session is not None and form.enrollment.data:
        wanted = quarantine.enrollments_of(session).where(Enrollment.id == UUID(form.enrollment.data))
        enrollment = load(wanted)
    try:
        deciding.decide(
            frame,
            kind=form.kind.data or "",
            reason=form.reason.data or "",
            actor=current_actor(),
            now=utc_now(),
            session=session,
            enrollment=enrollment,
            seen=form.last_seen(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _page(frame, form), error.form_status
    commit()
    flash(_("Decided. What follows from it is worked out."))
    return redirect(url_for("checkin.quarantined"), 303)


def _session_of(asked: str) -> Session | None:
    """The session that was chosen; none if nothing was, 404 if it is nobody's to choose."""
    if not asked:
        return None
    try:
        session_id = UUID(asked)
    except ValueError:
        abort(404)
    return load(sessions_visible_to(current_actor()).where(Session.id == session_id))
